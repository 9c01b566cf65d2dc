namespace TiFerry.Sync.Source;

/// <summary>Why a run ended.</summary>
internal enum SyncOutcome
{
    /// <summary>The stop position is applied.</summary>
    Reached,

    /// <summary>It was asked to stop.</summary>
    Stopped,

    /// <summary>The source logs images that don't hold all columns: a new run applies changes in order, from the written checkpoint on.</summary>
    NeedsOrder,
}
