namespace TiFerry.Sync;

/// <summary>Where a synchronisation's time goes.</summary>
public enum SyncStage
{
    /// <summary>Waiting for events: the source, or the network, is the slower side.</summary>
    WaitForSource,

    /// <summary>Waiting for the window before to be applied: the target is the slower side.</summary>
    WaitForApply,

    /// <summary>Applying windows, side by side with reading.</summary>
    Apply,

    /// <summary>Running definition statements.</summary>
    Ddl,
}
