using TiFerry.Binlog.Events;

namespace TiFerry.Binlog.Values;

/// <summary>
/// Walks the columns of one row image: <c>while (reader.Read()) { reader.Ordinal; reader.IsNull; reader.Value; }</c>.
/// Columns that the image does not hold are passed over.
/// </summary>
public ref struct RowImageReader
{
    private readonly ReadOnlySpan<ColumnLayout> _layouts;
    private readonly ReadOnlySpan<byte> _present;
    private readonly ReadOnlySpan<byte> _image;
    private readonly bool _isFull;
    private ReadOnlySpan<byte> _value;
    private int _ordinal;
    private int _index;
    private int _position;

    /// <summary>Starts before the first column.</summary>
    /// <param name="table">The table of the rows event.</param>
    /// <param name="present">The columns in the image: <see cref="RowsEvent.BeforeColumns"/> or <see cref="RowsEvent.AfterColumns"/>.</param>
    /// <param name="image">The image out of a <see cref="RowChange"/>.</param>
    public RowImageReader(TableMapEvent table, ColumnBitmap present, ReadOnlySpan<byte> image)
    {
        _layouts = table.Layouts;
        _present = present.Bits;
        _isFull = present.IsFull;
        _image = image;
        _position = (present.PresentCount + 7) / 8;
        _ordinal = -1;
        _index = -1;
    }

    /// <summary>The column's place in the table, from 0.</summary>
    public readonly int Ordinal => _ordinal;

    /// <summary>Whether the column is NULL; <see cref="Value"/> is then meaningless.</summary>
    public bool IsNull { get; private set; }

    /// <summary>The value, valid as long as the image.</summary>
    public readonly BinlogValue Value
    {
        get
        {
            var layout = _layouts[_ordinal];
            return new BinlogValue(layout.Type, layout.Meta, _value);
        }
    }

    /// <summary>Goes to the next column in the image.</summary>
    public bool Read()
    {
        do
        {
            if (++_ordinal >= _layouts.Length)
                return false;
        }
        while (!_isFull && (_present[_ordinal >> 3] & (1 << (_ordinal & 7))) == 0);

        _index++;
        IsNull = (_image[_index >> 3] & (1 << (_index & 7))) != 0;
        if (IsNull)
        {
            _value = default;
            return true;
        }

        int width = _layouts[_ordinal].Width;
        var length = width;
        if (width < 0)
        {
            length = (int)RowImage.ReadLength(_image[_position..], -width);
            _position -= width;
        }

        _value = _image.Slice(_position, length);
        _position += length;
        return true;
    }
}
