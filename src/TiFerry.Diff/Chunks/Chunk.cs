namespace TiFerry.Diff.Chunks;

/// <summary>A range of a table's row key.</summary>
/// <param name="Lower">Literals of the first key that belongs to it; null for the start of the table. May name only the key's first columns.</param>
/// <param name="Upper">Literals of the first key that no longer belongs to it; null for the end of the table.</param>
internal sealed record Chunk(string[]? Lower, string[]? Upper);
