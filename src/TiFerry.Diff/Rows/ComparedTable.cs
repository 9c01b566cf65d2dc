using TiFerry.Diff.Chunks;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff.Rows;

/// <summary>A table on both sides: the columns that both have, a key that both have, and the fixed parts of the statements.</summary>
internal sealed class ComparedTable
{
    private readonly string _sourceIndex;
    private readonly string _targetIndex;

    /// <summary>Finds what both sides have in common.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target.</param>
    /// <param name="sourceFlavour">The source's family.</param>
    /// <param name="targetFlavour">The target's family.</param>
    public ComparedTable(Table source, Table target, ServerFlavour sourceFlavour, ServerFlavour targetFlavour)
    {
        Source = source;
        Target = target;
        Columns =
        [
            .. from column in source.Columns
               let twin = Find(target, column.Name)
               where twin is not null
               select new ComparedColumn(column, twin, sourceFlavour, targetFlavour),
        ];
        var keys = CommonKey();
        SourceKey = keys?.Source;
        Key = keys is { } found ? [.. found.Source.Columns.Select(o => Columns.FindIndex(c => c.Source.Ordinal == o))] : [];
        _sourceIndex = keys is null ? "" : $" FORCE INDEX ({TableName.Quote(keys.Value.Source.Name)})";
        _targetIndex = keys is null ? "" : $" FORCE INDEX ({TableName.Quote(keys.Value.Target.Name)})";
    }

    /// <summary>The table on the source.</summary>
    public Table Source { get; }

    /// <summary>The table on the target.</summary>
    public Table Target { get; }

    /// <summary>The columns that both sides have; cells of a selected row stand in this order.</summary>
    public List<ComparedColumn> Columns { get; }

    /// <summary>Where the row key's cells stand in a selected row; empty where there is no key that names a row on both sides.</summary>
    public int[] Key { get; }

    /// <summary>Whether both sides order the key alike, so that they can be read in ranges of it.</summary>
    public bool HasSameOrder => Key.Length > 0 && Key.All(k => Columns[k].HasSameOrder);

    /// <summary>The key on the source; null where there is none that names a row on both sides.</summary>
    public TableKey? SourceKey { get; }

    /// <summary>All rows of a side, in any order.</summary>
    public string SelectAll(Side side) => side == Side.Source
        ? $"SELECT {List(side)} FROM {Source.Name}"
        : $"SELECT {List(side)} FROM {Target.Name}";

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
        return $"{SelectByKey(side)} WHERE {string.Join(" AND ", conditions)}";
    }

    /// <summary>The key of the current row as literals, for a range.</summary>
    public string[] KeyLiterals(ResultSet row) => [.. Key.Select(k => Columns[k].SourceLiteral(row.GetSpan(k)))];

    /// <summary>A key as a person reads it: <c>id=5, code='a'</c>.</summary>
    public string Describe(byte[] key) =>
        string.Join(", ", RowKey.Cells(key).Select((cell, i) => $"{Columns[Key[i]].Source.Name}={Columns[Key[i]].Describe(cell.Span)}"));

    private string SelectByKey(Side side) => $"{SelectAll(side)}{(side == Side.Source ? _sourceIndex : _targetIndex)}";

    private string InOrder(Side side, Chunk chunk)
    {
        Column[] key = [.. Key.Select(k => side == Side.Source ? Columns[k].Source : Columns[k].Target)];
        var conditions = new List<string>(2);
        if (chunk.Lower is not null)
            conditions.Add(KeyRange.From(key, chunk.Lower));
        if (chunk.Upper is not null)
            conditions.Add(KeyRange.Before(key, chunk.Upper));
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return $"{where} ORDER BY {string.Join(", ", key.Select(c => TableName.Quote(c.Name)))}";
    }

    private string List(Side side) =>
        string.Join(", ", Columns.Select(c => side == Side.Source ? c.SourceExpression : c.TargetExpression).DefaultIfEmpty("NULL"));

    // A key of the same columns in the same order on both sides.
    private (TableKey Source, TableKey Target)? CommonKey()
    {
        foreach (var key in Source.RowKeys)
        {
            var names = key.Columns.Select(o => Source.Columns[o].Name).ToList();
            var twin = Target.RowKeys.FirstOrDefault(
                k => k.Columns.Select(o => Target.Columns[o].Name).SequenceEqual(names, StringComparer.OrdinalIgnoreCase));
            if (twin is not null)
                return (key, twin);
        }
        return null;
    }

    private static Column? Find(Table table, string name) =>
        table.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}
