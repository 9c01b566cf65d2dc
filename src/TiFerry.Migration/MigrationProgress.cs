using TiFerry.Binlog;
using TiFerry.Migration.Copy;
using TiFerry.Sync;

namespace TiFerry.Migration;

/// <summary>What a migration is doing.</summary>
public enum MigrationStage
{
    /// <summary>Connecting, checking.</summary>
    Preparing,

    /// <summary>Copying definitions and rows.</summary>
    Copying,

    /// <summary>Applying what changed on the source.</summary>
    Following,

    /// <summary>Comparing both sides.</summary>
    Verifying,

    /// <summary>At its end.</summary>
    Done,
}

/// <summary>How far a migration is; read by another thread at any time.</summary>
public sealed class MigrationProgress
{
    private volatile int _stage;

    /// <summary>What it is doing.</summary>
    public MigrationStage Stage
    {
        get => (MigrationStage)_stage;
        internal set => _stage = (int)value;
    }

    /// <summary>Whether an earlier run's work is continued.</summary>
    public bool IsResumed { get; internal set; }

    /// <summary>The copy.</summary>
    public CopyProgress Copy { get; } = new();

    /// <summary>The following.</summary>
    public SyncProgress Sync { get; } = new();

    /// <summary>A value that differs whenever something was done since it was taken.</summary>
    internal (long CopiedRows, BinlogPosition Applied) Mark => (Copy.Tables().Sum(t => t.Rows), Sync.AppliedPosition);
}
