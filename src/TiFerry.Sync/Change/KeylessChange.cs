using System.Runtime.InteropServices;

namespace TiFerry.Sync.Change;

/// <summary>A change to a row of a table without a usable key, kept in order; offsets point into the window's arena, -1 means none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeylessChange(int Table, int BeforeOffset, int BeforeLength, int AfterOffset, int AfterLength);
