using TiFerry.Core.Routing;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Pb;
using TiFerry.TestServers;

namespace TiFerry.Dm.Tests.Worker.Cluster;

/// <summary>What subtasks keep on the target: apart for each source, and for whichever worker comes next.</summary>
[Collection(Servers.Name)]
public sealed class TaskProgressTests(ServerFixture servers)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task TwoSourcesOfATaskFillOneTableAndKeepToTheirOwnMetadata()
    {
        var first = await NewTaskAsync("merged");
        var second = first with { SourceId = "mysql-02", Database = $"{first.Database}_2" };
        TestTask[] tasks = [first, second];
        for (var i = 0; i < tasks.Length; i++)
            tasks[i] = tasks[i] with { Routes = [new RouteRule { Name = "merge", SchemaPattern = tasks[i].Database, TargetSchema = $"{first.Database}_all" }] };
        (first, second) = (tasks[0], tasks[1]);
        await first.From.RunAsync([.. tasks.SelectMany((t, i) => new[]
        {
            $"CREATE DATABASE {t.Database}", $"CREATE TABLE {t.Database}.t (id INT PRIMARY KEY, filler VARCHAR(200) NOT NULL)", $"INSERT INTO {t.Database}.t SELECT seq * 2 + {i}, 'x' FROM {t.Database}.seq_1_to_3000",
        })]);
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = new RunningWorker(cluster.ConfigOf("w1", Ttl));
        await using var w2 = new RunningWorker(cluster.ConfigOf("w2", Ttl));
        await cluster.LivesAsync("w1");
        await cluster.LivesAsync("w2");
        await cluster.OrderAsync(c => c.PutSource(first.SourceId, first.SourceFile, enableRelay: false).Bind(first.SourceId, "w1").PutSource(second.SourceId, second.SourceFile, enableRelay: false).Bind(second.SourceId, "w2")
            .PutSubTask(first.Id, first.SubTask).PutSubTaskStage(first.Id, Stage.Running));
        await MergedAsync(first);

        // The rows of the one are no strangers to the checks of the other.
        var inspection = new TaskInspection(PasswordCipher.None, ".");
        var file = new SourceConfig { SourceId = second.SourceId, From = second.Config.From };
        var report = await inspection.CheckAsync(new TaskStart(TaskConfigOf(first.Name), new TaskCliArgs(), BeginsAnew: false), [(second.Config, file)], CancellationToken.None);
        Assert.True(report.Summary.Passed, report.ToJson());
        await cluster.OrderAsync(c => c.PutSubTask(second.Id, second.SubTask).PutSubTaskStage(second.Id, Stage.Running));
        await MergedAsync(first, second);
        await first.From.RunAsync([.. tasks.SelectMany((t, i) => new[] { $"UPDATE {t.Database}.t SET filler = 'u{i}' WHERE id % 5 = 0", $"DELETE FROM {t.Database}.t WHERE id % 7 = 0", $"INSERT INTO {t.Database}.t VALUES ({90_000 + i}, 'more')" })]);
        await MergedAsync(first, second);
        foreach (var table in (string[])["task", "fence", $"{first.Name}_syncer_checkpoint"])
        {
            var ids = await first.To.QueryAsync($"SELECT DISTINCT {(table.EndsWith("checkpoint", StringComparison.Ordinal) ? "id" : "source_id")} FROM meta_{first.Name}.{table} ORDER BY 1");
            Assert.Equal([first.SourceId, second.SourceId], ids.Select(r => r[0]));
        }

        // What is removed of the one does not touch the other.
        await cluster.OrderAsync(c => c.DeleteSubTask(first.Id));
        await Eventually.TrueAsync(async () => (await w1.StatusAsync()).SubTaskStatus.Count == 0, () => "the subtask is still there");
        await inspection.RemoveMetaAsync(first.Config, CancellationToken.None);
        await second.From.RunAsync($"INSERT INTO {second.Database}.t VALUES (100001, 'later')");
        await MergedAsync(first, second);
        await w2.InAsync(Stage.Running);
        Assert.Equal(second.SourceId, Assert.Single(await first.To.QueryAsync($"SELECT DISTINCT id FROM meta_{first.Name}.{first.Name}_syncer_checkpoint"))[0]);
    }

    [Fact]
    public async Task AStartTimeIsObeyedOnceAndNotAgainByTheNextWorker()
    {
        var task = await NewTaskAsync("timed") with { Mode = TaskMode.Incremental };
        string[] before = [$"CREATE DATABASE {task.Database}", $"CREATE TABLE {task.Database}.t (id INT PRIMARY KEY AUTO_INCREMENT, filler VARCHAR(200) NOT NULL)", $"INSERT INTO {task.Database}.t (filler) VALUES ('before')"];
        await task.From.RunAsync([.. before, "DO SLEEP(1.1)"]);
        await task.To.RunAsync(before);
        var time = (await task.From.QueryAsync("SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s')"))[0][0]!;
        await task.From.RunAsync($"UPDATE {task.Database}.t SET filler = 'after'");
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = new RunningWorker(cluster.ConfigOf("w1", Ttl));
        await using var w2 = new RunningWorker(cluster.ConfigOf("w2", Ttl));
        await cluster.LivesAsync("w1");
        await cluster.LivesAsync("w2");
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1")
            .PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running).PutTaskArguments(task.Id, new TaskCliArgs { StartTime = time }.ToJson()));
        await task.EqualAsync();

        // Beginning there again would take this back.
        await task.To.RunAsync($"UPDATE {task.Database}.t SET filler = 'by hand'");
        await cluster.OrderAsync(c => c.Unbind("w1").Bind(TestTask.Source, "w2"));
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('more')");
        await Eventually.TrueAsync(async () => await task.TargetRowsAsync() == 2, () => w2.StatusAsync().GetAwaiter().GetResult().ToString());
        Assert.Equal("by hand", (await task.To.QueryAsync($"SELECT filler FROM {task.Database}.t WHERE id = 1"))[0][0]);
    }

    private static TaskConfig TaskConfigOf(string name) => TaskConfig.Parse("task", $"name: {name}\ntask-mode: all\ntarget-database:\n  host: 127.0.0.1\n  port: 1\n  user: root\nmysql-instances:\n  - source-id: {TestTask.Source}\n");

    private static Task MergedAsync(params TestTask[] tasks)
    {
        const string figures = "COUNT(*), COALESCE(SUM(CRC32(CONCAT(id, filler))), 0)";
        var all = string.Join(" UNION ALL ", tasks.Select(t => $"SELECT * FROM {t.Database}.t"));
        return Eventually.TrueAsync(async () =>
        {
            var target = $"{tasks[0].Database}_all";
            if ((await tasks[0].To.QueryAsync($"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{target}'")).Count == 0)
                return false;
            var expected = (await tasks[0].From.QueryAsync($"SELECT {figures} FROM ({all}) a"))[0];
            var merged = (await tasks[0].To.QueryAsync($"SELECT {figures} FROM {target}.t"))[0];
            return expected.SequenceEqual(merged);
        }, () => "the sources are not merged");
    }

    private async Task<TestTask> NewTaskAsync(string name)
    {
        var database = ServerFixture.NewDatabaseName(name);
        return new TestTask(await servers.SourceAsync(), await servers.TargetAsync(), database, database);
    }
}
