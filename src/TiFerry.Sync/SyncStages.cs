using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TiFerry.Sync;

/// <summary>The time spent in each stage; read by another thread at any time.</summary>
public sealed class SyncStages
{
    private readonly long[] _ticks = new long[Enum.GetValues<SyncStage>().Length];

    /// <summary>The time spent in a stage so far, without what is under way.</summary>
    public TimeSpan this[SyncStage stage] => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _ticks[(int)stage]));

    internal Timing Begin(SyncStage stage) => new(this, stage, Stopwatch.GetTimestamp());

    /// <summary>Time under way; it counts when this is disposed.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly struct Timing(SyncStages stages, SyncStage stage, long began) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => Interlocked.Add(ref stages._ticks[(int)stage], Stopwatch.GetTimestamp() - began);
    }
}
