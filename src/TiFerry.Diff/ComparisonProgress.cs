namespace TiFerry.Diff;

/// <summary>How far a comparison is. May be read by any thread at any time.</summary>
public sealed class ComparisonProgress
{
    private long _estimatedRows;
    private long _rows;
    private long _differences;
    private int _tables;
    private int _tablesDone;

    /// <summary>Tables to compare; 0 until they are listed.</summary>
    public int Tables => Volatile.Read(ref _tables);

    /// <summary>Tables that are compared.</summary>
    public int TablesDone => Volatile.Read(ref _tablesDone);

    /// <summary>Rows of the source that are compared.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>The source's own estimate of all rows; may be far off.</summary>
    public long EstimatedRows => Interlocked.Read(ref _estimatedRows);

    /// <summary>Rows found to be different.</summary>
    public long Differences => Interlocked.Read(ref _differences);

    internal void Begin(int tables, long estimatedRows)
    {
        Volatile.Write(ref _tables, tables);
        Interlocked.Exchange(ref _estimatedRows, estimatedRows);
    }

    internal void Add(long rows, long differences)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _differences, differences);
    }

    internal void TableDone() => Interlocked.Increment(ref _tablesDone);
}
