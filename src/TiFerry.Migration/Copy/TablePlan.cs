using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Routing;
using TiFerry.Migration.Routes;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>A table as it is copied: the columns on both sides and the fixed parts of the statements.</summary>
internal sealed class TablePlan
{
    /// <summary>Plans the copy.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target.</param>
    /// <param name="extracted">Columns of the target whose values come from the source table's name.</param>
    /// <param name="isOneSnapshot">Whether the table is copied whole whatever its keys, because its changes can't be applied twice.</param>
    /// <exception cref="TiFerryException">Rows of the one can't be written to the other.</exception>
    public TablePlan(Table source, Table target, IReadOnlyList<ExtractedColumn> extracted, bool isOneSnapshot = false)
    {
        Source = source;
        Target = target;
        if (Difference(source, target, extracted) is { } difference)
            throw Differ(difference);
        Columns = [.. from column in source.Columns
                      let twin = Find(target, column.Name)
                      where twin is { IsGenerated: false }
                      select new CopyColumn(column, twin)];
        Extracted = extracted;
        var written = Columns.Select(c => c.Target.Name).Concat(extracted.Select(c => c.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        HasExtraColumns = target.WrittenColumns.Any(c => !written.Contains(c.Name));
        // A change that is applied again finds its row by the target's key, so the target needs one too, of values that the source gives.
        var hasKeys = source.RowKey is not null && target.RowKeys.Any(k => k.Columns.All(o => IsGiven(target.Columns[o])));
        var key = hasKeys && !isOneSnapshot ? source.RowKey : null;
        Key = [.. (key?.Columns ?? []).Select(o => source.Columns[o])];
        MayCollide = target.UniqueKeys.Any(k => !source.UniqueKeys.Any(s => IsImpliedBy(k, s)));
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

        var hint = key is null ? "" : $" FORCE INDEX ({TableName.Quote(key.Name)})";
        var list = Columns.Concat(extra).Select(c => c.Expression).DefaultIfEmpty("NULL");
        SelectFrom = $"SELECT {string.Join(", ", list)} FROM {source.Name}{hint}";
        OrderBy = string.Join(", ", Key.Select(k => TableName.Quote(k.Name)));
        var names = string.Join(",", Columns.Select(c => c.Target.Name).Concat(extracted.Select(c => c.Name)).Select(TableName.Quote));
        InsertPrefix = Encoding.UTF8.GetBytes($"INSERT INTO {target.Name} ({names}) VALUES ");
        ReplacePrefix = Encoding.UTF8.GetBytes($"REPLACE INTO {target.Name} ({names}) VALUES ");
        ExtractedValues = Encoding.UTF8.GetBytes(string.Join(",", extracted.Select(TargetPart.Literal)));

        bool IsGiven(Column column) => written.Contains(column.Name) || (column.IsGenerated && Find(source, column.Name) is not null);
    }

    /// <summary>What keeps rows of one table from being written to the other; null where nothing does.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target; it may have more columns, in another order, as long as an INSERT can leave them out.</param>
    /// <param name="extracted">Columns of the target whose values come from the source table's name.</param>
    public static string? Difference(Table source, Table target, IReadOnlyList<ExtractedColumn> extracted)
    {
        foreach (var column in source.Columns)
        {
            var name = TableName.Quote(column.Name);
            if (extracted.Any(e => IsSame(e.Name, column.Name)))
                return $"column {name} is to be extracted from the table's name, and the source's table has a column of that name";
            if (Find(target, column.Name) is not { } counterpart)
            {
                if (!column.IsGenerated)
                    return $"column {name} is only on the source";
            }
            else if (!counterpart.IsGenerated && !HoldsTheSame(column, counterpart))
            {
                return $"column {name} is {column.ColumnType} {column.Charset} on the source and {counterpart.ColumnType} {counterpart.Charset} on the target";
            }
        }
        foreach (var column in extracted)
        {
            if (Find(target, column.Name) is not { IsGenerated: false })
                return $"column {TableName.Quote(column.Name)}, which the route extracts from the source's names, is not on the target";
        }
        var missing = target.Columns.FirstOrDefault(t => !t.CanBeOmitted && Find(source, t.Name) is null && !extracted.Any(e => IsSame(e.Name, t.Name)));
        return missing is null ? null : $"column {TableName.Quote(missing.Name)} is only on the target, and has no default value";
    }

    /// <summary>The table on the source.</summary>
    public Table Source { get; }

    /// <summary>The table on the target.</summary>
    public Table Target { get; }

    /// <summary>The columns to copy: all but those that the target generates.</summary>
    public List<CopyColumn> Columns { get; }

    /// <summary>Columns of the target whose values come from the source table's name.</summary>
    public IReadOnlyList<ExtractedColumn> Extracted { get; }

    /// <summary>Whether the target has columns that the source does not fill.</summary>
    public bool HasExtraColumns { get; }

    /// <summary>Whether the target has a unique key in which rows can collide that the source tells apart.</summary>
    public bool MayCollide { get; }

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

    /// <summary>The values of the extracted columns, which end every row; UTF-8, empty where there are none.</summary>
    public byte[] ExtractedValues { get; }

    /// <summary>Whether rows of other source tables can never displace those of this one: every unique key of the target has all extracted columns.</summary>
    public bool IsApart => Extracted.Count > 0 && Target.UniqueKeys.All(k => !k.IsPartial && Extracted.All(e => k.Columns.Any(o => IsSame(Target.Columns[o].Name, e.Name))));

    private static Column? Find(Table table, string name) => table.Columns.FirstOrDefault(t => IsSame(t.Name, name));

    private static bool IsSame(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    // Rows that differ in some columns differ in more of them, too. Of a key on parts or expressions only its twin is known to tell the same.
    private bool IsImpliedBy(TableKey target, TableKey source)
    {
        var targetNames = target.Columns.Select(o => Target.Columns[o].Name);
        var sourceNames = source.Columns.Select(o => Source.Columns[o].Name).ToList();
        return source.IsPartial
            ? target.IsPartial && IsSame(source.Name, target.Name) && targetNames.SequenceEqual(sourceNames, StringComparer.OrdinalIgnoreCase)
            : !target.IsPartial && !sourceNames.Except(targetNames, StringComparer.OrdinalIgnoreCase).Any();
    }

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
        "drop the target's table so that it is created from the source's, or make the two the same; the target may have more columns if they have default values");
}
