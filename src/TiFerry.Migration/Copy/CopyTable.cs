using TiFerry.Migration.Meta;
using TiFerry.Migration.Routes;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>A table while it is being copied: what is left of it and who works on it. Guarded by its queue's lock.</summary>
internal sealed class CopyTable(CopyObject record, TablePlan plan)
{
    private long _rows = record.Rows;
    private long _bytes;

    /// <summary>The row that stands in the meta schema.</summary>
    public CopyObject Record { get; set; } = record;

    /// <summary>Columns and statements.</summary>
    public TablePlan Plan { get; } = plan;

    /// <summary>Schema and name.</summary>
    public TableName Name => Record.Name;

    /// <summary>Chunks that nobody works on.</summary>
    public Queue<CopyChunk> Waiting { get; } = [];

    /// <summary>Chunks that a worker has.</summary>
    public int Active { get; set; }

    /// <summary>Ends the work on the table when its definition changed on the source.</summary>
    public CancellationTokenSource Obsolete { get; } = new();

    /// <summary>What SHOW CREATE TABLE said on the source when the target's table was created.</summary>
    public string? Definition { get; init; }

    /// <summary>Definitions of indexes to add when all rows are there.</summary>
    public IReadOnlyList<string> MissingIndexes { get; set; } = [];

    /// <summary>Whether no chunk and no index is left.</summary>
    public bool IsFinished { get; set; }

    /// <summary>
    /// Whether rows of the table must not displace others: the target compares keys by other rules than the source, or holds rows of other tables too.
    /// </summary>
    public bool IsStrict { get; set; }

    /// <summary>Whether rows of other tables, of this source or another, go to the same table.</summary>
    public bool IsShared { get; set; }

    /// <summary>What of the target's table holds the rows.</summary>
    public TargetPart Part { get; init; }

    /// <summary>
    /// Whether a row makes those with the same unique value give way: needed once such a value moved to another row between two reads. The later
    /// row wins; following the binlog brings the other one back.
    /// </summary>
    public bool Displaces { get; set; }

    /// <summary>Rows copied.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Bytes of statements sent by this run.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Forgets the rows counted so far.</summary>
    public void StartAgain() => Interlocked.Exchange(ref _rows, 0);

    /// <summary>Counts rows and bytes.</summary>
    public void Add(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }
}
