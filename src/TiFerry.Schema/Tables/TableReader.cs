using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Schema.Tables;

/// <summary>Reads table definitions from a server's <c>information_schema</c>.</summary>
public static class TableReader
{
    /// <summary>Reads one table.</summary>
    /// <param name="connection">A connection whose session has character set binary or utf8mb4.</param>
    /// <param name="name">The table.</param>
    /// <param name="scope">Which side the server is on, for errors.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns>The table; null where no base table has that name.</returns>
    /// <exception cref="TiFerryException">A column has a type that is not known.</exception>
    public static async ValueTask<Table?> ReadAsync(MySqlConnection connection, TableName name, ErrorScope scope, CancellationToken ct)
    {
        var tables = await ReadWhereAsync(connection, name.Schema, $" AND TABLE_NAME = {Literal(name.Name)}", scope, ct);
        return tables.Count == 0 ? null : tables[0];
    }

    /// <summary>Reads all base tables of a schema, ordered by name.</summary>
    /// <param name="connection">A connection whose session has character set binary or utf8mb4.</param>
    /// <param name="schema">The database.</param>
    /// <param name="scope">Which side the server is on, for errors.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="TiFerryException">A column has a type that is not known.</exception>
    public static ValueTask<List<Table>> ReadSchemaAsync(MySqlConnection connection, string schema, ErrorScope scope, CancellationToken ct) =>
        ReadWhereAsync(connection, schema, "", scope, ct);

    private static async ValueTask<List<Table>> ReadWhereAsync(
        MySqlConnection connection, string schema, string condition, ErrorScope scope, CancellationToken ct)
    {
        var where = $"TABLE_SCHEMA = {Literal(schema)}{condition}";
        var columns = await ReadColumnsAsync(connection, where, scope, ct);
        var keys = await ReadKeysAsync(connection, where, ct);
        var rows = await connection.QueryRowsAsync(
            $"SELECT TABLE_NAME, ENGINE, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES WHERE {where} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME", ct);
        var tables = new List<Table>(rows.Count);
        foreach (var row in rows)
        {
            var name = row[0]!;
            if (!columns.TryGetValue(name, out var tableColumns))
                continue;
            tables.Add(new Table
            {
                Name = new TableName(schema, name),
                Columns = tableColumns,
                UniqueKeys = keys.TryGetValue(name, out var parts) ? BuildKeys(parts, tableColumns) : [],
                Engine = row[1] ?? "",
                EstimatedRows = Number(row[2]),
                EstimatedBytes = Number(row[3]),
            });
        }
        return tables;
    }

    private static async ValueTask<Dictionary<string, List<Column>>> ReadColumnsAsync(
        MySqlConnection connection, string where, ErrorScope scope, CancellationToken ct)
    {
        var rows = await connection.QueryRowsAsync(
            $"SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, COLLATION_NAME, IS_NULLABLE, EXTRA, CHARACTER_OCTET_LENGTH, TABLE_SCHEMA, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE {where} ORDER BY TABLE_NAME, ORDINAL_POSITION", ct);
        var byTable = new Dictionary<string, List<Column>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var table = row[0]!;
            if (!byTable.TryGetValue(table, out var list))
                byTable.Add(table, list = []);
            var dataType = row[2]!.ToLowerInvariant();
            var columnType = row[3]!;
            if (KindOf(dataType) is not { } kind)
            {
                throw new TiFerryException(SchemaErrors.UnsupportedType, scope,
                    $"column {TableName.Quote(row[1]!)} of table {new TableName(row[9]!, table)} has type {columnType}, which is not known",
                    "leave the table out with --filter or the block-allow-list, or change the column's type");
            }
            var extra = row[7] ?? "";
            var isVirtual = HasWord(extra, "VIRTUAL");
            var isNullable = string.Equals(row[6], "YES", StringComparison.OrdinalIgnoreCase);
            var isGenerated = isVirtual || HasWord(extra, "STORED") || HasWord(extra, "PERSISTENT");
            list.Add(new Column
            {
                Ordinal = list.Count,
                Name = row[1]!,
                ColumnType = columnType,
                Kind = kind,
                Charset = row[4],
                Collation = row[5],
                IsNullable = isNullable,
                IsUnsigned = kind is ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Float or ColumnKind.Double && columnType.Contains("unsigned", StringComparison.OrdinalIgnoreCase),
                IsGenerated = isGenerated,
                IsVirtual = isVirtual,
                CanBeOmitted = isNullable || isGenerated || row[10] is not null || HasWord(extra, "auto_increment"),
                FixedLength = kind == ColumnKind.FixedBinary ? (int)Number(row[8]) : 0,
                HasDisplayScale = kind is ColumnKind.Float or ColumnKind.Double && columnType.Contains('('),
                Members = kind is ColumnKind.Enum or ColumnKind.Set ? ParseMembers(columnType) : [],
            });
        }
        return byTable;
    }

    private static async ValueTask<Dictionary<string, List<string?[]>>> ReadKeysAsync(MySqlConnection connection, string where, CancellationToken ct)
    {
        var rows = await connection.QueryRowsAsync(
            $"SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS WHERE {where} AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX", ct);
        var byTable = new Dictionary<string, List<string?[]>>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!byTable.TryGetValue(row[0]!, out var list))
                byTable.Add(row[0]!, list = []);
            list.Add(row);
        }
        return byTable;
    }

    private static List<TableKey> BuildKeys(List<string?[]> parts, List<Column> columns)
    {
        var keys = new List<TableKey>();
        foreach (var group in parts.GroupBy(p => p[1]!, StringComparer.Ordinal))
        {
            var ordinals = new List<int>();
            var isPartial = false;
            foreach (var part in group)
            {
                var ordinal = part[2] is { } name ? columns.FindIndex(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)) : -1;
                isPartial |= ordinal < 0 || part[3] is not null;
                if (ordinal >= 0)
                    ordinals.Add(ordinal);
            }
            keys.Add(new TableKey
            {
                Name = group.Key,
                Columns = ordinals,
                IsPartial = isPartial,
                IsNullable = ordinals.Exists(o => columns[o].IsNullable),
            });
        }
        return keys;
    }

    /// <summary>The kind of a type by its name in <c>DATA_TYPE</c>; null for one that is not known.</summary>
    /// <param name="dataType">The name in lower case.</param>
    public static ColumnKind? KindOf(string dataType) => dataType switch
    {
        "tinyint" or "smallint" or "mediumint" or "int" or "integer" or "bigint" => ColumnKind.Integer,
        "decimal" or "numeric" => ColumnKind.Decimal,
        "float" => ColumnKind.Float,
        "double" or "real" => ColumnKind.Double,
        "bit" => ColumnKind.Bit,
        "year" => ColumnKind.Year,
        "date" or "time" or "datetime" or "timestamp" => ColumnKind.Temporal,
        "enum" => ColumnKind.Enum,
        "set" => ColumnKind.Set,
        "char" or "varchar" or "tinytext" or "text" or "mediumtext" or "longtext" => ColumnKind.Text,
        "binary" => ColumnKind.FixedBinary,
        "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" => ColumnKind.Binary,
        "json" => ColumnKind.Json,
        "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon"
            or "geometrycollection" or "geomcollection" => ColumnKind.Geometry,
        "vector" => ColumnKind.Vector,
        "uuid" => ColumnKind.Uuid,
        "inet4" => ColumnKind.Inet4,
        "inet6" => ColumnKind.Inet6,
        _ => null,
    };

    /// <summary>The members of <c>enum('a','b''c')</c> in order. Servers write NUL, newline, return and backslash with a backslash, whatever the sql_mode.</summary>
    internal static List<string> ParseMembers(string columnType)
    {
        var members = new List<string>();
        var current = new System.Text.StringBuilder();
        var inside = false;
        for (var i = 0; i < columnType.Length; i++)
        {
            if (columnType[i] != '\'')
            {
                if (inside)
                    current.Append(columnType[i] == '\\' && i + 1 < columnType.Length ? Unescaped(columnType[++i]) : columnType[i]);
            }
            else if (inside && i + 1 < columnType.Length && columnType[i + 1] == '\'')
            {
                current.Append('\'');
                i++;
            }
            else
            {
                if (inside)
                    members.Add(current.ToString());
                current.Clear();
                inside = !inside;
            }
        }
        return members;
    }

    private static char Unescaped(char letter) => letter switch
    {
        '0' => '\0',
        'n' => '\n',
        'r' => '\r',
        _ => letter,
    };

    private static bool HasWord(string extra, string word) =>
        extra.Split(' ').Contains(word, StringComparer.OrdinalIgnoreCase);

    private static long Number(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (long)Math.Min(value, long.MaxValue) : 0;

    private static string Literal(string text) => SqlText.Literal(text);
}
