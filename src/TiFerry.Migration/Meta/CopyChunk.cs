namespace TiFerry.Migration.Meta;

/// <summary>One row of <c>copy_chunk</c>: a range of a table's row key and how far it is copied.</summary>
/// <param name="Number">Its number in the table, from 0.</param>
/// <param name="Lower">Literals of the first key that belongs to it; null for the start of the table. May name only the key's first columns.</param>
/// <param name="Upper">Literals of the first key that no longer belongs to it; null for the end of the table.</param>
/// <param name="Cursor">Literals of the last key that is copied; null before the first.</param>
/// <param name="Done">Whether all of it is copied.</param>
public sealed record CopyChunk(int Number, string[]? Lower, string[]? Upper, string[]? Cursor, bool Done);
