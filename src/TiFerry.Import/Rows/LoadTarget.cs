using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Routing;
using TiFerry.Import.Sql;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Rows;

/// <summary>Where the rows of a table's files go.</summary>
internal sealed class LoadTarget
{
    private readonly TableName _source;
    private readonly IReadOnlyList<string>? _dumpedColumns;
    private readonly RoutedTable _route;

    /// <summary>Checks that rows can go there.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target.</param>
    /// <param name="dumpedColumns">The columns of statements that don't name theirs; null where the dump has no definition of the table.</param>
    /// <param name="route">The target's name, and columns that get their values from the source's names.</param>
    /// <exception cref="TiFerryException">A column of the route is not on the target.</exception>
    public LoadTarget(TableName source, Table target, IReadOnlyList<string>? dumpedColumns, RoutedTable route)
    {
        _source = source;
        Table = target;
        _dumpedColumns = dumpedColumns;
        _route = route;
        foreach (var column in route.Extracted)
        {
            if (Find(column.Name) is not { IsGenerated: false })
                throw Differ($"column {TableName.Quote(column.Name)}, which the route extracts from the source's names, is not on the target");
        }
        // Such a value is the same in every row; it is named as UTF-8 because sessions speak bytes.
        RowEnd = Encoding.UTF8.GetBytes(string.Concat(route.Extracted.Select(c => $",_utf8mb4{SqlText.Literal(c.Value)}")) + ")");
    }

    /// <summary>The table on the target.</summary>
    public Table Table { get; }

    /// <summary>
    /// Whether rows that may be there already can be written again. Without transactions, the checkpoint can't tell which rows of the last one are there.
    /// </summary>
    public bool CanRepeat(DuplicateRows onDuplicate) => Table.IsTransactional || (onDuplicate == DuplicateRows.Replace && Table.RowKey is not null);

    /// <summary>What ends a row in place of its closing bracket.</summary>
    public byte[] RowEnd { get; }

    /// <summary>The columns that a statement's rows give, those of the route left out.</summary>
    /// <exception cref="TiFerryException">The target does not have one of them.</exception>
    public IReadOnlyList<Column> ColumnsOf(InsertHead head)
    {
        var names = head.Columns ?? _dumpedColumns
            ?? throw Differ("the dump has no definition of the table, and its statements don't name their columns");
        return [.. names.Select(name => Find(name) switch
        {
            null => throw Differ($"column {TableName.Quote(name)} is only in the dump"),
            { IsGenerated: true } => throw Differ($"column {TableName.Quote(name)} is generated on the target, and the dump has values for it"),
            var column => column,
        })];
    }

    /// <summary>What a statement begins with.</summary>
    public byte[] PrefixOf(IReadOnlyList<Column> columns, DuplicateRows onDuplicate)
    {
        var verb = onDuplicate == DuplicateRows.Replace ? "REPLACE" : "INSERT";
        var names = columns.Select(c => c.Name).Concat(_route.Extracted.Select(c => c.Name)).Select(TableName.Quote);
        return Encoding.UTF8.GetBytes($"{verb} INTO {Table.Name} ({string.Join(",", names)}) VALUES ");
    }

    /// <summary>What a statement ends with. INSERT IGNORE would let wrong values pass, too; so a row that is there is updated to what it is.</summary>
    public static byte[] SuffixOf(IReadOnlyList<Column> columns, DuplicateRows onDuplicate)
    {
        if (onDuplicate != DuplicateRows.Ignore || columns.Count == 0)
            return [];
        var name = TableName.Quote(columns[0].Name);
        return Encoding.UTF8.GetBytes($" ON DUPLICATE KEY UPDATE {name} = {name}");
    }

    private Column? Find(string name) => Table.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    private TiFerryException Differ(string difference) => new(LoadErrors.ColumnsDiffer, ErrorScope.Downstream,
        $"table {_source} of the dump and {Table.Name} on the target differ: {difference}",
        "drop the target's table so that it is created from the dump, or make the two the same; the target may have more columns if they have default values");
}
