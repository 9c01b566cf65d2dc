using System.Collections.Concurrent;
using TiFerry.Core.Logging;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Counts updates and deletes that found no row on the target, or more than one: the two sides were not equal before. Thread safe.
/// </summary>
/// <param name="log">Told of each table once, and again after a while.</param>
internal sealed class RowMatches(Log log)
{
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<TableName, long> _toldAt = [];
    private long _unmatched;
    private long _surplus;

    /// <summary>Changes that found no row.</summary>
    public long Unmatched => Interlocked.Read(ref _unmatched);

    /// <summary>Rows beyond the one that a change should have found.</summary>
    public long Surplus => Interlocked.Read(ref _surplus);

    /// <summary>Compares what a statement changed with what it should have changed.</summary>
    /// <param name="mapping">The table.</param>
    /// <param name="expected">Rows it should have changed.</param>
    /// <param name="affected">Rows it says it changed.</param>
    public void Count(TableMapping mapping, long expected, long affected)
    {
        if (expected == affected)
            return;
        if (affected < expected)
            Interlocked.Add(ref _unmatched, expected - affected);
        else
            Interlocked.Add(ref _surplus, affected - expected);
        var table = mapping.Target.Table.Name;
        var now = Environment.TickCount64;
        if (_toldAt.TryGetValue(table, out var told) && now - told < TellAgainAfter.TotalMilliseconds)
            return;
        _toldAt[table] = now;
        log.Warn("changes did not find the rows they should have found: the sides differ", ("table", table), ("expected", expected), ("affected", affected));
    }
}
