using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Source;

/// <summary>
/// Guards against writing values to the wrong columns: row events name columns by their place, so both sides must have the same ones in the same order.
/// </summary>
internal static class ColumnCheck
{
    /// <summary>Compares a table map with the target's table.</summary>
    /// <exception cref="TiFerryException">Number or types of columns differ.</exception>
    public static void RequireSame(TargetTable target, TableMapEvent map, BinlogPosition position)
    {
        var columns = target.Table.Columns;
        // MariaDB adds a hidden column for each unique key that it checks by a hash (knowledge base, "Unique Indexes on Blobs").
        var hidden = map.ColumnCount - columns.Count;
        if (hidden < 0 || hidden > target.Table.UniqueKeys.Count(k => MayBeHashed(k, columns)) || map.Columns.Skip(columns.Count).Any(c => c.Type != BinlogColumnType.LongLong))
            throw Mismatch(target, position, $"the source has {map.ColumnCount} columns, the target has {columns.Count}");
        for (var i = 0; i < columns.Count; i++)
        {
            if (!Holds(columns[i].Kind, map.Columns[i].Type))
                throw Mismatch(target, position, $"column {TableName.Quote(columns[i].Name)} is {columns[i].ColumnType} on the target, but the source's row holds {map.Columns[i].Type}");
            if (map.Columns[i].IsUnsigned is { } isUnsigned && columns[i].Kind == ColumnKind.Integer && isUnsigned != columns[i].IsUnsigned)
                throw Mismatch(target, position, $"column {TableName.Quote(columns[i].Name)} is {columns[i].ColumnType} on the target, and {(isUnsigned ? "unsigned" : "signed")} on the source");
        }
    }

    private static bool MayBeHashed(TableKey key, IReadOnlyList<Column> columns) =>
        !key.IsPrimary && key.Columns.Any(c => columns[c].Kind is ColumnKind.Text or ColumnKind.Binary or ColumnKind.Json);

    private static TiFerryException Mismatch(TargetTable target, BinlogPosition position, string difference) =>
        new(SyncErrors.ColumnMismatch, ErrorScope.Downstream,
            $"table {target.Table.Name} differs between the source's row change at {position} and the target: {difference}",
            "make the target's table the same as the source's at that position, or leave it out with --filter and copy it again");

    private static bool Holds(ColumnKind kind, BinlogColumnType type) => kind switch
    {
        ColumnKind.Integer => type is BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong,
        ColumnKind.Decimal => type is BinlogColumnType.NewDecimal,
        ColumnKind.Float => type is BinlogColumnType.Float,
        ColumnKind.Double => type is BinlogColumnType.Double,
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
