using System.Collections.Concurrent;
using TiFerry.Dump.Layout;
using TiFerry.Schema.Tables;

namespace TiFerry.Import;

/// <summary>How far a load is. Read by any thread while it runs. Bytes are bytes of data files, counted when they are committed.</summary>
public sealed class LoadProgress
{
    private readonly ConcurrentDictionary<TableName, LoadedTable> _tables = new();
    private long _finishedBytes;

    /// <summary>What the dump says of itself, its binlog position among others; null until it is read.</summary>
    public DumpMetadata? Dump { get; internal set; }

    /// <summary>Bytes to load; 0 until the folder is read.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Bytes loaded, by earlier runs too.</summary>
    public long FinishedBytes => Interlocked.Read(ref _finishedBytes);

    /// <summary>The source's tables.</summary>
    public IReadOnlyCollection<LoadedTable> Tables => [.. _tables.Values];

    internal void Begin(TableName table, long bytes)
    {
        TotalBytes += bytes;
        _tables.GetOrAdd(table, name => new LoadedTable(name)).TotalBytes += bytes;
    }

    internal void Add(TableName table, long bytes)
    {
        Interlocked.Add(ref _finishedBytes, bytes);
        _tables[table].Add(bytes);
    }
}

/// <summary>How far one table is.</summary>
public sealed class LoadedTable
{
    private long _finishedBytes;

    internal LoadedTable(TableName name) => Name = name;

    /// <summary>The table on the source.</summary>
    public TableName Name { get; }

    /// <summary>Bytes of its files.</summary>
    public long TotalBytes { get; internal set; }

    /// <summary>Bytes loaded.</summary>
    public long FinishedBytes => Interlocked.Read(ref _finishedBytes);

    /// <summary>Whether all its rows are on the target.</summary>
    public bool IsFinished => FinishedBytes == TotalBytes;

    internal void Add(long bytes) => Interlocked.Add(ref _finishedBytes, bytes);
}
