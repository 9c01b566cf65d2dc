namespace TiFerry.Diff.Recheck;

/// <summary>A row as one side showed it.</summary>
/// <param name="Key">Its key's bytes as that side has them.</param>
/// <param name="Cells">The digest of each cell.</param>
internal sealed record RowLook(byte[] Key, UInt128[] Cells)
{
    /// <summary>Whether both looks show the same row, or both none.</summary>
    public static bool AreSame(RowLook? a, RowLook? b) => a is null || b is null ? a is null && b is null : a.Cells.AsSpan().SequenceEqual(b.Cells);
}
