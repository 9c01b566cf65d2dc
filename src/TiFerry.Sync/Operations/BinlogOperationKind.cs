namespace TiFerry.Sync.Operations;

/// <summary>What is done about a statement of the binlog.</summary>
public enum BinlogOperationKind
{
    /// <summary>The statement is not run. The source's definitions follow it all the same.</summary>
    Skip,

    /// <summary>Other statements are run instead, and the source's definitions follow these.</summary>
    Replace,

    /// <summary>Other statements are run before it.</summary>
    Inject,
}
