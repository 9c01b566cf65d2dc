using System.Runtime.InteropServices;

namespace TiFerry.Sync.Change;

/// <summary>A change that is applied in order; offsets point into the window's arena, -1 means none.</summary>
/// <param name="Source">Index of the images' layout in the window.</param>
/// <param name="BeforeOffset">Where the old image starts.</param>
/// <param name="BeforeLength">Its length.</param>
/// <param name="AfterOffset">Where the new image starts.</param>
/// <param name="AfterLength">Its length.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OrderedChange(int Source, int BeforeOffset, int BeforeLength, int AfterOffset, int AfterLength);
