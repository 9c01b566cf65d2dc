using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Values;

/// <summary>Settings of either server that get in the way of values.</summary>
public sealed class ServerSettingTests
{
    private static readonly string[] Session = ["SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'", "SET NAMES utf8mb4"];

    private static readonly string[] Tables =
    [
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, c CHAR(10), v VARCHAR(20), d DATE, dt DATETIME, ts TIMESTAMP NULL, e ENUM('a','b'))",
        @"INSERT INTO t VALUES (0, 'c ', 'back\\slash', '0000-00-00', '2023-00-00', '1970-01-02 00:00:01', 'not one'), (1, '', 'quote''s', '2023-02-31', '0000-00-00', NULL, 'a')",
        "CREATE TABLE heap (c CHAR(10), v VARCHAR(20), d DATE)",
        @"INSERT INTO heap VALUES ('c', 'a\\', '0000-00-00'), ('c', 'a\\', '0000-00-00'), ('d', 'x', NULL)",
        "CREATE TABLE keyed (c CHAR(10) PRIMARY KEY, v VARCHAR(20))",
        @"INSERT INTO keyed VALUES ('a', 'x\\y'), ('b ', '')",
    ];

    private static readonly string[] Changes =
    [
        @"UPDATE t SET v = 'it''s \\ \"" %', c = 'cc' WHERE id = 0", "INSERT INTO t VALUES (5, 'n', NULL, '2023-02-30', NULL, NULL, '')", "DELETE FROM t WHERE id = 1",
        "UPDATE heap SET v = 'y' LIMIT 1", "DELETE FROM heap WHERE c = 'd'", "UPDATE keyed SET v = 'changed' WHERE c = 'a'", "UPDATE keyed SET c = 'z' WHERE c = 'b'",
    ];

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT,IGNORE_SPACE")]
    [InlineData(ServerKind.MariaDb, "ORACLE")]
    [InlineData(ServerKind.MariaDb, "MSSQL,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION")]
    [InlineData(ServerKind.MariaDb, "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,TRADITIONAL")]
    [InlineData(ServerKind.MySql56, "ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,NO_FIELD_OPTIONS,NO_KEY_OPTIONS,NO_TABLE_OPTIONS")]
    [InlineData(ServerKind.MySql97, "ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,TRADITIONAL,TIME_TRUNCATE_FRACTIONAL")]
    public async Task No_sql_mode_of_either_side_changes_a_value(ServerKind kind, string mode)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind));
        await using var target = await TestServer.StartAsync(kind);
        foreach (var server in new[] { source, target })
            await server.RunAsync($"SET GLOBAL sql_mode = '{mode}'", "SET GLOBAL time_zone = '+11:00'", "SET GLOBAL autocommit = 0");
        await source.RunAsync([.. Session, "CREATE DATABASE d CHARACTER SET utf8mb4", "USE d", .. Tables, "COMMIT"]);
        var crossing = new Crossing(source, target, "d");
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
        await source.RunAsync([.. Session, "USE d", .. Changes, "COMMIT"]);
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_task_s_time_zone_moves_no_timestamp(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind), "--default-time-zone=+05:00"]);
        await using var target = await TestServer.StartAsync(kind, ["--default-time-zone=-07:00"]);
        await source.RunAsync(
            "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, ts TIMESTAMP NULL, dt DATETIME, made TIMESTAMP NOT NULL DEFAULT '2001-02-03 04:05:06')", "CREATE TABLE d.heap (ts TIMESTAMP NULL)",
            "INSERT INTO d.t (id, ts, dt) VALUES (1, '2023-03-26 02:30:00', '2023-03-26 02:30:00'), (2, NULL, NULL)", "INSERT INTO d.heap VALUES ('2023-10-29 02:30:00')");
        var crossing = new Crossing(source, target, "d");
        crossing.Options = crossing.Options with { Rules = crossing.Options.Rules with { Timezone = "Asia/Tokyo" } };
        await crossing.RunAsync();
        await AssertSameInstantsAsync();
        await source.RunAsync(
            "INSERT INTO d.t (id, ts, dt) VALUES (3, '2023-03-26 02:30:00', '2023-03-26 02:30:00')", "UPDATE d.t SET ts = ts + INTERVAL 1 HOUR WHERE id = 1", "DELETE FROM d.heap", "INSERT INTO d.heap VALUES ('2000-01-01 00:00:00')",
            "ALTER TABLE d.t ADD COLUMN later TIMESTAMP NOT NULL DEFAULT '2010-06-07 08:09:10'", "INSERT INTO d.t (id) VALUES (4)");
        await crossing.RunAsync();
        await AssertSameInstantsAsync("UNIX_TIMESTAMP(later)");

        async Task AssertSameInstantsAsync(string more = "0")
        {
            await crossing.AssertEqualAsync();
            foreach (var query in (string[])[$"SELECT CONCAT_WS(' ', id, UNIX_TIMESTAMP(ts), dt, UNIX_TIMESTAMP(made), {more}) FROM d.t ORDER BY id", "SELECT UNIX_TIMESTAMP(ts) FROM d.heap"])
                Assert.Equal((await source.QueryAsync(query)).Select(r => r[0]), (await target.QueryAsync(query)).Select(r => r[0]));
        }
    }

    [Fact]
    public async Task A_value_that_the_target_s_packet_limit_refuses_is_named_and_goes_through_once_the_limit_is_raised()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.large (id INT PRIMARY KEY, b LONGBLOB)", "INSERT INTO d.large VALUES (1, REPEAT(0x5C27, 4 << 20))");
        await target.RunAsync("SET GLOBAL max_allowed_packet = 4 << 20");
        var crossing = new Crossing(source, target, "d");
        await RefusedAndRaisedAsync();
        await source.RunAsync("INSERT INTO d.large VALUES (2, REPEAT(0x00, 20 << 20))", "UPDATE d.large SET b = REPEAT(0x27, 9 << 20) WHERE id = 1");
        await target.RunAsync("SET GLOBAL max_allowed_packet = 4 << 20");
        await RefusedAndRaisedAsync();

        async Task RefusedAndRaisedAsync()
        {
            var error = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
            Assert.Equal(SyncErrors.PacketTooLarge, error.Code);
            Assert.Contains("`d`.`large`", error.Message, StringComparison.Ordinal);
            Assert.Contains("max_allowed_packet", error.Message, StringComparison.Ordinal);
            await target.RunAsync("SET GLOBAL max_allowed_packet = 128 << 20");
            await crossing.RunAsync();
            await crossing.AssertEqualAsync();
        }
    }
}
