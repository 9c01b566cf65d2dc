using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

[Collection(Servers.Name)]
public sealed class PreparedStatementTests(ServerFixture servers)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Values_go_in_and_come_out(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        await connection.ExecuteAsync("CREATE TABLE t (id BIGINT PRIMARY KEY, u BIGINT UNSIGNED, d DOUBLE, s TEXT CHARACTER SET utf8mb4, b LONGBLOB)", None);
        await using var insert = await connection.PrepareAsync("INSERT INTO t VALUES (?, ?, ?, ?, ?)", None);
        Assert.Equal((5, 0), (insert.ParameterCount, insert.Columns.Count));
        var big = new byte[20_000_000];
        new Random(3).NextBytes(big);

        MySqlParameter[][] rows =
        [
            [MySqlParameter.Int64(-1), MySqlParameter.UInt64(ulong.MaxValue), MySqlParameter.Double(-0.1), MySqlParameter.Text("it's ünïcode"), MySqlParameter.Binary(big)],
            [MySqlParameter.Int64(long.MaxValue), MySqlParameter.Null, default, default, MySqlParameter.Binary(Array.Empty<byte>())],
        ];
        foreach (var row in rows)
            Assert.Equal(1UL, (await insert.ExecuteAsync(row, None)).AffectedRows);

        await using var select = await connection.PrepareAsync("SELECT id, u, d, s, b FROM t WHERE id <> ? ORDER BY id", None);
        Assert.Equal(["id", "u", "d", "s", "b"], select.Columns.Select(c => c.Name));
        for (var round = 0; round < 2; round++)
        {
            await using var results = await select.QueryAsync(new[] { MySqlParameter.Int64(7) }, None);
            Assert.True(await results.ReadAsync(None));
            Assert.Equal(-1, results.GetInt64(0));
            Assert.Throws<FormatException>(() => results.GetUInt64(0));
            Assert.Equal(ulong.MaxValue, results.GetUInt64(1));
            Assert.Throws<FormatException>(() => results.GetInt64(1));
            Assert.Equal(-0.1, results.GetDouble(2));
            Assert.Equal("-0.1", results.GetString(2));
            Assert.Equal("it's ünïcode", results.GetString(3));
            Assert.True(results.GetSpan(4).SequenceEqual(big));
            Assert.True(await results.ReadAsync(None));
            Assert.Equal(long.MaxValue, results.GetInt64(0));
            Assert.Equal([true, true, true, false], new[] { 1, 2, 3, 4 }.Select(results.IsNull));
            Assert.False(await results.ReadAsync(None));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Every_type_reads_as_the_text_protocol_gives_it(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        await connection.ExecuteAsync(
            "SET sql_mode = ''; CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, t1 TINYINT, t2 TINYINT UNSIGNED, s1 SMALLINT, s2 SMALLINT UNSIGNED, m1 MEDIUMINT, m2 MEDIUMINT UNSIGNED, " +
            "i1 INT, i2 INT UNSIGNED, b1 BIGINT, b2 BIGINT UNSIGNED, n DECIMAL(30,10), y YEAR, da DATE, ti TIME, tf TIME(6), dt DATETIME, df DATETIME(3), ts TIMESTAMP(6) NULL, " +
            "f FLOAT, do DOUBLE, c CHAR(5), v VARCHAR(9), e ENUM('x','y'), s SET('p','q'), bi BIT(9), bl BLOB)", None);
        await connection.ExecuteAsync(
            "INSERT INTO t VALUES " +
            "(NULL, -128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615, -12345678901234567890.0123456789, 2155, " +
            "'9999-12-31', '-838:59:59', '-838:59:58.999999', '9999-12-31 23:59:59', '1000-01-01 00:00:00.123', '2038-01-19 03:14:07.999999', -1.5, 1e300, 'abc', 'def', 'y', 'p,q', b'101010101', x'0001FF'), " +
            "(NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2000, '0000-00-00', '00:00:00', '00:00:00.5', '0000-00-00 00:00:00', '2020-00-00 00:00:00', '2020-02-29 00:00:00', 0, 0, '', '', '', '', b'0', ''), " +
            "(NULL, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 1999, '2020-02-29', '01:02:03', '25:00:00.000001', '2020-02-29 12:00:00', '2020-02-29 01:02:03.04', NULL, 0.1, 0.1, 'ä', 'ü', 'x', 'p', b'1', 'z'), " +
            "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)", None);

        var expected = await connection.QueryRowsAsync("SELECT * FROM t ORDER BY id", None);
        await using var select = await connection.PrepareAsync("SELECT * FROM t ORDER BY id", None);
        await using var results = await select.QueryAsync(ReadOnlyMemory<MySqlParameter>.Empty, None);
        foreach (var row in expected)
        {
            Assert.True(await results.ReadAsync(None));
            for (var i = 0; i < results.FieldCount; i++)
            {
                var actual = results.GetStringOrNull(i);
                if (results.Columns[i].Type is ColumnType.Float or ColumnType.Double && actual is not null)
                    Assert.Equal(double.Parse(row[i]!), double.Parse(actual));
                else
                    Assert.Equal((results.Columns[i].Name, row[i]), (results.Columns[i].Name, actual));
            }
        }

        Assert.False(await results.ReadAsync(None));
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Mistakes_are_reported_and_the_connection_goes_on(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        var syntax = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.PrepareAsync("SELEC ?", None));
        Assert.Equal(1064, syntax.Code);

        await connection.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY)", None);
        await using var insert = await connection.PrepareAsync("INSERT INTO t VALUES (?)", None);
        await Assert.ThrowsAsync<ArgumentException>(async () => await insert.ExecuteAsync(ReadOnlyMemory<MySqlParameter>.Empty, None));
        await insert.ExecuteAsync(new[] { MySqlParameter.Int64(1) }, None);
        var duplicate = await Assert.ThrowsAsync<MySqlServerException>(async () => await insert.ExecuteAsync(new[] { MySqlParameter.Int64(1) }, None));
        Assert.Equal((1062, "23000"), (duplicate.Code, duplicate.SqlState));
        await connection.PingAsync(None);
    }

    [Fact]
    public async Task Many_parameters_and_many_columns()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        var list = string.Join(", ", Enumerable.Repeat("?", 1000));
        await using var select = await connection.PrepareAsync($"SELECT {list}", None);
        var parameters = Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? default : MySqlParameter.Int64(i)).ToArray();

        await using var results = await select.QueryAsync(parameters, None);
        Assert.True(await results.ReadAsync(None));
        for (var i = 0; i < 1000; i++)
            Assert.Equal(i % 3 == 0 ? null : $"{i}", results.GetStringOrNull(i));
    }

    private async Task<MySqlConnection> ConnectAsync(ServerKind kind)
    {
        var connection = await MySqlConnection.ConnectAsync(Servers.OptionsFor(await servers.TargetAsync(kind)), None);
        var database = ServerFixture.NewDatabaseName("prep");
        await connection.ExecuteAsync($"CREATE DATABASE {database}; USE {database}", None);
        return connection;
    }
}
