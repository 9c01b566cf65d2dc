using TiFerry.MySql;
using TiFerry.Schema.Charsets;

namespace TiFerry.Schema.Tests.Charsets;

public class CollationMappingTests
{
    private static readonly string[] TiDbNames =
        ["ascii_bin", "binary", "gbk_bin", "gbk_chinese_ci", "latin1_bin", "utf8_bin", "utf8_general_ci", "utf8_unicode_ci", "utf8mb4_0900_ai_ci", "utf8mb4_0900_bin", "utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_ci"];

    private static CollationMapping Mapping(string from, string to)
    {
        var source = from == "mariadb" ? ServerFlavour.MariaDb : ServerFlavour.MySql;
        return to switch
        {
            "mysql8" => new(source, ServerFlavour.MySql, Collations.All(ServerFlavour.MySql).Select(c => c.Name)),
            "mysql56" => new(source, ServerFlavour.MySql, Collations.All(ServerFlavour.MySql).Where(c => c.Id < 248).Select(c => c.Name.Replace("utf8mb3_", "utf8_", StringComparison.Ordinal))),
            "mariadb1011" => new(source, ServerFlavour.MariaDb, Collations.All(ServerFlavour.MariaDb).Select(c => c.Name)),
            "mariadb1011short" => new(source, ServerFlavour.MariaDb, Collations.All(ServerFlavour.MariaDb).Select(c => c.Id < 2048 ? c.Name : c.Name[(c.Charset.Length + 1)..])),
            "mariadb106" => new(source, ServerFlavour.MariaDb, Collations.All(ServerFlavour.MariaDb).Where(c => c.Id < 2048).Select(c => c.Name)),
            "mariadb114" => new(source, ServerFlavour.MariaDb, Collations.All(ServerFlavour.MariaDb).Select(c => c.Name).Append("utf8mb4_0900_ai_ci")),
            "tidb" => new(source, ServerFlavour.TiDb, TiDbNames),
            "tidb6" => new(source, ServerFlavour.TiDb, TiDbNames.Where(n => !n.Contains("0900", StringComparison.Ordinal))),
            _ => throw new ArgumentException(to, nameof(to)),
        };
    }

    [Theory]
    [InlineData("mysql", "mysql8", "utf8mb4_0900_ai_ci", "utf8mb4_0900_ai_ci")]
    [InlineData("mysql", "mysql8", "utf8_general_ci", "utf8mb3_general_ci")]
    [InlineData("mysql", "mysql56", "utf8mb3_general_ci", "utf8_general_ci")]
    [InlineData("mysql", "mysql56", "utf8_general_ci", "utf8_general_ci")]
    [InlineData("mariadb", "mysql8", "latin1_swedish_ci", "latin1_swedish_ci")]
    [InlineData("mysql", "mariadb106", "utf8mb4_0900_bin", "utf8mb4_nopad_bin")]
    [InlineData("mariadb", "mysql8", "utf8mb4_nopad_bin", "utf8mb4_0900_bin")]
    [InlineData("mysql", "mariadb106", "utf8mb4_croatian_ci", "utf8mb4_croatian_mysql561_ci")]
    [InlineData("mariadb", "mysql8", "utf8mb4_croatian_mysql561_ci", "utf8mb4_croatian_ci")]
    [InlineData("mariadb", "mariadb106", "utf8mb4_croatian_ci", "utf8mb4_croatian_ci")]
    [InlineData("mysql", "mariadb106", "latin2_croatian_ci", "latin2_croatian_ci")]
    [InlineData("mariadb", "mysql56", "binary", "binary")]
    [InlineData("mysql", "tidb", "utf8mb4_0900_ai_ci", "utf8mb4_0900_ai_ci")]
    [InlineData("mariadb", "tidb", "utf8mb3_bin", "utf8_bin")]
    [InlineData("mariadb", "mariadb1011short", "utf8mb4_uca1400_ai_ci", "utf8mb4_uca1400_ai_ci")]
    public void Same_meaning(string from, string to, string collation, string expected)
        => Assert.Equal(new CollationChoice(expected, null), Mapping(from, to).Collation(collation));

    [Theory]
    [InlineData("mysql", "mariadb1011", "utf8mb4_0900_ai_ci", "utf8mb4_uca1400_nopad_ai_ci", "Unicode 14.0.0 instead of Unicode 9.0.0")]
    [InlineData("mysql", "mariadb1011short", "utf8mb4_0900_ai_ci", "utf8mb4_uca1400_nopad_ai_ci", "Unicode 14.0.0 instead of Unicode 9.0.0")]
    [InlineData("mysql", "mariadb106", "utf8mb4_0900_ai_ci", "utf8mb4_unicode_520_nopad_ci", "Unicode 5.2.0 instead of Unicode 9.0.0")]
    [InlineData("mysql", "mariadb114", "utf8mb4_0900_ai_ci", "utf8mb4_0900_ai_ci", "MariaDB orders it by Unicode 14.0.0, not 9.0.0")]
    [InlineData("mysql", "mysql56", "utf8mb4_0900_ai_ci", "utf8mb4_unicode_520_ci", "Unicode 5.2.0 instead of Unicode 9.0.0, trailing spaces do not count")]
    [InlineData("mysql", "tidb6", "utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci", "Unicode 4.0.0 instead of Unicode 9.0.0, trailing spaces do not count")]
    [InlineData("mysql", "mariadb1011", "utf8mb4_0900_as_cs", "utf8mb4_uca1400_nopad_as_cs", "Unicode 14.0.0 instead of Unicode 9.0.0")]
    [InlineData("mysql", "mariadb1011", "utf8mb4_cs_0900_as_cs", "utf8mb4_uca1400_czech_nopad_as_cs", "Unicode 14.0.0 instead of Unicode 9.0.0")]
    [InlineData("mysql", "mariadb1011", "utf8mb4_de_pb_0900_ai_ci", "utf8mb4_uca1400_german2_nopad_ai_ci", "Unicode 14.0.0 instead of Unicode 9.0.0")]
    [InlineData("mysql", "mariadb1011", "utf8mb4_ja_0900_as_cs_ks", "utf8mb4_uca1400_nopad_as_cs", "Unicode 14.0.0 instead of Unicode 9.0.0, no ja rules")]
    [InlineData("mysql", "mariadb106", "utf8mb4_0900_as_cs", "utf8mb4_nopad_bin", "values are ordered and compared by code point, letter case and accents count")]
    [InlineData("mysql", "mariadb106", "utf8mb4_sv_0900_ai_ci", "utf8mb4_swedish_ci", "Unicode 4.0.0 instead of Unicode 9.0.0, trailing spaces do not count")]
    [InlineData("mariadb", "mysql8", "utf8mb4_uca1400_ai_ci", "utf8mb4_0900_ai_ci", "Unicode 9.0.0 instead of Unicode 14.0.0, trailing spaces count")]
    [InlineData("mariadb", "mysql8", "utf8mb4_uca1400_nopad_as_ci", "utf8mb4_0900_as_ci", "Unicode 9.0.0 instead of Unicode 14.0.0")]
    [InlineData("mariadb", "mysql8", "utf8mb4_uca1400_swedish_nopad_ai_cs", "utf8mb4_sv_0900_as_cs", "Unicode 9.0.0 instead of Unicode 14.0.0, accents count")]
    [InlineData("mariadb", "mysql8", "utf8mb3_uca1400_ai_ci", "utf8mb3_unicode_520_ci", "Unicode 5.2.0 instead of Unicode 14.0.0")]
    [InlineData("mariadb", "mysql8", "utf8mb4_unicode_520_nopad_ci", "utf8mb4_unicode_520_ci", "trailing spaces do not count")]
    [InlineData("mariadb", "mysql8", "utf8mb4_general_nopad_ci", "utf8mb4_general_ci", "trailing spaces do not count")]
    [InlineData("mariadb", "mysql8", "latin1_swedish_nopad_ci", "latin1_swedish_ci", "trailing spaces do not count")]
    [InlineData("mariadb", "mysql8", "latin1_nopad_bin", "latin1_bin", "trailing spaces do not count")]
    [InlineData("mariadb", "mysql8", "utf8mb4_croatian_ci", "utf8mb4_croatian_ci", "other Croatian rules")]
    [InlineData("mysql", "tidb", "latin1_swedish_ci", "latin1_bin", "values are ordered and compared by code point, letter case and accents count")]
    [InlineData("mysql", "tidb", "utf8mb4_unicode_520_ci", "utf8mb4_unicode_ci", "Unicode 4.0.0 instead of Unicode 5.2.0")]
    [InlineData("mysql", "tidb", "utf8mb4_swedish_ci", "utf8mb4_unicode_ci", "no swedish rules")]
    [InlineData("mysql", "tidb", "utf16_bin", "utf8mb4_bin", "stored as utf8mb4, the target has no utf16")]
    [InlineData("mysql", "mariadb1011", "gb18030_chinese_ci", "utf8mb4_unicode_ci", "stored as utf8mb4, the target has no gb18030, Unicode 4.0.0 instead of simple rules")]
    public void Nearest(string from, string to, string collation, string expected, string difference)
        => Assert.Equal(new CollationChoice(expected, difference), Mapping(from, to).Collation(collation));

    [Theory]
    [InlineData("mysql56", "utf8mb3", "utf8", null)]
    [InlineData("mysql8", "utf8", "utf8mb3", null)]
    [InlineData("mysql8", "latin1", "latin1", null)]
    [InlineData("tidb", "ucs2", "utf8mb4", "stored as utf8mb4, the target has no ucs2")]
    [InlineData("mariadb106", "gb18030", "utf8mb4", "stored as utf8mb4, the target has no gb18030")]
    public void Charsets(string to, string charset, string expected, string? difference)
        => Assert.Equal(new CollationChoice(expected, difference), Mapping("mysql", to).Charset(charset));

    [Theory]
    [InlineData("mysql", "mariadb106")]
    [InlineData("mysql", "mariadb1011")]
    [InlineData("mysql", "mysql56")]
    [InlineData("mysql", "tidb")]
    [InlineData("mariadb", "mysql8")]
    [InlineData("mariadb", "mysql56")]
    [InlineData("mariadb", "tidb6")]
    public void Every_collation_finds_one_of_the_mapped_charset(string from, string to)
    {
        var mapping = Mapping(from, to);
        foreach (var collation in Collations.All(from == "mariadb" ? ServerFlavour.MariaDb : ServerFlavour.MySql))
        {
            var choice = mapping.Collation(collation.Name);
            var charset = mapping.Charset(collation.Charset).Name;
            Assert.True(choice.Name == charset || choice.Name.StartsWith(charset + "_", StringComparison.Ordinal), $"{collation.Name} -> {choice.Name}");
            Assert.True(!choice.IsExact || mapping.Charset(collation.Charset).IsExact);
        }
    }

    [Fact]
    public void Nothing_near()
    {
        var mapping = new CollationMapping(ServerFlavour.MySql, ServerFlavour.MySql, ["latin1_bin"]);
        Assert.Equal(new CollationChoice("utf8mb4_bin", "the target has no utf8mb4_bin and none that is near"), mapping.Collation("utf8mb4_bin"));
        Assert.Equal(new CollationChoice("utf8", "the target has no utf8"), mapping.Charset("utf8"));
        Assert.Equal(new CollationChoice("own_ci", null), mapping.Collation("own_ci"));
        Assert.Equal(new CollationChoice("btree", null), mapping.Charset("btree"));
    }
}
