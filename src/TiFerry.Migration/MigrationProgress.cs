using System.Diagnostics;
using TiFerry.Binlog;
using TiFerry.Diff;
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
    private readonly Stopwatch _copying = new();
    private volatile int _stage;

    /// <summary>What it is doing.</summary>
    public MigrationStage Stage
    {
        get => (MigrationStage)_stage;
        internal set
        {
            if (value == MigrationStage.Copying)
                _copying.Start();
            else
                _copying.Stop();
            _stage = (int)value;
        }
    }

    /// <summary>How long this run copied.</summary>
    public TimeSpan CopyTime => _copying.Elapsed;

    /// <summary>Whether an earlier run's work is continued.</summary>
    public bool IsResumed { get; internal set; }

    /// <summary>The copy.</summary>
    public CopyProgress Copy { get; } = new();

    /// <summary>The following.</summary>
    public SyncProgress Sync { get; } = new();

    /// <summary>The comparison of both sides; null before it begins.</summary>
    public ComparisonProgress? Verification { get; internal set; }

    /// <summary>What the comparison found; null before its end.</summary>
    public ComparisonResult? Verified { get; internal set; }

    /// <summary>Tables that are left out of the comparison, because filters keep them from being equal.</summary>
    public IReadOnlyList<UnverifiedTable> NotVerified { get; internal set; } = [];

    /// <summary>A value that differs whenever something was done since it was taken.</summary>
    internal (long CopiedRows, BinlogPosition Applied) Mark => (Copy.Tables().Sum(t => t.Rows), Sync.AppliedPosition);
}
