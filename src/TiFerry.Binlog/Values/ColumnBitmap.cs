using System.Numerics;

namespace TiFerry.Binlog.Values;

/// <summary>Which columns of a table an image holds, by ordinal. Valid as long as the event that it belongs to.</summary>
public readonly struct ColumnBitmap
{
    private readonly ReadOnlyMemory<byte> _bits;

    /// <summary>Wraps a bitmap of <paramref name="columnCount"/> bits, lowest bit first.</summary>
    public ColumnBitmap(ReadOnlyMemory<byte> bits, int columnCount)
    {
        _bits = bits;
        ColumnCount = columnCount;
        var present = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            var left = columnCount - (i * 8);
            var mask = left >= 8 ? 0xFFu : (1u << left) - 1;
            present += BitOperations.PopCount(bits.Span[i] & mask);
        }

        PresentCount = present;
    }

    /// <summary>Columns of the table.</summary>
    public int ColumnCount { get; }

    /// <summary>Columns in the image.</summary>
    public int PresentCount { get; }

    /// <summary>Whether the image holds every column.</summary>
    public bool IsFull => PresentCount == ColumnCount;

    /// <summary>Whether the image holds column <paramref name="ordinal"/>, counted from 0.</summary>
    public bool this[int ordinal] => (_bits.Span[ordinal >> 3] & (1 << (ordinal & 7))) != 0;

    /// <summary>The same bitmap over bytes of its own, for use after the event is gone.</summary>
    public ColumnBitmap Copy() => new(_bits.ToArray(), ColumnCount);

    internal ReadOnlySpan<byte> Bits => _bits.Span;
}
