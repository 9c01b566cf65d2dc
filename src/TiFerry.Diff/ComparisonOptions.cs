using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;

namespace TiFerry.Diff;

/// <summary>What to compare and how.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The server whose contents are right.</summary>
    public required MySqlConnectionOptions Source { get; init; }

    /// <summary>The server whose contents are checked.</summary>
    public required MySqlConnectionOptions Target { get; init; }

    /// <summary>The tables to compare, by the source's names; null for all that <see cref="Filter"/> takes on either side.</summary>
    public IReadOnlyList<TablePair>? Tables { get; init; }

    /// <summary>
    /// Which tables take part where <see cref="Tables"/> is null. Tables that only the target has count in databases that the source has too;
    /// other databases of the target are not looked at.
    /// </summary>
    public ITableSelector Filter { get; init; } = TableFilter.Default();

    /// <summary>How many chunks are compared at once; each takes a connection to either side.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Rows in a chunk, about.</summary>
    public int ChunkRows { get; init; } = 20_000;

    /// <summary>
    /// How many differing rows each thread remembers at most, by key and digest. A chunk with more is divided; of a table that can't be read in chunks
    /// only the first ones are counted.
    /// </summary>
    public int HeldRows { get; init; } = 100_000;

    /// <summary>
    /// Waits until the target has applied everything that the source held when it was called; null where nobody writes to the source.
    /// Called by several threads at once.
    /// </summary>
    public Func<CancellationToken, ValueTask>? WaitUntilApplied { get; init; }

    /// <summary>How often a difference is looked at again while the source is written to. Only used with <see cref="WaitUntilApplied"/>.</summary>
    public int Rechecks { get; init; } = 5;

    /// <summary>How many differing rows of a table are named; all are counted.</summary>
    public int NamedRows { get; init; } = 10;

    /// <summary>Whether the target's tables may have more columns than the source's, and generate columns that the source does not: these are not compared.</summary>
    public bool AllowsExtraColumns { get; init; }

    /// <summary>How collations were mapped on the way to the target; null where both sides must have the same.</summary>
    public CollationMapping? Collations { get; init; }

    /// <summary>How long a lost server is waited for before the comparison fails.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where to tell what happens.</summary>
    public Log Log { get; init; } = Log.None;
}
