using System.Globalization;
using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Tests.Tracking;

/// <summary>Tables as lines of text, so that a difference can be read.</summary>
internal static class TableText
{
    /// <summary>All that <see cref="TableReader"/> reads.</summary>
    public static string Of(Table table) => string.Join('\n',
    [
        $"engine {table.Engine}",
        .. table.Columns.Select(c => string.Create(CultureInfo.InvariantCulture,
            $"column {c.Ordinal} {c.Name} {c.ColumnType} {c.Kind} {c.Charset} {c.Collation} null={c.IsNullable} unsigned={c.IsUnsigned} generated={c.IsGenerated} virtual={c.IsVirtual} fixed={c.FixedLength} scale={c.HasDisplayScale} members={c.Members.Count}")),
        .. table.UniqueKeys.Select(k => $"key {k.Name} ({string.Join(',', k.Columns)}) partial={k.IsPartial} null={k.IsNullable}"),
        $"row key {table.RowKey?.Name}",
    ]);

    /// <summary>Defaults, extras, comments and all keys of a definition.</summary>
    public static string DetailsOf(TableDefinition table) => string.Join('\n',
    [
        .. table.Columns.Select(c => $"{c.Name} default={DefaultOf(c)} extra={ExtraOf(c)} comment={c.Comment}"),
        .. table.Keys.OrderBy(k => k.Name, StringComparer.OrdinalIgnoreCase).SelectMany(k => PartsOf(k, table)),
    ]);

    /// <summary>Names and columns of foreign keys and checks.</summary>
    public static string ConstraintsOf(TableDefinition table) => string.Join('\n',
    [
        .. table.ForeignKeys.Select(f => $"foreign key {f.ConstraintName} ({string.Join(',', f.Columns)}) {f.Reference.Table} ({string.Join(',', f.Reference.Columns)})").Order(StringComparer.Ordinal),
        .. table.Checks.Select(c => $"check {c.ConstraintName} enforced={c.IsEnforced ?? true}").Order(StringComparer.Ordinal),
        .. table.Columns.Where(c => c.Checks.Count > 0).Select(c => $"{c.Name} checked"),
        $"charset {table.Charset} {table.Collation} comment {table.Comment}",
        $"partitions {string.Join(',', table.Partitioning?.Partitions.Select(p => p.Name) ?? [])} {table.Partitioning?.Rule.Method}",
        .. table.Options.Select(o => $"option {o.Name} {o.Value}").Order(StringComparer.OrdinalIgnoreCase),
    ]);

    /// <summary>The same as <see cref="DetailsOf"/> from <c>information_schema</c>.</summary>
    public static async Task<string> ReadDetailsAsync(MySqlConnection connection, TableName name, TableDefinition definition)
    {
        var where = $"TABLE_SCHEMA = {SqlText.Literal(name.Schema)} AND TABLE_NAME = {SqlText.Literal(name.Name)}";
        var isMariaDb = definition.Dialect.Flavour == ServerFlavour.MariaDb;
        var columns = await connection.QueryRowsAsync($"SELECT COLUMN_NAME, COLUMN_DEFAULT, EXTRA, COLUMN_COMMENT, DATA_TYPE FROM information_schema.COLUMNS WHERE {where} ORDER BY ORDINAL_POSITION", CancellationToken.None);
        var visibility = isMariaDb ? "IF(IGNORED = 'YES', 'NO', 'YES')" : definition.Dialect.Version >= 80000 ? "IS_VISIBLE" : "'YES'";
        var keys = await connection.QueryRowsAsync(
            $"SELECT INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME, SUB_PART, COLLATION, INDEX_TYPE, {visibility} FROM information_schema.STATISTICS WHERE {where} ORDER BY INDEX_NAME, SEQ_IN_INDEX", CancellationToken.None);
        return string.Join('\n',
        [
            .. columns.Select(c => $"{c[0]} default={DefaultOf(c, definition)} extra={ExtraOf(c[2]!)} comment={c[3]}"),
            .. keys.OrderBy(k => k[0], StringComparer.OrdinalIgnoreCase).ThenBy(k => int.Parse(k[2]!, CultureInfo.InvariantCulture)).Select(k =>
                $"index {k[0]} {(k[6] is "FULLTEXT" or "SPATIAL" ? k[6] : k[1] == "0" ? "UNIQUE" : "")} {k[2]} {k[3] ?? "expression"} {(k[6] == "SPATIAL" ? "" : k[4])} {(k[5] == "D" ? "desc" : "")} visible={k[7]}"),
        ]);
    }

    private static IEnumerable<string> PartsOf(KeyDefinition key, TableDefinition table)
    {
        var type = key.Type switch
        {
            KeyType.Primary or KeyType.Unique => "UNIQUE",
            KeyType.Fulltext => "FULLTEXT",
            KeyType.Spatial => "SPATIAL",
            _ => "",
        };
        var columns = key.Parts.Select(p => (Name: p.Column ?? "expression", p.PrefixLength, p.IsDescending)).ToList();
        if (table.Periods.FirstOrDefault(p => p.Name.Equals(key.WithoutOverlaps, StringComparison.OrdinalIgnoreCase)) is { } period)
            columns.AddRange([(period.End, null, false), (period.Start, null, false)]);
        var isVisible = key.IsVisible is not false && key.IsIgnored is not true;
        return columns.Select((p, i) => $"index {key.Name} {type} {i + 1} {p.Name} {p.PrefixLength} {(p.IsDescending ? "desc" : "")} visible={(isVisible ? "YES" : "NO")}");
    }

    private static string DefaultOf(ColumnDefinition column) => column.Default?.Kind switch
    {
        null or DefaultKind.Null => "none",
        DefaultKind.CurrentTimestamp => column.Default.Expression.Text,
        DefaultKind.Literal when column.Type.Name is "binary" or "varbinary" => "bytes",
        DefaultKind.Literal when column.Type.Name == "bit" => $"b'{column.Default.Value}'",
        DefaultKind.Literal => column.Default.Value ?? "?",
        _ => "expression",
    };

    private static string DefaultOf(string?[] column, TableDefinition definition)
    {
        var tracked = definition.Columns.FirstOrDefault(c => c.Name == column[0]);
        var text = column[1];
        var isMariaDb = definition.Dialect.Flavour == ServerFlavour.MariaDb;
        if (text is null || (isMariaDb && text == "NULL"))
            return "none";
        if (tracked?.Default?.Kind == DefaultKind.Expression)
            return "expression";
        if (text.StartsWith("current_timestamp", StringComparison.OrdinalIgnoreCase))
            return text.ToUpperInvariant().Replace("()", "", StringComparison.Ordinal);
        if (column[4] is "binary" or "varbinary")
            return "bytes";
        if (isMariaDb && text.StartsWith('\''))
            return text[1..^1].Replace("''", "'", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);
        return tracked?.Default is { Kind: DefaultKind.Literal, Value: null } ? "?" : text;
    }

    private static string ExtraOf(ColumnDefinition column)
    {
        var words = new List<string>();
        if (column.IsAutoIncrement)
            words.Add("auto_increment");
        if (column.OnUpdate is { } clock)
            words.Add($"on update {clock.Text}");
        if (column.Generated is { } generated)
            words.Add($"{generated.Storage} GENERATED");
        if (column.RowTime != RowTime.None)
            words.Add("STORED GENERATED");
        if (column.IsVisible is false)
            words.Add("INVISIBLE");
        return string.Join(' ', words).ToUpperInvariant();
    }

    private static string ExtraOf(string extra) =>
        extra.ToUpperInvariant().Replace("DEFAULT_GENERATED", "", StringComparison.Ordinal).Replace("()", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal).Trim();
}
