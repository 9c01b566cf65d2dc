using System.Text;
using System.Text.RegularExpressions;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests;

/// <summary>Compares two servers: every byte of every row, what views show, and between servers of one kind the definitions too.</summary>
internal static partial class Sides
{
    private const string SystemSchemas = "'mysql', 'information_schema', 'performance_schema', 'sys', 'test'";

    /// <summary>A line for each difference; empty where both sides are equal.</summary>
    public static async Task<string> DifferenceAsync(TestServer source, TestServer target, IReadOnlyList<string> databases, string metaSchema)
    {
        if (databases.Count == 0)
            databases = await DatabasesAsync(source, metaSchema);
        var differences = new StringBuilder();
        var here = await ServerContents.ReadAsync(source, databases);
        var there = await ServerContents.ReadAsync(target, databases);
        differences.Append(here.DifferenceFrom(there));
        foreach (var table in here.Tables.Keys.Where(name => there.Tables.TryGetValue(name, out var contents) && contents != here.Tables[name]))
            await AppendRowsAsync(differences, table, source, target);
        var left = await DefinitionsAsync(source, databases, source.Kind == target.Kind);
        var right = await DefinitionsAsync(target, databases, source.Kind == target.Kind);
        foreach (var name in left.Keys.Union(right.Keys).Order(StringComparer.Ordinal))
        {
            if (left.GetValueOrDefault(name) != right.GetValueOrDefault(name))
                differences.Append($"\n{name}:\n  {left.GetValueOrDefault(name) ?? "missing"}\n  {right.GetValueOrDefault(name) ?? "missing"}");
        }
        return differences.ToString().Trim();
    }

    // The first rows that only one side has.
    private static async Task AppendRowsAsync(StringBuilder differences, string table, TestServer source, TestServer target)
    {
        var name = string.Join('.', table.Split('.', 2).Select(Quote));
        var here = await RowsAsync(source, name);
        var there = await RowsAsync(target, name);
        foreach (var row in here.Except(there).Take(3))
            differences.Append($"\n  only here:  {row}");
        foreach (var row in there.Except(here).Take(3))
            differences.Append($"\n  only there: {row}");
        differences.Append('\n');
    }

    private static async Task<List<string>> RowsAsync(TestServer server, string name)
    {
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync("SET NAMES utf8mb4", "SET time_zone = '+00:00'");
        var rows = await connection.QueryRowsAsync($"SELECT * FROM {name} LIMIT 20000", default);
        return rows.ConvertAll(row => string.Join(" | ", row.Select(cell => cell is { Length: > 80 } ? cell[..80] + "..." : cell ?? "NULL")));
    }

    private static async Task<IReadOnlyList<string>> DatabasesAsync(TestServer source, string metaSchema)
    {
        var rows = await source.QueryAsync($"SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ({SystemSchemas})");
        return [.. rows.Select(row => row[0]!).Where(name => name != metaSchema)];
    }

    // Of a view its rows, of a table its definition.
    private static async Task<Dictionary<string, string>> DefinitionsAsync(TestServer server, IReadOnlyList<string> databases, bool withTables)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync("SET NAMES utf8mb4", "SET time_zone = '+00:00', sql_mode = ''");
        foreach (var database in databases)
        {
            var tables = await connection.QueryRowsAsync(
                $"SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{database.Replace("'", "''", StringComparison.Ordinal).Replace("\\", "\\\\", StringComparison.Ordinal)}'", default);
            foreach (var table in tables)
            {
                var name = $"{Quote(database)}.{Quote(table[0]!)}";
                if (table[1] == "VIEW")
                {
                    var rows = await connection.QueryRowsAsync($"SELECT * FROM {name}", default);
                    result.Add($"view {name}", string.Join('\n', rows.Select(row => string.Join('|', row.Select(cell => cell ?? "NULL"))).Order(StringComparer.Ordinal)));
                }
                else if (withTables)
                {
                    result.Add($"table {name}", NoMatter().Replace((await connection.QueryRowsAsync($"SHOW CREATE TABLE {name}", default))[0][1]!, ""));
                }
            }
            if (withTables)
                result.Add($"database {database}", (await connection.QueryRowsAsync($"SHOW CREATE DATABASE {Quote(database)}", default))[0][1]!);
        }
        return result;
    }

    private static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    // The next number depends on rolled back inserts, too; columns in the formats of MariaDB 5.3 are made new; a collation names its character set.
    [GeneratedRegex(@" AUTO_INCREMENT=[0-9]+| /\* mariadb-5\.3 \*/| CHARACTER SET [a-z0-9]+(?= COLLATE)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NoMatter();
}
