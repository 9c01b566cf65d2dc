namespace TiFerry.Schema.Ddl.Ast;

/// <summary>A piece of a statement's UTF-8 text.</summary>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>The offset just behind it.</summary>
    public int End => Start + Length;

    /// <summary>The same as a range.</summary>
    public Range Range => Start..End;
}
