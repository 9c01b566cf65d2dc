using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Charsets;

public class CollationsTests
{
    [Theory]
    [InlineData(8, ServerFlavour.MySql, "latin1_swedish_ci", "latin1")]
    [InlineData(33, ServerFlavour.MySql, "utf8mb3_general_ci", "utf8mb3")]
    [InlineData(45, ServerFlavour.MariaDb, "utf8mb4_general_ci", "utf8mb4")]
    [InlineData(46, ServerFlavour.TiDb, "utf8mb4_bin", "utf8mb4")]
    [InlineData(63, ServerFlavour.MySql, "binary", "binary")]
    [InlineData(245, ServerFlavour.MySql, "utf8mb4_croatian_ci", "utf8mb4")]
    [InlineData(245, ServerFlavour.MariaDb, "utf8mb4_croatian_mysql561_ci", "utf8mb4")]
    [InlineData(255, ServerFlavour.MySql, "utf8mb4_0900_ai_ci", "utf8mb4")]
    [InlineData(277, ServerFlavour.MySql, "utf8mb4_vi_0900_ai_ci", "utf8mb4")]
    [InlineData(300, ServerFlavour.MySql, "utf8mb4_vi_0900_as_cs", "utf8mb4")]
    [InlineData(305, ServerFlavour.MySql, "utf8mb4_0900_as_ci", "utf8mb4")]
    [InlineData(309, ServerFlavour.MySql, "utf8mb4_0900_bin", "utf8mb4")]
    [InlineData(323, ServerFlavour.MySql, "utf8mb4_mn_cyrl_0900_as_cs", "utf8mb4")]
    [InlineData(608, ServerFlavour.MariaDb, "utf8mb4_croatian_ci", "utf8mb4")]
    [InlineData(1069, ServerFlavour.MariaDb, "utf8mb4_general_nopad_ci", "utf8mb4")]
    [InlineData(2048, ServerFlavour.MariaDb, "utf8mb3_uca1400_ai_ci", "utf8mb3")]
    [InlineData(2304, ServerFlavour.MariaDb, "utf8mb4_uca1400_ai_ci", "utf8mb4")]
    [InlineData(3271, ServerFlavour.MariaDb, "utf32_uca1400_croatian_nopad_as_cs", "utf32")]
    public void Numbers(int id, ServerFlavour flavour, string name, string charset)
    {
        Assert.Equal(new Collation(id, name, charset), Collations.ById(id, flavour));
        Assert.Equal(id, Collations.ByName(name.ToUpperInvariant(), flavour)!.Id);
    }

    [Fact]
    public void Unknown_numbers_and_names()
    {
        Assert.Null(Collations.ById(255, ServerFlavour.MariaDb));
        Assert.Null(Collations.ById(2048, ServerFlavour.MySql));
        Assert.Null(Collations.ById(17, ServerFlavour.MySql));
        Assert.Null(Collations.ByName("nope", ServerFlavour.MySql));
        Assert.Equal(83, Collations.ByName("utf8_bin", ServerFlavour.MySql)!.Id);
        Assert.True(Collations.IsCharset("UTF8"));
        Assert.True(Collations.IsCharset("gb18030"));
        Assert.False(Collations.IsCharset("btree"));
    }

    [Fact]
    public void Counts_are_those_of_the_servers()
    {
        // MariaDB 10.11: select count(*) from information_schema.COLLATION_CHARACTER_SET_APPLICABILITY; MySQL 8.0: 286 with utf8mb3_tolower_ci.
        Assert.Equal(1242, Collations.All(ServerFlavour.MariaDb).Count());
        Assert.Equal(286, Collations.All(ServerFlavour.MySql).Count());
    }

    [Theory]
    [InlineData("utf8mb4", ServerFlavour.MySql, 50651, "utf8mb4_general_ci")]
    [InlineData("utf8mb4", ServerFlavour.MySql, 80036, "utf8mb4_0900_ai_ci")]
    [InlineData("UTF8", ServerFlavour.MySql, 80036, "utf8mb3_general_ci")]
    [InlineData("utf8mb4", ServerFlavour.MariaDb, 101100, "utf8mb4_general_ci")]
    [InlineData("utf8mb4", ServerFlavour.MariaDb, 110800, "utf8mb4_uca1400_ai_ci")]
    [InlineData("latin1", ServerFlavour.MariaDb, 110800, "latin1_swedish_ci")]
    [InlineData("utf8mb4", ServerFlavour.TiDb, 80011, "utf8mb4_bin")]
    [InlineData("gbk", ServerFlavour.TiDb, 80011, "gbk_chinese_ci")]
    [InlineData("nope", ServerFlavour.MySql, 80036, null)]
    public void Defaults(string charset, ServerFlavour flavour, int version, string? collation)
        => Assert.Equal(collation, Collations.DefaultOf(charset, new SqlDialect(flavour, version)));
}
