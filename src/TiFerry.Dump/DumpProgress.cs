namespace TiFerry.Dump;

/// <summary>How far a dump is. Read by any thread while it runs.</summary>
public sealed class DumpProgress
{
    private long _finishedTables;
    private long _rows;
    private long _bytes;

    /// <summary>Tables to dump; 0 until they are listed.</summary>
    public int TotalTables { get; private set; }

    /// <summary>The server's estimate of the rows of all tables.</summary>
    public long EstimatedRows { get; private set; }

    /// <summary>Tables whose rows are all in files.</summary>
    public long FinishedTables => Interlocked.Read(ref _finishedTables);

    /// <summary>Rows written.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Bytes of data files written.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal void Begin(int tables, long estimatedRows)
    {
        TotalTables = tables;
        EstimatedRows = estimatedRows;
    }

    internal void FinishTable() => Interlocked.Increment(ref _finishedTables);

    internal void Add(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }
}
