using System.Buffers;
using System.Buffers.Binary;
using TiFerry.Binlog.Values;
using TiFerry.Binlog.Values.Json;

namespace TiFerry.Binlog.Events;

/// <summary>
/// Completes the images of PARTIAL_UPDATE_ROWS_EVENT. An image after the change starts with option bits and, when bit 0 is set, one bit per JSON column
/// of the table that says whether changes stand in place of the document.
/// </summary>
internal sealed class PartialImages
{
    private const ulong PartialJson = 1;
    private readonly ArrayBufferWriter<byte> _image = new();
    private readonly ArrayBufferWriter<byte> _document = new();

    /// <summary>Returns the image at the start of <paramref name="rest"/> whole, valid until the next call; <paramref name="length"/> is what it takes there.</summary>
    public ReadOnlySpan<byte> Complete(RowsEvent rows, ReadOnlySpan<byte> before, ReadOnlySpan<byte> rest, out int length)
    {
        var reader = new EventReader(rest);
        var options = reader.ReadLengthEncoded();
        if ((options & ~PartialJson) != 0)
            throw BinlogErrors.UnsupportedAt($"a partial update of {rows.TableMap} has the unknown options {options}", "set binlog_row_value_options='' on the source");
        var partial = (options & PartialJson) != 0 ? reader.ReadBytes((rows.TableMap.JsonColumnCount + 7) / 8) : default;
        var image = rest[reader.Position..];

        _image.ResetWrittenCount();
        var nullBytes = (rows.AfterColumns.PresentCount + 7) / 8;
        if (image.Length < nullBytes)
            throw BinlogErrors.CorruptAt($"a row of {rows.TableMap} goes beyond its event");
        _image.Write(image[..nullBytes]);
        var position = nullBytes;
        var index = -1;
        var json = -1;
        for (var i = 0; i < rows.TableMap.ColumnCount; i++)
        {
            var layout = rows.TableMap.Layouts[i];
            var isPartial = layout.Type == BinlogColumnType.Json && ++json >= 0 && !partial.IsEmpty && (partial[json >> 3] & (1 << (json & 7))) != 0;
            if (!rows.AfterColumns[i])
                continue;
            index++;
            if ((image[index >> 3] & (1 << (index & 7))) != 0)
                continue;
            var valueLength = RowImage.MeasureValue(layout, image[position..]);
            if (valueLength < 0)
                throw BinlogErrors.CorruptAt($"a row of {rows.TableMap} goes beyond its event");
            var value = image.Slice(position, valueLength);
            position += valueLength;
            if (isPartial)
                WriteChangedDocument(rows, before, i, value[-layout.Width..]);
            else
                _image.Write(value);
        }

        length = reader.Position + position;
        return _image.WrittenSpan;
    }

    private void WriteChangedDocument(RowsEvent rows, ReadOnlySpan<byte> before, int ordinal, ReadOnlySpan<byte> diffs)
    {
        var reader = new RowImageReader(rows.TableMap, rows.BeforeColumns, before);
        while (reader.Read())
        {
            if (reader.Ordinal != ordinal || reader.IsNull)
                continue;
            _document.ResetWrittenCount();
            JsonDiff.Apply(reader.Value.Raw, diffs, _document);
            var lengthBytes = -rows.TableMap.Layouts[ordinal].Width;
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, _document.WrittenCount);
            _image.Write(length[..lengthBytes]);
            _image.Write(_document.WrittenSpan);
            return;
        }

        throw BinlogErrors.UnsupportedAt(
            $"an update of {rows.TableMap} logs only what changed in the JSON document of column {ordinal + 1}, without the document before",
            "set binlog_row_value_options='' or binlog_row_image=FULL on the source, then start after that position");
    }
}
