namespace TiFerry.Diff.Rows;

/// <summary>When two cells are the same value.</summary>
internal enum CellRule
{
    /// <summary>Their bytes are.</summary>
    Bytes,

    /// <summary>Their JSON values are: two kinds of servers space and order the text differently.</summary>
    Json,

    /// <summary>Their doubles are, to the bit: two kinds of servers print them differently.</summary>
    Double,

    /// <summary>Their doubles are, and zero has no sign: MariaDB stores none.</summary>
    DoubleWithoutMinusZero,
}
