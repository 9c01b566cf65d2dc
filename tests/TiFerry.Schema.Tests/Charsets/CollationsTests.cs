using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Charsets;

public class CollationsTests
{
    [Theory]
    [InlineData(8, SqlFlavour.MySql, "latin1_swedish_ci", "latin1")]
    [InlineData(33, SqlFlavour.MySql, "utf8mb3_general_ci", "utf8mb3")]
    [InlineData(45, SqlFlavour.MariaDb, "utf8mb4_general_ci", "utf8mb4")]
    [InlineData(46, SqlFlavour.TiDb, "utf8mb4_bin", "utf8mb4")]
    [InlineData(63, SqlFlavour.MySql, "binary", "binary")]
    [InlineData(245, SqlFlavour.MySql, "utf8mb4_croatian_ci", "utf8mb4")]
    [InlineData(245, SqlFlavour.MariaDb, "utf8mb4_croatian_mysql561_ci", "utf8mb4")]
    [InlineData(255, SqlFlavour.MySql, "utf8mb4_0900_ai_ci", "utf8mb4")]
    [InlineData(277, SqlFlavour.MySql, "utf8mb4_vi_0900_ai_ci", "utf8mb4")]
    [InlineData(300, SqlFlavour.MySql, "utf8mb4_vi_0900_as_cs", "utf8mb4")]
    [InlineData(305, SqlFlavour.MySql, "utf8mb4_0900_as_ci", "utf8mb4")]
    [InlineData(309, SqlFlavour.MySql, "utf8mb4_0900_bin", "utf8mb4")]
    [InlineData(323, SqlFlavour.MySql, "utf8mb4_mn_cyrl_0900_as_cs", "utf8mb4")]
    [InlineData(608, SqlFlavour.MariaDb, "utf8mb4_croatian_ci", "utf8mb4")]
    [InlineData(1069, SqlFlavour.MariaDb, "utf8mb4_general_nopad_ci", "utf8mb4")]
    [InlineData(2048, SqlFlavour.MariaDb, "utf8mb3_uca1400_ai_ci", "utf8mb3")]
    [InlineData(2304, SqlFlavour.MariaDb, "utf8mb4_uca1400_ai_ci", "utf8mb4")]
    [InlineData(3271, SqlFlavour.MariaDb, "utf32_uca1400_croatian_nopad_as_cs", "utf32")]
    public void Numbers(int id, SqlFlavour flavour, string name, string charset)
    {
        Assert.Equal(new Collation(id, name, charset), Collations.ById(id, flavour));
        Assert.Equal(id, Collations.ByName(name.ToUpperInvariant(), flavour)!.Id);
    }

    [Fact]
    public void Unknown_numbers_and_names()
    {
        Assert.Null(Collations.ById(255, SqlFlavour.MariaDb));
        Assert.Null(Collations.ById(2048, SqlFlavour.MySql));
        Assert.Null(Collations.ById(17, SqlFlavour.MySql));
        Assert.Null(Collations.ByName("nope", SqlFlavour.MySql));
        Assert.Equal(83, Collations.ByName("utf8_bin", SqlFlavour.MySql)!.Id);
        Assert.True(Collations.IsCharset("UTF8"));
        Assert.True(Collations.IsCharset("gb18030"));
        Assert.False(Collations.IsCharset("btree"));
    }

    [Fact]
    public void Counts_are_those_of_the_servers()
    {
        // MariaDB 10.11: select count(*) from information_schema.COLLATION_CHARACTER_SET_APPLICABILITY; MySQL 8.0: 286 with utf8mb3_tolower_ci.
        Assert.Equal(1242, Collations.All(SqlFlavour.MariaDb).Count());
        Assert.Equal(286, Collations.All(SqlFlavour.MySql).Count());
    }

    [Theory]
    [InlineData("utf8mb4", SqlFlavour.MySql, 50651, "utf8mb4_general_ci")]
    [InlineData("utf8mb4", SqlFlavour.MySql, 80036, "utf8mb4_0900_ai_ci")]
    [InlineData("UTF8", SqlFlavour.MySql, 80036, "utf8mb3_general_ci")]
    [InlineData("utf8mb4", SqlFlavour.MariaDb, 101100, "utf8mb4_general_ci")]
    [InlineData("utf8mb4", SqlFlavour.MariaDb, 110800, "utf8mb4_uca1400_ai_ci")]
    [InlineData("latin1", SqlFlavour.MariaDb, 110800, "latin1_swedish_ci")]
    [InlineData("utf8mb4", SqlFlavour.TiDb, 80011, "utf8mb4_bin")]
    [InlineData("gbk", SqlFlavour.TiDb, 80011, "gbk_chinese_ci")]
    [InlineData("nope", SqlFlavour.MySql, 80036, null)]
    public void Defaults(string charset, SqlFlavour flavour, int version, string? collation)
        => Assert.Equal(collation, Collations.DefaultOf(charset, new SqlDialect(flavour, version)));
}
