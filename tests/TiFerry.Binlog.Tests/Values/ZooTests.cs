using System.Globalization;
using System.Text;
using TiFerry.Binlog.Files;
using TiFerry.MySql;
using TiFerry.TestServers;
using TiFerry.TestServers.Zoo;

namespace TiFerry.Binlog.Tests.Values;

/// <summary>Every table of the zoo: what the binlog's images add up to is what SELECT shows, cell by cell.</summary>
public sealed class ZooTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "")]
    [InlineData(ServerKind.MariaDb, "--log-bin-compress=ON --log-bin-compress-min-len=10 --binlog-row-metadata=FULL")]
    [InlineData(ServerKind.MySql56, "")]
    [InlineData(ServerKind.MySql97, "")]
    [InlineData(ServerKind.MySql97, "--binlog-transaction-compression=ON --binlog-row-metadata=FULL --gtid-mode=ON --enforce-gtid-consistency=ON")]
    [InlineData(ServerKind.MySql97, "--binlog-row-value-options=PARTIAL_JSON")]
    public async Task Images_add_up_to_the_tables(ServerKind kind, string options)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var connectionOptions = new MySqlConnectionOptions { Port = server.Port, InitStatements = TableZoo.Session };
        await using var connection = await MySqlConnection.ConnectAsync(connectionOptions, default);
        foreach (var statement in TableZoo.Database("zoo"))
            await connection.ExecuteAsync(statement, default);
        foreach (var entry in TableZoo.Statements(kind))
        {
            foreach (var statement in entry.Create.Concat(entry.Inserts).Concat(entry.Changes))
                await connection.ExecuteAsync(statement, default);
        }

        await connection.ExecuteAsync("FLUSH BINARY LOGS", default);
        var columns = await ReadColumnsAsync(connection);
        var tables = new ReplayedTables(map => columns.GetValueOrDefault((map.Schema, map.Table)));
        foreach (var file in Directory.GetFiles(server.DataDirectory, "binlog.0*").Order(StringComparer.Ordinal))
        {
            using var reader = BinlogFileReader.Open(file);
            reader.Parser.OldTemporalPrecision = (map, ordinal) => columns[(map.Schema, map.Table)][ordinal].Precision;
            while (reader.TryRead(out var e))
                tables.Apply(e!);
        }

        var faults = new StringBuilder();
        foreach (var fault in tables.Faults)
            faults.AppendLine(fault);
        foreach (var ((schema, table), tableColumns) in columns.Where(entry => !IsCascaded(kind, entry.Key.Table)))
            await CompareAsync(connection, schema, table, tableColumns, tables, faults);

        Assert.True(faults.Length == 0, faults.ToString());
    }

    /// <summary>Changes that ON UPDATE or ON DELETE makes to other tables are in the binlog only since MySQL 9.6.</summary>
    private static bool IsCascaded(ServerKind kind, string table) => kind != ServerKind.MySql97 && table.StartsWith("fk_", StringComparison.Ordinal);

    private static async Task CompareAsync(
        MySqlConnection connection, string schema, string table, IReadOnlyList<ZooColumn> columns, ReplayedTables tables, StringBuilder faults)
    {
        var expected = new Dictionary<string, int>();
        var select = string.Join(", ", columns.Select(column => column.Expression));
        var history = table == "system_versioned" ? " FOR SYSTEM_TIME ALL" : "";
        var rows = await connection.QueryRowsAsync($"SELECT {select} FROM {Quote(schema)}.{Quote(table)}{history}", default);
        foreach (var row in rows)
        {
            var text = string.Concat(row.Zip(columns, (value, column) => $"{column.Name}={value ?? "NULL"}; "));
            expected[text] = expected.GetValueOrDefault(text) + 1;
        }

        var actual = tables.RowsOf(schema, table);
        foreach (var (row, count) in expected.Where(row => actual.GetValueOrDefault(row.Key) != row.Value))
            faults.AppendLine(CultureInfo.InvariantCulture, $"{schema}.{table}: {count} in the table, {actual.GetValueOrDefault(row)} in the binlog: {Shorten(row)}");
        foreach (var (row, count) in actual.Where(row => !expected.ContainsKey(row.Key)))
            faults.AppendLine(CultureInfo.InvariantCulture, $"{schema}.{table}: 0 in the table, {count} in the binlog: {Shorten(row)}");
    }

    private static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Shorten(string row) => row.Length > 1000 ? row[..1000] + "..." : row;

    private static async Task<Dictionary<(string Schema, string Table), IReadOnlyList<ZooColumn>>> ReadColumnsAsync(MySqlConnection connection)
    {
        var columns = new Dictionary<(string Schema, string Table), IReadOnlyList<ZooColumn>>();
        var tables = await connection.QueryRowsAsync(
            "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')", default);
        var baseTables = tables.Select(row => (row[0]!, row[1]!)).ToHashSet();
        var rows = await connection.QueryRowsAsync(
            """
            SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_OCTET_LENGTH FROM information_schema.COLUMNS
             WHERE TABLE_SCHEMA = 'zoo' OR TABLE_SCHEMA LIKE 'odd%' ORDER BY BINARY TABLE_SCHEMA, BINARY TABLE_NAME, ORDINAL_POSITION
            """,
            default);
        foreach (var group in rows.GroupBy(row => (row[0]!, row[1]!)).Where(group => baseTables.Contains(group.Key)))
        {
            columns[group.Key] =
            [
                .. group.Select(row => new ZooColumn(
                    row[2]!, row[3]!.ToLowerInvariant(), row[4]!.ToLowerInvariant(), (int)Math.Min(int.MaxValue, long.Parse(row[5] ?? "0", CultureInfo.InvariantCulture)))),
            ];
        }

        return columns;
    }
}
