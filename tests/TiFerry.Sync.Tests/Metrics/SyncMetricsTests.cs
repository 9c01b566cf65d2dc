using System.Buffers;
using System.Text;
using TiFerry.Binlog;
using TiFerry.Core.Metrics;
using TiFerry.Sync.Metrics;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Metrics;

[Collection(Servers.Name)]
public class SyncMetricsTests(ServerFixture servers)
{
    [SkippableFact]
    public async Task Figures_have_DMs_names_and_labels()
    {
        var followed = await Followed.CreateAsync(servers, ServerKind.MariaDb, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10))");
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')", "UPDATE t SET v = 'x' WHERE id < 3", "DELETE FROM t WHERE id = 3", "CREATE TABLE u (a INT)");
        await followed.CatchUpAsync();
        var metrics = new SyncMetrics(followed.Progress, "my \"task\"", "mysql-01", "worker1");
        var read = followed.Progress.ReadPosition;
        metrics.SetSource(new BinlogPosition("binlog.000123", 4567));
        var lines = Write(metrics);
        const string Task = "task=\"my \\\"task\\\"\",source_id=\"mysql-01\"";
        Assert.Contains($"dm_syncer_binlog_pos{{node=\"syncer\",{Task}}} {read.Position}", lines);
        Assert.Contains($"dm_syncer_binlog_pos{{node=\"master\",{Task}}} 4567", lines);
        Assert.Contains($"dm_syncer_binlog_file{{node=\"master\",{Task}}} 123", lines);
        foreach (var name in (string[])["added", "finished"])
        {
            foreach (var (type, count) in ((string, int)[])[("insert", 3), ("update", 2), ("delete", 1), ("ddl", 1)])
                Assert.Contains($"dm_syncer_{name}_jobs_total{{type=\"{type}\",{Task},worker=\"worker1\",queueNo=\"\",target_schema=\"\",target_table=\"\"}} {count}", lines);
        }
        Assert.Contains($"dm_syncer_queue_size{{{Task},queue_id=\"\"}} 0", lines);
        Assert.Contains($"dm_syncer_exit_with_error_count{{{Task},resumable_err=\"false\"}} 0", lines);
        Assert.Contains($"dm_syncer_binlog_event_size_count{{{Task},worker=\"worker1\"}} {followed.Progress.Events}", lines);
        Assert.Contains($"tiferry_sync_unmatched_rows_total{{{Task},worker=\"worker1\"}} 0", lines);
        Assert.Contains(lines, l => l.StartsWith("dm_syncer_replication_lag_bucket{", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.StartsWith("dm_syncer_remaining_time{", StringComparison.Ordinal));
        metrics.SetSource(read);
        Assert.Contains($"dm_syncer_remaining_time{{{Task},worker=\"worker1\"}} 0", Write(metrics));
    }

    [Fact]
    public void Several_units_stand_under_one_name()
    {
        var lines = Write(new SyncMetrics(new SyncProgress(), "t", "a"), new SyncMetrics(new SyncProgress(), "t", "b"));
        Assert.Single(lines, "# TYPE dm_syncer_finished_transaction_total counter");
        var first = Array.IndexOf(lines, "dm_syncer_finished_transaction_total{task=\"t\",source_id=\"a\",worker=\"\"} 0");
        Assert.Equal("dm_syncer_finished_transaction_total{task=\"t\",source_id=\"b\",worker=\"\"} 0", lines[first + 1]);
    }

    private static string[] Write(params SyncMetrics[] units)
    {
        var output = new ArrayBufferWriter<byte>();
        SyncMetrics.Write(new PrometheusWriter(output), units);
        return Encoding.UTF8.GetString(output.WrittenSpan).Split('\n');
    }
}
