using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>A table as it is copied: the columns on both sides and the fixed parts of the statements.</summary>
internal sealed class TablePlan
{
    /// <summary>Plans the copy.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target.</param>
    /// <exception cref="TiFerryException">The two differ in columns.</exception>
    public TablePlan(Table source, Table target)
    {
        Source = source;
        Target = target;
        if (Difference(source, target) is { } difference)
            throw Differ(difference);
        Columns = [.. source.WrittenColumns.Select(c => new CopyColumn(c, Counterpart(c, target)!))];
        Key = [.. (source.RowKey?.Columns ?? []).Select(o => source.Columns[o])];
        // The key's cells are selected once more behind the others where a key column is generated and so not copied.
        KeyCells = [.. Key.Select(k => Columns.FindIndex(c => c.Source == k))];
        var extra = new List<CopyColumn>();
        for (var i = 0; i < Key.Length; i++)
        {
            if (KeyCells[i] >= 0)
                continue;
            KeyCells[i] = Columns.Count + extra.Count;
            extra.Add(new CopyColumn(Key[i], Key[i]));
        }
        KeyColumns = [.. KeyCells.Select(i => i < Columns.Count ? Columns[i] : extra[i - Columns.Count])];

        var hint = source.RowKey is { } key ? $" FORCE INDEX ({TableName.Quote(key.Name)})" : "";
        var list = Columns.Concat(extra).Select(c => c.Expression).DefaultIfEmpty("NULL");
        SelectFrom = $"SELECT {string.Join(", ", list)} FROM {source.Name}{hint}";
        OrderBy = string.Join(", ", Key.Select(k => TableName.Quote(k.Name)));
        var names = string.Join(",", Columns.Select(c => TableName.Quote(c.Target.Name)));
        InsertPrefix = Encoding.UTF8.GetBytes($"INSERT INTO {target.Name} ({names}) VALUES ");
        ReplacePrefix = Encoding.UTF8.GetBytes($"REPLACE INTO {target.Name} ({names}) VALUES ");
    }

    /// <summary>What keeps rows of one table from being written to the other; null where nothing does.</summary>
    public static string? Difference(Table source, Table target)
    {
        foreach (var column in source.WrittenColumns)
        {
            var name = TableName.Quote(column.Name);
            if (Counterpart(column, target) is not { } counterpart)
                return $"column {name} is only on the source";
            if (!HoldsTheSame(column, counterpart))
                return $"column {name} is {column.ColumnType} {column.Charset} on the source and {counterpart.ColumnType} {counterpart.Charset} on the target";
        }
        var missing = target.WrittenColumns.FirstOrDefault(t => Counterpart(t, source) is null);
        return missing is null ? null : $"column {TableName.Quote(missing.Name)} is only on the target";
    }

    /// <summary>The table on the source.</summary>
    public Table Source { get; }

    /// <summary>The table on the target.</summary>
    public Table Target { get; }

    /// <summary>The columns to copy, generated ones left out.</summary>
    public List<CopyColumn> Columns { get; }

    /// <summary>The row key's columns; empty where there is no usable key.</summary>
    public Column[] Key { get; }

    /// <summary>Where the key's cells stand in a selected row.</summary>
    public int[] KeyCells { get; }

    /// <summary>How the key's cells become literals.</summary>
    public CopyColumn[] KeyColumns { get; }

    /// <summary><c>SELECT ... FROM ...</c>, without condition.</summary>
    public string SelectFrom { get; }

    /// <summary>The key's columns for ORDER BY.</summary>
    public string OrderBy { get; }

    /// <summary><c>INSERT INTO ... VALUES</c>, UTF-8.</summary>
    public byte[] InsertPrefix { get; }

    /// <summary><c>REPLACE INTO ... VALUES</c>, UTF-8.</summary>
    public byte[] ReplacePrefix { get; }

    private static Column? Counterpart(Column column, Table table) =>
        table.WrittenColumns.FirstOrDefault(t => string.Equals(t.Name, column.Name, StringComparison.OrdinalIgnoreCase));

    // ENUM, SET and BIT values travel as numbers, and the binlog's text as the bytes that the source stored.
    private static bool HoldsTheSame(Column source, Column target) => (source.Kind, target.Kind) switch
    {
        (ColumnKind.Json or ColumnKind.Text, ColumnKind.Json) or (ColumnKind.Json, ColumnKind.Text) => true,
        (ColumnKind.Text, ColumnKind.Text) => SameBytes(source.Charset, target.Charset),
        (ColumnKind.Enum or ColumnKind.Set, _) => source.Kind == target.Kind && StartAlike(source.Members, target.Members),
        _ => source.Kind == target.Kind,
    };

    // Servers print some characters of members differently.
    private static bool StartAlike(IReadOnlyList<string> source, IReadOnlyList<string> target) =>
        source.Count <= target.Count && source.Zip(target).All(m => m.First == m.Second || m.First.AsSpan().ContainsAny('\\', '?') || m.Second.AsSpan().ContainsAny('\\', '?'));

    private static bool SameBytes(string? source, string? target) => (source, target) switch
    {
        ("utf8" or "utf8mb3" or "ascii", "utf8" or "utf8mb3" or "utf8mb4") or ("ascii", "latin1") => true,
        _ => string.Equals(source, target, StringComparison.OrdinalIgnoreCase),
    };

    private TiFerryException Differ(string difference) => new(LoadErrors.ColumnsDiffer, ErrorScope.Downstream,
        $"table {Source.Name} differs between source and target: {difference}",
        "drop the target's table so that it is created from the source's, or make the two the same");
}
