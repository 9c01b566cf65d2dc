namespace TiFerry.Diff.Rows;

/// <summary>One of the two servers.</summary>
internal enum Side
{
    /// <summary>The server whose contents are right.</summary>
    Source,

    /// <summary>The server whose contents are checked.</summary>
    Target,
}
