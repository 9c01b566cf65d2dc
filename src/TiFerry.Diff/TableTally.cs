using TiFerry.Diff.Rows;

namespace TiFerry.Diff;

/// <summary>Adds up what the chunks of one table find. Safe for several threads.</summary>
internal sealed class TableTally(TablePair name, ComparedTable table, IReadOnlyList<DefinitionDifference> definitions, int namedRows)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Enum.GetValues<RowDifferenceKind>().Length];
    private readonly List<RowDifference> _rows = [];
    private long _sourceRows;
    private long _targetRows;
    private volatile bool _hasMore;
    private string? _changed;
    private int _open = 1;

    /// <summary>The table on both sides.</summary>
    public ComparedTable Table { get; } = table;

    /// <summary>Its names.</summary>
    public TablePair Name { get; } = name;

    /// <summary>Whether nothing more can be said, so that the chunks that are left need not be read.</summary>
    public bool HasChanged => Volatile.Read(ref _changed) is not null;

    /// <summary>Counts a piece of work that must be done before the table is.</summary>
    public void Open() => Interlocked.Increment(ref _open);

    /// <summary>A piece of work is done; the planning of the table is one too.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Close() => Interlocked.Decrement(ref _open) == 0;

    /// <summary>Counts rows that were read.</summary>
    public void AddRows(long source, long target)
    {
        Interlocked.Add(ref _sourceRows, source);
        Interlocked.Add(ref _targetRows, target);
    }

    /// <summary>Counts differing rows and names the first ones.</summary>
    public void Add(IReadOnlyList<RowDifference> differences)
    {
        lock (_lock)
        {
            foreach (var difference in differences)
            {
                _counts[(int)difference.Kind]++;
                if (_rows.Count < namedRows)
                    _rows.Add(difference);
            }
        }
    }

    /// <summary>Counts differing rows that have no names.</summary>
    public void Add(long missing, long extra)
    {
        lock (_lock)
        {
            _counts[(int)RowDifferenceKind.Missing] += missing;
            _counts[(int)RowDifferenceKind.Extra] += extra;
        }
    }

    /// <summary>Notes that more rows differ than were counted.</summary>
    public void AddMore() => _hasMore = true;

    /// <summary>Notes that the table can't be compared because it changes.</summary>
    public void Change(string reason) => Interlocked.CompareExchange(ref _changed, reason, null);

    /// <summary>The verdict, once all work is done.</summary>
    public TableComparison ToComparison()
    {
        lock (_lock)
        {
            var differs = _hasMore || _counts.Any(c => c > 0) || definitions.Any(d => !d.IsWarning);
            return new TableComparison
            {
                Table = Name,
                Outcome = _changed is not null ? TableOutcome.ChangedMeanwhile : differs ? TableOutcome.Different : TableOutcome.Equal,
                SourceRows = Interlocked.Read(ref _sourceRows),
                TargetRows = Interlocked.Read(ref _targetRows),
                MissingRows = _counts[(int)RowDifferenceKind.Missing],
                ExtraRows = _counts[(int)RowDifferenceKind.Extra],
                DifferentRows = _counts[(int)RowDifferenceKind.Different],
                ChangingRows = _counts[(int)RowDifferenceKind.Changing],
                HasMore = _hasMore,
                Rows = [.. _rows],
                Definitions = definitions,
                Reason = _changed,
            };
        }
    }
}
