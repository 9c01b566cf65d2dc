using System.Text;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.Core.Routing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Route;

/// <summary>
/// Finds for each column of a row event the column of the target that takes it. Row events name columns by their place only, so by name needs the source's
/// definition at that position; without one both sides must have the same columns in the same order.
/// </summary>
internal static class TableMapper
{
    /// <summary>Maps a table.</summary>
    /// <param name="map">The table as the row event describes it.</param>
    /// <param name="source">The source's definition at that position; null where it is not known.</param>
    /// <param name="target">The table on the target.</param>
    /// <param name="extracted">Values that the route takes from names.</param>
    /// <param name="mayLack">Whether the target may lack columns of the source, whose values then go nowhere.</param>
    /// <param name="position">Where the row event stands, for messages.</param>
    /// <exception cref="TiFerryException">Values would go to columns that don't hold them, or nowhere.</exception>
    public static TableMapping Map(TableMapEvent map, Table? source, TargetTable target, IReadOnlyList<ExtractedColumn> extracted, bool mayLack, BinlogPosition position)
    {
        var name = new TableName(map.Schema, map.Table);
        var constants = extracted.Select(e => ConstantOf(e, name, target, position)).ToList();
        var columns = source is not null ? ByName(map, source, target, position)
            : map.ColumnCount > 0 && map.Columns[0].Name is not null ? ByLoggedName(map, target)
            : ByPlace(map, target, constants, position);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] is { } column)
                RequireHolds(column, map.Columns[i], name, target, position);
            else if (!mayLack && source?.Columns[i] is not { IsGenerated: true })
                throw Lacking(name, target, source?.Columns[i].Name ?? map.Columns[i].Name!, position);
        }
        return new TableMapping(name, target, columns, constants);
    }

    private static ConstantColumn ConstantOf(ExtractedColumn extracted, TableName source, TargetTable target, BinlogPosition position) =>
        new(Find(target.Table, extracted.Name)
            ?? throw Mismatch(source, target, position, $"the route writes column {TableName.Quote(extracted.Name)}, which the target does not have"),
            Encoding.UTF8.GetBytes($"_utf8mb4 x'{Convert.ToHexString(Encoding.UTF8.GetBytes(extracted.Value))}'"));

    private static MappedColumn?[] ByName(TableMapEvent map, Table source, TargetTable target, BinlogPosition position)
    {
        RequireSameLength(map, source, new TableName(map.Schema, map.Table), target, position, "the source's definition");
        return [.. source.Columns.Select(column => Find(target.Table, column.Name) is { } found ? Pair(column, found, map.Columns[column.Ordinal]) : null)];
    }

    private static MappedColumn?[] ByLoggedName(TableMapEvent map, TargetTable target) =>
        [.. map.Columns.Select(column => Find(target.Table, column.Name!) is { } found ? new MappedColumn(found, column.IsUnsigned ?? found.IsUnsigned) : null)];

    private static MappedColumn?[] ByPlace(TableMapEvent map, TargetTable target, List<ConstantColumn> constants, BinlogPosition position)
    {
        var columns = target.Table.Columns.Where(c => constants.TrueForAll(k => k.Target != c)).ToList();
        RequireSameLength(map, target.Table with { Columns = columns }, new TableName(map.Schema, map.Table), target, position, "the target");
        return [.. columns.Select((column, i) => new MappedColumn(column, map.Columns[i].IsUnsigned ?? column.IsUnsigned))];
    }

    // MariaDB adds a hidden column for each unique key that it checks by a hash (knowledge base, "Unique Indexes on Blobs").
    private static void RequireSameLength(TableMapEvent map, Table table, TableName source, TargetTable target, BinlogPosition position, string whose)
    {
        var hidden = map.ColumnCount - table.Columns.Count;
        var hashed = table.UniqueKeys.Count(key => !key.IsPrimary && key.Columns.Any(c => MayBeHashed(table, c)));
        if (hidden < 0 || hidden > hashed || map.Columns.Skip(table.Columns.Count).Any(c => c.Type != BinlogColumnType.LongLong))
            throw Mismatch(source, target, position, $"the row event has {map.ColumnCount} columns, {whose} has {table.Columns.Count}");
    }

    private static bool MayBeHashed(Table table, int ordinal) =>
        ordinal < table.Columns.Count && table.Columns[ordinal].Kind is ColumnKind.Text or ColumnKind.Binary or ColumnKind.Json;

    private static MappedColumn Pair(Column source, Column target, BinlogColumn logged) =>
        new(target, logged.IsUnsigned ?? source.IsUnsigned)
        {
            Introducer = source is { Kind: ColumnKind.Text, Charset: not null } && target is { Kind: ColumnKind.Text, Charset: not null }
                && ExactText.Introducer(source) != ExactText.Introducer(target) ? ExactText.Introducer(source) : null,
            Members = source.Kind is ColumnKind.Enum or ColumnKind.Set && target.Kind == source.Kind && !IsPrefix(source.Members, target.Members) ? source.Members : null,
        };

    private static bool IsPrefix(IReadOnlyList<string> of, IReadOnlyList<string> members) =>
        of.Count <= members.Count && of.Select((member, i) => string.Equals(member, members[i], StringComparison.Ordinal)).All(same => same);

    private static Column? Find(Table table, string name) => table.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    private static void RequireHolds(MappedColumn column, BinlogColumn logged, TableName source, TargetTable target, BinlogPosition position)
    {
        var name = TableName.Quote(column.Target.Name);
        if (!Holds(column.Target.Kind, logged.Type))
            throw Mismatch(source, target, position, $"column {name} is {column.Target.ColumnType} on the target, but the source's row holds {logged.Type}");
    }

    private static TiFerryException Mismatch(TableName source, TargetTable target, BinlogPosition position, string difference) =>
        new(SyncErrors.ColumnMismatch, ErrorScope.Downstream,
            $"rows of table {source} at {position} don't fit table {target.Table.Name} of the target: {difference}",
            "make the target's table take the source's columns as they were at that position; tell the source's definition (binlog-schema update) where it is not known; or leave the table out and copy it again");

    private static TiFerryException Lacking(TableName source, TargetTable target, string column, BinlogPosition position) =>
        new(SyncErrors.ColumnMismatch, ErrorScope.Downstream,
            $"table {target.Table.Name} of the target lacks column {TableName.Quote(column)}, which rows of table {source} at {position} have",
            "add the column to the target's table; or say that such columns are not wanted, with a binlog event filter that ignores 'add column' of the source's table");

    private static bool Holds(ColumnKind kind, BinlogColumnType type) => kind switch
    {
        ColumnKind.Integer => type is BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong,
        ColumnKind.Decimal => type is BinlogColumnType.NewDecimal,
        ColumnKind.Float => type is BinlogColumnType.Float,
        ColumnKind.Double => type is BinlogColumnType.Double or BinlogColumnType.Float,
        ColumnKind.Bit => type is BinlogColumnType.Bit,
        ColumnKind.Year => type is BinlogColumnType.Year,
        ColumnKind.Temporal => type is BinlogColumnType.Date or BinlogColumnType.NewDate or BinlogColumnType.Time or BinlogColumnType.Time2
            or BinlogColumnType.DateTime or BinlogColumnType.DateTime2 or BinlogColumnType.Timestamp or BinlogColumnType.Timestamp2,
        ColumnKind.Enum => type is BinlogColumnType.Enum,
        ColumnKind.Set => type is BinlogColumnType.Set,
        // MySQL's JSON becomes MariaDB's LONGTEXT.
        ColumnKind.Text => IsBytes(type) || type is BinlogColumnType.Json,
        ColumnKind.Json => type is BinlogColumnType.Json || IsBytes(type),
        ColumnKind.Geometry => type is BinlogColumnType.Geometry,
        ColumnKind.Vector => type is BinlogColumnType.Vector || IsBytes(type),
        _ => IsBytes(type),
    };

    private static bool IsBytes(BinlogColumnType type) => type is BinlogColumnType.String or BinlogColumnType.VarChar or BinlogColumnType.VarString
        or BinlogColumnType.Blob or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob
        or BinlogColumnType.BlobCompressed or BinlogColumnType.VarCharCompressed;
}
