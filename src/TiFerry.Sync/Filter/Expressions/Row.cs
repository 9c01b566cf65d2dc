namespace TiFerry.Sync.Filter.Expressions;

/// <summary>One row image, taken apart as far as expressions need it.</summary>
/// <param name="image">The image's bytes.</param>
/// <param name="cells">The columns that expressions name, by slot.</param>
/// <param name="scratch">Memory for computed texts.</param>
internal readonly ref struct Row(ReadOnlySpan<byte> image, ReadOnlySpan<Cell> cells, Scratch scratch)
{
    public ReadOnlySpan<byte> Image { get; } = image;

    public ReadOnlySpan<Cell> Cells { get; } = cells;

    public Scratch Scratch { get; } = scratch;
}

/// <summary>One column of a row image.</summary>
internal struct Cell
{
    public bool IsNull;

    /// <summary>An integer, a double's bits, a date or time, the number of an ENUM's member, the mask of a SET.</summary>
    public long Bits;

    /// <summary>A DECIMAL.</summary>
    public ExactNumber Number;

    /// <summary>Where the bytes of a text stand in the image.</summary>
    public int Offset;

    /// <summary>The length of a text in bytes.</summary>
    public int Length;

    /// <summary>A text that the image holds compressed; null for others.</summary>
    public byte[]? Expanded;

    public readonly ReadOnlySpan<byte> BytesIn(ReadOnlySpan<byte> image) => Expanded ?? image.Slice(Offset, Length);
}
