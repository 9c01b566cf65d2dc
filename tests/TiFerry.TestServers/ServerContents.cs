using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TiFerry.MySql;

namespace TiFerry.TestServers;

/// <summary>
/// What a server holds, read in the plainest way and independent of the tools under test: per table the number of its rows and a digest over
/// all bytes of all columns (generated and invisible ones too) in any order of rows.
/// </summary>
public sealed class ServerContents
{
    private const string SystemSchemas = "'mysql', 'information_schema', 'performance_schema', 'sys'";

    private ServerContents(SortedDictionary<string, string> tables) => Tables = tables;

    /// <summary>Digest by <c>database.table</c>.</summary>
    public IReadOnlyDictionary<string, string> Tables { get; }

    /// <summary>Reads all tables of the databases; of all but the system's when none is named.</summary>
    public static async Task<ServerContents> ReadAsync(TestServer server, params IEnumerable<string> databases)
    {
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync("SET SESSION time_zone = '+00:00', sql_mode = ''");
        var columns = await ColumnsAsync(connection, [.. databases]);
        await connection.RunAsync("SET NAMES utf8mb4", "SET character_set_results = NULL");
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in columns.GroupBy(column => (column.Schema, column.Table)))
        {
            using var sql = new SqlBuffer();
            WriteSelect(sql, table.Key.Schema, table.Key.Table, table);
            tables.Add($"{table.Key.Schema}.{table.Key.Table}", await DigestAsync(connection, sql));
        }
        return new ServerContents(tables);
    }

    /// <summary>One line per table that is missing or different on one of the sides; empty when they are equal.</summary>
    public string DifferenceFrom(ServerContents other)
    {
        var lines = from name in Tables.Keys.Union(other.Tables.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    let mine = Tables.GetValueOrDefault(name, "missing")
                    let theirs = other.Tables.GetValueOrDefault(name, "missing")
                    where mine != theirs
                    select $"{name}: {mine} here, {theirs} there";
        return string.Join('\n', lines);
    }

    private static async Task<List<(string Schema, string Table, string Column, string Type)>> ColumnsAsync(MySqlConnection connection, IReadOnlyList<string> databases)
    {
        var condition = databases.Count == 0
            ? $"t.TABLE_SCHEMA NOT IN ({SystemSchemas})"
            : $"t.TABLE_SCHEMA IN ({string.Join(", ", databases.Select(name => "0x" + Convert.ToHexString(Encoding.UTF8.GetBytes(name))))})";
        var rows = await connection.QueryRowsAsync(
            "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, c.COLUMN_NAME, c.DATA_TYPE FROM information_schema.TABLES t JOIN information_schema.COLUMNS c ON BINARY c.TABLE_SCHEMA = BINARY t.TABLE_SCHEMA AND BINARY c.TABLE_NAME = BINARY t.TABLE_NAME"
            + $" WHERE t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND {condition} ORDER BY BINARY t.TABLE_SCHEMA, BINARY t.TABLE_NAME, c.ORDINAL_POSITION",
            CancellationToken.None);
        return [.. rows.Select(row => (row[0]!, row[1]!, row[2]!, row[3]!))];
    }

    private static void WriteSelect(SqlBuffer sql, string schema, string table, IEnumerable<(string Schema, string Table, string Column, string Type)> columns)
    {
        var separator = "SELECT ";
        foreach (var (_, _, column, type) in columns)
        {
            sql.Append(separator);
            sql.AppendIdentifier(column);
            // The text of a FLOAT has six digits only, that of a DOUBLE has all; adding 0 instead would lose the sign of a negative zero.
            if (type == "float")
                sql.Append(" * 1e0");
            separator = ", ";
        }
        sql.Append(" FROM ");
        sql.AppendIdentifier(schema);
        sql.Append(".");
        sql.AppendIdentifier(table);
    }

    private static async Task<string> DigestAsync(MySqlConnection connection, SqlBuffer select)
    {
        await using var rows = await connection.QueryAsync(select, CancellationToken.None);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The sum of the rows' digests does not depend on their order, and equal rows do not cancel out.
        var sum = UInt128.Zero;
        var count = 0L;
        while (await rows.ReadAsync(CancellationToken.None))
        {
            sum += DigestRow(rows, hash);
            count++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{count} rows {sum:x32}");
    }

    private static UInt128 DigestRow(ResultSet row, IncrementalHash hash)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        for (var i = 0; i < row.FieldCount; i++)
        {
            var value = row.GetSpan(i);
            BinaryPrimitives.WriteInt32LittleEndian(length, row.IsNull(i) ? -1 : value.Length);
            hash.AppendData(length);
            hash.AppendData(value);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
