using TiFerry.Core.Routing;
using TiFerry.Diff.Chunks;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff.Rows;

/// <summary>A table on both sides: the columns that both have, a key that both have, and the fixed parts of the statements.</summary>
internal sealed class ComparedTable
{
    private readonly string _sourceIndex;
    private readonly string _targetIndex;
    private readonly string _targetCondition;
    private readonly string[] _merged;

    /// <summary>Finds what both sides have in common.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target.</param>
    /// <param name="sourceFlavour">The source's family.</param>
    /// <param name="targetFlavour">The target's family.</param>
    /// <param name="merged">Further tables of the source that go to the same one.</param>
    /// <param name="fixedColumns">Columns of the target whose value is the same for all rows to compare.</param>
    /// <param name="allowsExtraColumns">Whether columns that only the target has, or generates, don't count.</param>
    public ComparedTable(
        Table source, Table target, ServerFlavour sourceFlavour, ServerFlavour targetFlavour,
        IReadOnlyList<Table>? merged = null, IReadOnlyList<ExtractedColumn>? fixedColumns = null, bool allowsExtraColumns = false)
    {
        Source = source;
        Target = target;
        FixedColumns = fixedColumns ?? [];
        AllowsExtraColumns = allowsExtraColumns;
        var others = merged ?? [];
        Columns =
        [
            .. from column in source.Columns
               let twin = Find(target, column.Name)
               where twin is not null && !(allowsExtraColumns && twin.IsGenerated && !column.IsGenerated) && others.All(o => Find(o, column.Name) is not null)
               select new ComparedColumn(column, twin, sourceFlavour, targetFlavour),
        ];
        _targetCondition = string.Join(" AND ", FixedColumns.Select(c => $"{TableName.Quote(c.Name)} = _utf8mb4{SqlText.Literal(c.Value)}"));
        // Each of the merged tables may have the columns in an order, and with types, of its own.
        _merged = [.. others.Select(o => $"SELECT {string.Join(", ", Columns.Select(c => new ComparedColumn(Find(o, c.Source.Name)!, c.Target, sourceFlavour, targetFlavour).SourceExpression).DefaultIfEmpty("NULL"))} FROM {o.Name}")];
        var keys = _merged.Length > 0 ? null : CommonKey();
        SourceKey = keys?.Source;
        Key = keys is { } found ? [.. found.Source.Columns.Select(o => Columns.FindIndex(c => c.Source.Ordinal == o))] : [];
        _sourceIndex = keys is null ? "" : $" FORCE INDEX ({TableName.Quote(keys.Value.Source.Name)})";
        _targetIndex = keys is null ? "" : $" FORCE INDEX ({TableName.Quote(keys.Value.Target.Name)})";
    }

    /// <summary>The table on the source.</summary>
    public Table Source { get; }

    /// <summary>The table on the target.</summary>
    public Table Target { get; }

    /// <summary>Columns of the target whose value is the same for all rows to compare.</summary>
    public IReadOnlyList<ExtractedColumn> FixedColumns { get; }

    /// <summary>Whether columns that only the target has don't count.</summary>
    public bool AllowsExtraColumns { get; }

    /// <summary>The columns that both sides have; cells of a selected row stand in this order.</summary>
    public List<ComparedColumn> Columns { get; }

    /// <summary>Where the row key's cells stand in a selected row; empty where there is no key that names a row on both sides.</summary>
    public int[] Key { get; }

    /// <summary>Whether both sides order the key alike, so that they can be read in ranges of it.</summary>
    public bool HasSameOrder => Key.Length > 0 && Key.All(k => Columns[k].HasSameOrder);

    /// <summary>The key on the source; null where there is none that names a row on both sides.</summary>
    public TableKey? SourceKey { get; }

    /// <summary>All rows of a side, in any order: one statement, or one for each of the merged tables.</summary>
    public IEnumerable<string> SelectAll(Side side) => side == Side.Source
        ? [Select(side), .. _merged]
        : [$"{Select(side)}{Where(side, [])}"];

    /// <summary>The rows of a key range, in key order.</summary>
    /// <param name="side">Which side.</param>
    /// <param name="chunk">The range.</param>
    public string SelectRange(Side side, Chunk chunk) => $"{SelectByKey(side)}{InOrder(side, chunk)}";

    /// <summary>The row of one key.</summary>
    /// <param name="side">Which side.</param>
    /// <param name="key">The key.</param>
    public string SelectOne(Side side, byte[] key)
    {
        var cells = RowKey.Cells(key);
        var conditions = Key.Select((k, i) => side == Side.Source
            ? $"{TableName.Quote(Columns[k].Source.Name)} = {Columns[k].SourceLiteral(cells[i].Span)}"
            : $"{TableName.Quote(Columns[k].Target.Name)} = {Columns[k].TargetLiteral(cells[i].Span)}");
        return $"{SelectByKey(side)}{Where(side, conditions)}";
    }

    /// <summary>The key of the current row as literals, for a range.</summary>
    public string[] KeyLiterals(ResultSet row) => [.. Key.Select(k => Columns[k].SourceLiteral(row.GetSpan(k)))];

    /// <summary>A key as a person reads it: <c>id=5, code='a'</c>.</summary>
    public string Describe(byte[] key) =>
        string.Join(", ", RowKey.Cells(key).Select((cell, i) => $"{Columns[Key[i]].Source.Name}={Columns[Key[i]].Describe(cell.Span)}"));

    private string Select(Side side) => $"SELECT {List(side)} FROM {(side == Side.Source ? Source.Name : Target.Name)}";

    private string Where(Side side, IEnumerable<string> conditions)
    {
        var all = string.Join(" AND ", side == Side.Target && _targetCondition.Length > 0 ? conditions.Prepend(_targetCondition) : conditions);
        return all.Length == 0 ? "" : $" WHERE {all}";
    }

    private string SelectByKey(Side side) => $"{Select(side)}{(side == Side.Source ? _sourceIndex : _targetIndex)}";

    private string InOrder(Side side, Chunk chunk)
    {
        Column[] key = [.. Key.Select(k => side == Side.Source ? Columns[k].Source : Columns[k].Target)];
        var conditions = new List<string>(2);
        if (chunk.Lower is not null)
            conditions.Add(KeyRange.From(key, chunk.Lower));
        if (chunk.Upper is not null)
            conditions.Add(KeyRange.Before(key, chunk.Upper));
        return $"{Where(side, conditions)} ORDER BY {string.Join(", ", key.Select(c => TableName.Quote(c.Name)))}";
    }

    private string List(Side side) =>
        string.Join(", ", Columns.Select(c => side == Side.Source ? c.SourceExpression : c.TargetExpression).DefaultIfEmpty("NULL"));

    // A key of the same columns in the same order on both sides; those of one value don't count.
    private (TableKey Source, TableKey Target)? CommonKey()
    {
        foreach (var key in Source.RowKeys)
        {
            var names = key.Columns.Select(o => Source.Columns[o].Name).ToList();
            var twin = Target.RowKeys.FirstOrDefault(
                k => k.Columns.Select(o => Target.Columns[o].Name).Where(n => !FixedColumns.Any(c => string.Equals(c.Name, n, StringComparison.OrdinalIgnoreCase))).SequenceEqual(names, StringComparer.OrdinalIgnoreCase));
            if (twin is not null)
                return (key, twin);
        }
        return null;
    }

    private static Column? Find(Table table, string name) =>
        table.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}
