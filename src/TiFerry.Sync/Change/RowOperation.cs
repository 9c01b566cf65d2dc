namespace TiFerry.Sync.Change;

/// <summary>What has to be done on the target to bring one key to its final state in a window.</summary>
internal enum RowOperation
{
    /// <summary>Nothing: the row came and went inside the window, or is as it was.</summary>
    None,

    /// <summary>The row is gone.</summary>
    Delete,

    /// <summary>The row is there with other values.</summary>
    Update,

    /// <summary>The row must be there with these values, whatever was there before.</summary>
    Replace,

    /// <summary>The row is new: if the target has one with this key already, the two sides differ.</summary>
    Insert,
}
