using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

/// <summary>One changed value of each type is found, however small the change.</summary>
[Collection(DiffServers.Name)]
public sealed class ValueTests(ServerFixture servers)
{
    public static TheoryData<string, string, string> Changes => new()
    {
        { "TINYINT", "-1", "-2" },
        { "BIGINT UNSIGNED", "18446744073709551615", "18446744073709551614" },
        { "INT(6) ZEROFILL", "42", "43" },
        { "DECIMAL(65,30)", "0.000000000000000000000000000001", "0" },
        { "FLOAT", "16777215", "16777214" },
        { "FLOAT(7,3)", "1.001", "1" },
        { "DOUBLE", "0.1e0", "0.1e0 + 1.3877787807814457e-17" },
        { "DOUBLE(10,2)", "12345678.91", "12345678.92" },
        { "BIT(64)", "18446744073709551615", "9223372036854775807" },
        { "YEAR", "1970", "1971" },
        { "DATE", "'0000-00-00'", "NULL" },
        { "DATE", "'2023-02-31'", "'2023-02-30'" },
        { "TIME(6)", "'-00:00:00.000001'", "'00:00:00.000001'" },
        { "DATETIME(6)", "'9999-12-31 23:59:59.999999'", "'9999-12-31 23:59:59.999998'" },
        { "TIMESTAMP(3) NULL", "'2026-10-25 00:30:00.5'", "'2026-10-25 01:30:00.5'" },
        { "ENUM('a','b','')", "'a'", "'b'" },
        { "ENUM('a','b','')", "''", "'not a member'" },
        { $"SET({string.Join(',', Enumerable.Range(1, 64).Select(i => $"'{i}'"))})", "'1,64'", "'64'" },
        { "CHAR(10)", "'a'", "'A'" },
        { "VARCHAR(10)", "'a'", "'a '" },
        { "VARCHAR(10)", "'e'", "'é'" },
        { "VARCHAR(10)", "''", "NULL" },
        { "VARCHAR(10) CHARACTER SET latin1", "'ä'", "'a'" },
        { "LONGTEXT", "REPEAT('x', 200000)", "CONCAT(REPEAT('x', 199999), 'y')" },
        { "BINARY(4)", "x'6100'", "x'6120'" },
        { "VARBINARY(10)", "x'61'", "x'6100'" },
        { "BLOB", "x'00'", "x''" },
        { "GEOMETRY", "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(1 2)', 1)" },
        { "JSON", """'{"a": 1}'""", """'{"a": 2}'""" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task One_changed_value_is_found(string type, string one, string other)
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync(
            $"CREATE TABLE keyed (id INT PRIMARY KEY, v {type})", $"CREATE TABLE keyless (id INT, v {type})",
            $"INSERT INTO keyed VALUES (1, {one}), (2, {one}), (3, {other})", "INSERT INTO keyless SELECT * FROM keyed");
        Assert.True((await sides.CompareAsync()).IsEqual);

        await sides.RunOnTargetAsync($"UPDATE keyed SET v = {other} WHERE id = 2", $"UPDATE keyless SET v = {other} WHERE id = 2");
        var result = await sides.CompareAsync();

        Assert.Equal("different: id=2 in v", Assert.Single(result.Tables[0].Rows).ToString());
        Assert.Equal((1, 1), (result.Tables[1].MissingRows, result.Tables[1].ExtraRows));
    }

    [SkippableFact]
    public async Task The_sign_of_zero_is_found_where_servers_keep_it()
    {
        var sides = await Sides.CreateAsync(servers, ServerKind.MySql97, ServerKind.MySql97);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, f FLOAT, d DOUBLE)", "INSERT INTO t VALUES (1, 0, 0), (2, -0e0, -0e0)");
        Assert.True((await sides.CompareAsync()).IsEqual);

        await sides.RunOnTargetAsync("UPDATE t SET f = 0e0, d = 0e0 WHERE id = 2", "UPDATE t SET d = -0e0 WHERE id = 1");
        var table = await sides.CompareTableAsync();

        Assert.Equal(["different: id=1 in d", "different: id=2 in f, d"], table.Rows.Select(r => r.ToString()));
    }

    [Fact]
    public async Task Generated_and_invisible_columns_are_compared_too()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (id INT PRIMARY KEY, g INT AS (id + 1) VIRTUAL, h INT INVISIBLE DEFAULT 5)");
        await sides.RunOnTargetAsync("CREATE TABLE t (id INT PRIMARY KEY, g INT AS (id + 2) VIRTUAL, h INT INVISIBLE DEFAULT 6)");
        await sides.RunOnBothAsync("INSERT INTO t (id) VALUES (1)");

        Assert.Equal("different: id=1 in g, h", Assert.Single((await sides.CompareTableAsync()).Rows).ToString());
    }

    [SkippableFact]
    public async Task Json_is_the_same_value_in_another_spelling_on_another_server()
    {
        var sides = await Sides.CreateAsync(servers, ServerKind.MariaDb, ServerKind.MySql97);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v JSON)");
        await sides.RunOnBothAsync(
            """INSERT INTO t VALUES (1, '{"bb":1,"a":[1,2.50,-0.0,1e3,true,null],"c":"\\u00e9\\n"}')""", """INSERT INTO t VALUES (2, '[]')""");
        Assert.True((await sides.CompareAsync()).IsEqual);

        await sides.RunOnTargetAsync("""UPDATE t SET v = '["1"]' WHERE id = 2""");
        await sides.RunOnSourceAsync("""UPDATE t SET v = '[1]' WHERE id = 2""");
        Assert.Equal("different: id=2 in v", Assert.Single((await sides.CompareTableAsync()).Rows).ToString());
    }
}
