using System.Diagnostics;
using TiFerry.Binlog;
using TiFerry.Core.Progress;
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
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);
    private readonly Stopwatch _copying = new();
    private readonly RateEstimator _copiedBytes = new(RateWindow);
    private readonly RateEstimator _appliedRows = new(RateWindow);
    private readonly Stopwatch _following = new();
    private volatile int _stage;
    private double _copiedBytesPerSecond;
    private double _appliedRowsPerSecond;

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
            if (value == MigrationStage.Following)
                _following.Start();
            else
                _following.Stop();
            _stage = (int)value;
        }
    }

    /// <summary>How long this run copied.</summary>
    public TimeSpan CopyTime => _copying.Elapsed;

    /// <summary>How long this run followed the source.</summary>
    public TimeSpan FollowTime => _following.Elapsed;

    /// <summary>Bytes of statements per second that the copy sent in the last ten seconds.</summary>
    public double CopiedBytesPerSecond => Volatile.Read(ref _copiedBytesPerSecond);

    /// <summary>Row changes per second that were applied in the last ten seconds.</summary>
    public double AppliedRowsPerSecond => Volatile.Read(ref _appliedRowsPerSecond);

    /// <summary>Row changes per second that were applied since this run began to follow.</summary>
    public double AverageRowsPerSecond => _following.Elapsed.TotalSeconds is > 0 and var seconds ? Sync.Rows / seconds : 0;

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

    /// <summary>Takes the measure of the rates; for one thread.</summary>
    internal void Sample()
    {
        _copiedBytes.Record(Copy.SentBytes);
        _appliedRows.Record(Sync.Rows);
        Volatile.Write(ref _copiedBytesPerSecond, _copiedBytes.PerSecond);
        Volatile.Write(ref _appliedRowsPerSecond, _appliedRows.PerSecond);
    }

    /// <summary>A value that differs whenever something was done since it was taken.</summary>
    internal (long CopiedRows, BinlogPosition Applied) Mark => (Copy.Tables().Sum(t => t.Rows), Sync.AppliedPosition);
}
