using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Core.Progress;
using TiFerry.Migration;
using TiFerry.Schema.Tables;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>One table's copy, or all tables together.</summary>
internal sealed record CopyStatus(string Name, long Rows, long EstimatedRows, double RowsPerSecond, TimeSpan? Left, bool IsDone)
{
    /// <summary>From 0 to 1; the estimate may be wrong, so 1 is only for what is done.</summary>
    public double Share => IsDone ? 1 : EstimatedRows > 0 ? Math.Min(0.99, (double)Rows / EstimatedRows) : 0;

    /// <summary>The share for people, as in <c>24%</c>.</summary>
    public string Percent => string.Create(CultureInfo.InvariantCulture, $"{(int)(Share * 100)}%");
}

/// <summary>How the following goes.</summary>
internal sealed record FollowStatus(TimeSpan Lag, BinlogPosition Read, BinlogPosition Applied, long Rows, double RowsPerSecond);

/// <summary>Measures rates and remaining times of a migration; for one thread.</summary>
internal sealed class ProgressMeter(MigrationProgress progress)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly Dictionary<TableName, RateEstimator> _tableRates = [];
    private readonly RateEstimator _totalRate = new(Window);
    private readonly RateEstimator _byteRate = new(Window);
    private readonly RateEstimator _followRate = new(Window);
    private readonly Dictionary<TableName, long> _rowsBefore = [];

    /// <summary>What is measured.</summary>
    public MigrationProgress Progress { get; } = progress;

    /// <summary>The tables of this run as they were at the last sample, by name.</summary>
    public IReadOnlyList<CopyStatus> Tables { get; private set; } = [];

    /// <summary>All of them.</summary>
    public CopyStatus Total { get; private set; } = new("total", 0, 0, 0, null, false);

    /// <summary>Bytes of statements that the copy sent in this run.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes a second, of the copy.</summary>
    public double BytesPerSecond => _byteRate.PerSecond;

    /// <summary>Rows that the copy wrote in this run.</summary>
    public long CopiedRows { get; private set; }

    /// <summary>The following; null before it began.</summary>
    public FollowStatus? Follow { get; private set; }

    /// <summary>Looks at the progress now.</summary>
    public void Sample()
    {
        SampleCopy();
        var sync = Progress.Sync;
        if (Follow is null && Progress.Stage != MigrationStage.Following && string.IsNullOrEmpty(sync.AppliedPosition.File))
            return;
        _followRate.Record(sync.Rows);
        Follow = new FollowStatus(sync.Lag(DateTimeOffset.UtcNow), sync.ReadPosition, sync.AppliedPosition, sync.Rows, _followRate.PerSecond);
    }

    private void SampleCopy()
    {
        var tables = Progress.Copy.Tables();
        var list = new List<CopyStatus>(tables.Count);
        long rows = 0, estimated = 0, bytes = 0, copied = 0;
        foreach (var table in tables)
        {
            if (!_tableRates.TryGetValue(table.Name, out var rate))
                _tableRates.Add(table.Name, rate = new RateEstimator(Window));
            _rowsBefore.TryAdd(table.Name, table.Bytes == 0 ? table.Rows : 0);
            if (!table.IsDone)
                rate.Record(table.Rows);
            var expected = table.IsDone ? table.Rows : Math.Max(table.Rows, table.EstimatedRows);
            list.Add(new CopyStatus($"{table.Name.Schema}.{table.Name.Name}", table.Rows, expected, rate.PerSecond, rate.TimeFor(expected - table.Rows), table.IsDone));
            rows += table.Rows;
            estimated += expected;
            bytes += table.Bytes;
            copied += Math.Max(0, table.Rows - _rowsBefore[table.Name]);
        }
        _totalRate.Record(rows);
        _byteRate.Record(bytes);
        (Tables, Bytes, CopiedRows) = (list, bytes, copied);
        Total = new CopyStatus("total", rows, estimated, _totalRate.PerSecond, _totalRate.TimeFor(estimated - rows), list.Count > 0 && list.TrueForAll(t => t.IsDone));
    }
}
