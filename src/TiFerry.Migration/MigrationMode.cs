namespace TiFerry.Migration;

/// <summary>Which part of a migration is done.</summary>
public enum MigrationMode
{
    /// <summary>Copy everything, then follow the source.</summary>
    All,

    /// <summary>Copy everything and end with a target that is consistent at the moment the last row was read.</summary>
    Full,

    /// <summary>Only follow the source from a given position; the target holds the data already.</summary>
    Incremental,
}
