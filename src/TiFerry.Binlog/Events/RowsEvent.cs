using TiFerry.Binlog.Compression;
using TiFerry.Binlog.Values;

namespace TiFerry.Binlog.Events;

/// <summary>What a rows event does.</summary>
public enum RowsKind
{
    /// <summary>Rows were inserted; each has an image after.</summary>
    Write,

    /// <summary>Rows were changed; each has an image before and one after.</summary>
    Update,

    /// <summary>Rows were deleted; each has an image before.</summary>
    Delete,
}

/// <summary>
/// WRITE_ROWS, UPDATE_ROWS, DELETE_ROWS in versions 1 and 2, PARTIAL_UPDATE_ROWS and MariaDB's compressed ones: changes of one table's rows.
/// <c>foreach</c> over the event gives the rows without allocating.
/// </summary>
public sealed class RowsEvent : BinlogEvent
{
    private const ushort StatementEndFlag = 1;
    private const ushort NoForeignKeyChecksFlag = 2;
    private const ushort RelaxedUniqueChecksFlag = 4;
    private byte[] _uncompressed = [];
    private PartialImages? _partialImages;

    /// <summary>The table and its columns.</summary>
    public TableMapEvent TableMap { get; private set; } = null!;

    /// <summary>What happened to the rows.</summary>
    public RowsKind Kind { get; private set; }

    /// <summary>The event's flags.</summary>
    public ushort Flags { get; private set; }

    /// <summary>Whether the statement on the source ends here.</summary>
    public bool StatementEnd => (Flags & StatementEndFlag) != 0;

    /// <summary>Whether the session on the source had foreign_key_checks=OFF.</summary>
    public bool NoForeignKeyChecks => (Flags & NoForeignKeyChecksFlag) != 0;

    /// <summary>Whether the session on the source had unique_checks=OFF.</summary>
    public bool NoUniqueChecks => (Flags & RelaxedUniqueChecksFlag) != 0;

    /// <summary>Columns in images before the change; no columns for <see cref="RowsKind.Write"/>.</summary>
    public ColumnBitmap BeforeColumns { get; private set; }

    /// <summary>Columns in images after the change; no columns for <see cref="RowsKind.Delete"/>.</summary>
    public ColumnBitmap AfterColumns { get; private set; }

    /// <summary>
    /// Whether the source logged changes of JSON documents instead of whole documents. Images given out are whole all the same.
    /// </summary>
    public bool IsPartial => Type == EventType.PartialUpdateRows;

    /// <summary>Rows at the start of the event that were delivered before a reconnect and are passed over.</summary>
    internal int SkippedRows { get; set; }

    internal ReadOnlyMemory<byte> Images { get; private set; }

    internal PartialImages PartialImages => _partialImages ??= new PartialImages();

    /// <summary>The rows, in the order in which they changed.</summary>
    public RowEnumerator GetEnumerator() => new(this, 0);

    /// <summary>The rows from a place on that <see cref="RowEnumerator.CurrentStart"/> or <see cref="RowEnumerator.NextStart"/> gave; 0 for all.</summary>
    public RowEnumerator From(int start) => new(this, start);

    /// <summary>Counts the rows by walking over them.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The images are damaged.</exception>
    public int CountRows()
    {
        var count = 0;
        foreach (var _ in this)
            count++;
        return count;
    }

    internal void Read(ReadOnlyMemory<byte> body, int tableIdWidth, bool hasExtraData, Func<ulong, TableMapEvent> findTable)
    {
        var reader = new EventReader(body.Span);
        var tableId = reader.ReadUInt(tableIdWidth);
        Flags = reader.ReadUInt16();
        SkippedRows = 0;
        if (hasExtraData)
            SkipExtraData(ref reader);

        TableMap = findTable(tableId);
        var columns = reader.ReadLength();
        if (columns != TableMap.ColumnCount)
            throw BinlogErrors.CorruptAt($"rows of {TableMap} have {columns} columns; its table map has {TableMap.ColumnCount}");

        Kind = KindOf(Type);
        BeforeColumns = Kind == RowsKind.Write ? default : ReadBitmap(body, ref reader, columns);
        AfterColumns = Kind == RowsKind.Delete ? default : ReadBitmap(body, ref reader, columns);
        Images = body[reader.Position..];
        if (IsCompressed(Type))
            Images = MariaDbCompression.Expand(Images, ref _uncompressed);
    }

    /// <summary>The length counts itself. What may follow (NDB's data, partition numbers) is of no use to a reader of rows.</summary>
    private static void SkipExtraData(ref EventReader reader)
    {
        var length = reader.ReadUInt16();
        if (length < 2)
            throw BinlogErrors.CorruptAt($"a rows event has extra data of {length} bytes");
        reader.Skip(length - 2);
    }

    private static ColumnBitmap ReadBitmap(ReadOnlyMemory<byte> body, ref EventReader reader, int columns)
    {
        var bytes = (columns + 7) / 8;
        var start = reader.Position;
        reader.Skip(bytes);
        return new ColumnBitmap(body.Slice(start, bytes), columns);
    }

    private static RowsKind KindOf(EventType type) => type switch
    {
        EventType.WriteRows or EventType.WriteRowsV1 or EventType.MariaDbWriteRowsCompressed or EventType.MariaDbWriteRowsCompressedV1 => RowsKind.Write,
        EventType.DeleteRows or EventType.DeleteRowsV1 or EventType.MariaDbDeleteRowsCompressed or EventType.MariaDbDeleteRowsCompressedV1 => RowsKind.Delete,
        _ => RowsKind.Update,
    };

    private static bool IsCompressed(EventType type) => type is >= EventType.MariaDbWriteRowsCompressedV1 and <= EventType.MariaDbDeleteRowsCompressed;
}

/// <summary>A changed row: its images as bytes, from the NULL bitmap on. <see cref="RowImageReader"/> reads them.</summary>
public readonly ref struct RowChange
{
    internal RowChange(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        Before = before;
        After = after;
    }

    /// <summary>The row before the change: the columns in <see cref="RowsEvent.BeforeColumns"/>.</summary>
    public ReadOnlySpan<byte> Before { get; }

    /// <summary>The row after the change: the columns in <see cref="RowsEvent.AfterColumns"/>.</summary>
    public ReadOnlySpan<byte> After { get; }
}

/// <summary>Cuts the body of a rows event into row images.</summary>
public ref struct RowEnumerator
{
    private readonly RowsEvent _rows;
    private readonly ReadOnlySpan<ColumnLayout> _layouts;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _before;
    private ReadOnlySpan<byte> _after;
    private bool _isEmptyRow;

    internal RowEnumerator(RowsEvent rows, int start)
    {
        // INSERT of nothing but defaults with a minimal image leaves an image of no column, which takes no bytes.
        _isEmptyRow = rows.Images.IsEmpty && rows.Kind == RowsKind.Write && rows.AfterColumns.PresentCount == 0;
        _rows = rows;
        _layouts = rows.TableMap.Layouts;
        _rest = rows.Images.Span[start..];
        for (var i = 0; start == 0 && i < rows.SkippedRows && MoveNext(); i++)
        {
        }
    }

    /// <summary>Where the row starts in the event.</summary>
    public int CurrentStart { get; private set; }

    /// <summary>Where the next one does.</summary>
    public readonly int NextStart => _rows.Images.Length - _rest.Length;

    /// <summary>Whether there is no next one.</summary>
    public readonly bool IsLast => _rest.IsEmpty;

    /// <summary>The row; valid until <see cref="MoveNext"/>.</summary>
    public readonly RowChange Current => new(_before, _after);

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The event is damaged.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            var isRow = _isEmptyRow;
            _isEmptyRow = false;
            return isRow;
        }

        var before = _rest.Length;
        CurrentStart = NextStart;
        CutRow();
        if (_rest.Length == before)
            throw BinlogErrors.CorruptAt($"rows of {_rows.TableMap} have no columns", $"end position {_rows.Header.LogPos}");
        return true;
    }

    private void CutRow()
    {
        if (_rows.Kind != RowsKind.Write)
            _before = Cut(_rows.BeforeColumns);
        if (_rows.Kind == RowsKind.Delete)
            return;
        if (!_rows.IsPartial)
        {
            _after = Cut(_rows.AfterColumns);
            return;
        }

        _after = _rows.PartialImages.Complete(_rows, _before, _rest, out var length);
        _rest = _rest[length..];
    }

    private ReadOnlySpan<byte> Cut(ColumnBitmap present)
    {
        var length = RowImage.Measure(_layouts, present, _rest);
        if (length < 0)
            throw BinlogErrors.CorruptAt($"a row of {_rows.TableMap} goes beyond its event", $"end position {_rows.Header.LogPos}");
        var image = _rest[..length];
        _rest = _rest[length..];
        return image;
    }
}
