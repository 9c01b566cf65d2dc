using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Source;

/// <summary>What row images hold (MySQL manual, "binlog_row_image").</summary>
internal static class RowImages
{
    /// <summary>Whether the images of an event hold all columns that are written, so that rows can be written whole.</summary>
    public static bool AreWhole(RowsEvent rows, TableMapping mapping)
    {
        if (rows.Kind != RowsKind.Write && !HoldAll(rows.BeforeColumns, mapping))
            return false;
        if (rows.Kind != RowsKind.Delete && !HoldAll(rows.AfterColumns, mapping))
            return false;
        return rows.Kind != RowsKind.Update || SameColumns(rows.BeforeColumns, rows.AfterColumns);
    }

    /// <summary>The error for an image that can't be applied.</summary>
    public static TiFerryException NotWhole(TableName table, BinlogPosition position) => new(SyncErrors.PartialRowImage, ErrorScope.Upstream,
        $"a row change of table {table} at {position} does not hold all columns, and it stands where changes are replayed or were applied in part",
        "SET GLOBAL binlog_row_image = FULL on the source, reconnect its clients, and copy the table again; a copy that is begun with another setting is made so that such changes can follow it");

    private static bool HoldAll(ColumnBitmap columns, TableMapping mapping)
    {
        if (columns.IsFull)
            return true;
        for (var ordinal = 0; ordinal < mapping.ColumnCount; ordinal++)
        {
            if (!columns[ordinal] && mapping.ColumnAt(ordinal) is { } column && (column.IsWritten || mapping.IsKeyColumn(ordinal)))
                return false;
        }
        return true;
    }

    private static bool SameColumns(ColumnBitmap left, ColumnBitmap right)
    {
        if (left.IsFull && right.IsFull)
            return true;
        for (var i = 0; i < left.ColumnCount; i++)
        {
            if (left[i] != right[i])
                return false;
        }
        return true;
    }
}
