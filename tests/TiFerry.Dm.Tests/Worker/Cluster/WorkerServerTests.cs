using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker;
using TiFerry.Dump.Layout;
using TiFerry.TestServers;

namespace TiFerry.Dm.Tests.Worker.Cluster;

[Collection(Servers.Name)]
public sealed class WorkerServerTests(ServerFixture servers)
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task ATaskIsCarriedPausedResumedAndStopped()
    {
        var task = await NewTaskAsync("lifecycle");
        await task.FillAsync(5000);
        await using var cluster = await TestCluster.StartAsync();
        await using var worker = new RunningWorker(cluster.ConfigOf("w1", Ttl));
        await cluster.LivesAsync("w1");
        Assert.False((await worker.StatusAsync()).Result);

        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
        await worker.InAsync(Stage.Running);
        await task.EqualAsync();
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('more')");
        await task.EqualAsync();
        await Eventually.TrueAsync(async () => (await worker.StatusAsync()).SubTaskStatus[0] is { Unit: UnitType.Sync, Sync.Synced: true }, () => worker.StatusAsync().GetAwaiter().GetResult().ToString());
        var sync = (await worker.StatusAsync()).SubTaskStatus[0].Sync;
        Assert.Equal(sync.MasterBinlog, sync.SyncerBinlog);
        Assert.Equal("remote", sync.BinlogType);
        Assert.NotEmpty(sync.SyncerBinlogGtid);

        await cluster.OrderAsync(c => c.PutSubTaskStage(task.Id, Stage.Paused));
        await worker.InAsync(Stage.Paused);
        Assert.True((await worker.StatusAsync()).SubTaskStatus[0].Result.IsCanceled);
        var listed = await worker.CallAsync(WorkerMethods.OperateSchema, new OperateWorkerSchemaRequest { Op = SchemaOp.ListTable, Task = task.Name, Source = TestTask.Source, Database = task.Database });
        Assert.True(listed.Result, listed.Msg);
        Assert.Equal("[\"t\"]", listed.Msg);
        var later = await worker.CallAsync(WorkerMethods.GetWorkerValidatorStatus, new GetValidationStatusRequest());
        Assert.False(later.Result);

        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('while paused')");
        await cluster.OrderAsync(c => c.PutSubTaskStage(task.Id, Stage.Running));
        await worker.InAsync(Stage.Running);
        await task.EqualAsync();

        await cluster.OrderAsync(c => c.DeleteSubTask(task.Id));
        await Eventually.TrueAsync(async () => (await worker.StatusAsync()).SubTaskStatus.Count == 0, () => "the subtask is still there");
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync($"http://{worker.Config.AdvertiseAddr}/metrics");
        Assert.Contains("dm_worker_cpu_usage", metrics, StringComparison.Ordinal);
        Assert.Contains("process_resident_memory_bytes", metrics, StringComparison.Ordinal);
        Assert.Contains("Release Version", await http.GetStringAsync($"http://{worker.Config.AdvertiseAddr}/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARelayLogIsReadByTheTask()
    {
        var task = await NewTaskAsync("relayed");
        await task.FillAsync(1000);
        await using var cluster = await TestCluster.StartAsync();
        await using var worker = new RunningWorker(cluster.ConfigOf("w1", Ttl));
        await cluster.LivesAsync("w1");
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: true).Bind(TestTask.Source, "w1").PutRelayStage(TestTask.Source, Stage.Running)
            .PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
        await task.EqualAsync();
        await Eventually.TrueAsync(
            async () => await worker.StatusAsync() is { SourceStatus.RelayStatus: { RelayCatchUpMaster: true, Stage: Stage.Running } } status && status.SubTaskStatus[0] is { Sync: { BinlogType: "local", Synced: true } },
            () => worker.StatusAsync().GetAwaiter().GetResult().ToString());

        await cluster.OrderAsync(c => c.PutRelayStage(TestTask.Source, Stage.Paused));
        await Eventually.TrueAsync(async () => (await worker.StatusAsync()).SourceStatus.RelayStatus.Stage == Stage.Paused, () => "the relay log is not paused");
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('behind the relay log')");
        await cluster.OrderAsync(c => c.PutRelayStage(TestTask.Source, Stage.Running));
        await task.EqualAsync();

        // Without a relay log it goes on from the source itself.
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).DeleteRelayStage(TestTask.Source));
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('without a relay log')");
        await task.EqualAsync();
        await Eventually.TrueAsync(async () => await worker.StatusAsync() is { SourceStatus.RelayStatus: null } status && status.SubTaskStatus[0] is { Sync.BinlogType: "remote" }, () => worker.StatusAsync().GetAwaiter().GetResult().ToString());
    }

    [Fact]
    public async Task AnErrorIsShownAndTheTaskGoesOnWhenItsCauseIsGone()
    {
        var task = await NewTaskAsync("refused") with { TargetUser = "not_yet_there" };
        await task.FillAsync(100);
        await using var cluster = await TestCluster.StartAsync();
        await using var worker = new RunningWorker(cluster.ConfigOf("w1", Ttl));
        await cluster.LivesAsync("w1");
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
        await worker.InAsync(Stage.Paused);
        var result = (await worker.StatusAsync()).SubTaskStatus[0].Result;
        Assert.False(result.IsCanceled);
        Assert.Contains("not_yet_there", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);

        await task.To.RunAsync("CREATE USER 'not_yet_there'@'%'", "GRANT ALL ON *.* TO 'not_yet_there'@'%'");
        await task.EqualAsync();
        await worker.InAsync(Stage.Running);
        await task.To.RunAsync("DROP USER 'not_yet_there'@'%'");
    }

    [Fact]
    public async Task FilesAreDumpedOnceAndLoadedOnce()
    {
        using var folder = new TemporaryFolder();
        var task = await NewTaskAsync("files");
        await task.FillAsync(100);
        var directory = Path.Combine(folder.Path, "dump");
        var dump = SubTaskConfig.FromJson(task.SubTask) with { Mode = TaskMode.Dump, Loader = new LoaderConfig { Dir = directory } };
        var load = dump with { Name = $"{task.Name}_load", Mode = TaskMode.Load };
        var loadId = new SubTaskId(load.Name, TestTask.Source);
        await using var cluster = await TestCluster.StartAsync();
        await using (var worker = new RunningWorker(cluster.ConfigOf("w1", TimeSpan.FromMinutes(10))))
        {
            await cluster.LivesAsync("w1");
            await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, dump.ToJson()).PutSubTaskStage(task.Id, Stage.Running));
            await worker.InAsync(Stage.Finished);
        }
        var first = DumpMetadata.Read(directory)!;
        Assert.Equal($"task {task.Name}, source {TestTask.Source}", first.Mark!.Owner);

        await using (var again = new RunningWorker(cluster.ConfigOf("w1", TimeSpan.FromMinutes(10))))
        {
            await cluster.LivesAsync("w1");
            await again.InAsync(Stage.Finished);
            Assert.Equal(first, DumpMetadata.Read(directory));
            // The same task, started anew, dumps what is there now.
            await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('more')");
            await cluster.OrderAsync(c => c.DeleteSubTask(task.Id));
            await Eventually.TrueAsync(async () => (await again.StatusAsync()).SubTaskStatus.Count == 0, () => "the subtask is still there");
            await cluster.OrderAsync(c => c.PutSubTask(task.Id, dump.ToJson()).PutSubTaskStage(task.Id, Stage.Running));
            await again.InAsync(Stage.Finished);
            Assert.NotEqual(first.Mark, DumpMetadata.Read(directory)!.Mark);

            await cluster.OrderAsync(c => c.DeleteSubTask(task.Id).PutSubTask(loadId, load.ToJson()).PutSubTaskStage(loadId, Stage.Running));
            await Eventually.TrueAsync(async () => (await again.StatusAsync()).SubTaskStatus is [{ Stage: Stage.Finished }] only && only[0].Name == load.Name, () => "the files are not loaded");
            await task.EqualAsync();
            Assert.Equal(["metadata", "metadata.loaded"], Directory.GetFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        await using var last = new RunningWorker(cluster.ConfigOf("w1", TimeSpan.FromMinutes(10)));
        await cluster.LivesAsync("w1");
        await last.InAsync(Stage.Finished);
    }

    [Fact]
    public async Task AWorkerThatStopsInOrderGivesItsPlaceBackAtOnce()
    {
        var task = await NewTaskAsync("handed");
        await task.FillAsync(100);
        await using var cluster = await TestCluster.StartAsync();
        await using (var worker = new RunningWorker(cluster.ConfigOf("w1", TimeSpan.FromMinutes(10))))
        {
            await cluster.LivesAsync("w1");
            await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
            await task.EqualAsync();
        }
        Assert.False((await cluster.StateAsync()).KeepAlives.ContainsKey("w1"));
        // Its own connections are gone with it: nobody holds the task's locks.
        await using var next = new RunningWorker(cluster.ConfigOf("w2", Ttl));
        await cluster.LivesAsync("w2");
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('more')");
        await cluster.OrderAsync(c => c.Unbind("w1").Bind(TestTask.Source, "w2"));
        await task.EqualAsync();
    }

    [Fact]
    public async Task AWorkerThatIsCutOffStopsBeforeItsLeaseEndsAndComesBack()
    {
        var task = await NewTaskAsync("cut");
        await task.FillAsync(100);
        await using var cluster = await TestCluster.StartAsync();
        await using var worker = new RunningWorker(cluster.ConfigOf("w1", TimeSpan.FromSeconds(10)));
        await cluster.LivesAsync("w1");
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
        await task.EqualAsync();

        await cluster.CutAsync();
        await Eventually.TrueAsync(async () => !(await worker.StatusAsync()).Result, () => "the worker still has the source");
        // Its key is there still: nobody else could have begun.
        Assert.True((await cluster.StateAsync()).KeepAlives.ContainsKey("w1"));
        var rows = await task.TargetRowsAsync();
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('while cut off')");
        await cluster.DiesAsync("w1");
        Assert.Equal(rows, await task.TargetRowsAsync());

        await cluster.MendAsync();
        await cluster.LivesAsync("w1");
        await task.EqualAsync();
    }

    [Fact]
    public async Task AnOutageOfTheMastersShorterThanTheLeaseChangesNothing()
    {
        var task = await NewTaskAsync("outage");
        await task.FillAsync(100);
        await using var cluster = await TestCluster.StartAsync();
        await using var worker = new RunningWorker(cluster.ConfigOf("w1", TimeSpan.FromSeconds(60)));
        await cluster.LivesAsync("w1");
        var bound = await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
        await task.EqualAsync();
        await cluster.CutAsync();
        await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('during the outage')");
        await task.EqualAsync();
        await cluster.MendAsync();
        await cluster.OrderAsync(c => c.PutSubTaskStage(task.Id, Stage.Paused));
        await worker.InAsync(Stage.Paused);
        Assert.Equal(bound.KeepAlives["w1"].CreateRevision, (await cluster.StateAsync()).KeepAlives["w1"].CreateRevision);
    }

    [Fact]
    public async Task AKilledWorkersNextProcessDoesNotWaitForItsLease()
    {
        await using var cluster = await TestCluster.StartAsync();
        var config = cluster.ConfigOf("w1", TimeSpan.FromSeconds(1800));
        await using var killed = new WorkerProcess(config);
        await cluster.LivesAsync("w1");
        var place = (await cluster.StateAsync()).KeepAlives["w1"].CreateRevision;
        await killed.KillAsync();
        Assert.Equal(place, (await cluster.StateAsync()).KeepAlives["w1"].CreateRevision);
        await using var next = new RunningWorker(config);
        await InAnotherPlaceAsync(cluster, place);
    }

    [Fact]
    public async Task WhoseNameAnotherProcessHasTakenWaitsForItsLease()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var worker = new RunningWorker(cluster.ConfigOf("w1", Ttl));
        await cluster.LivesAsync("w1");
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, "source-id: mysql-01\nfrom:\n  host: 127.0.0.1\n  port: 1\n  user: root\n", enableRelay: false).Bind(TestTask.Source, "w1"));
        await Eventually.TrueAsync(async () => (await worker.StatusAsync()).Result, () => "it has no source");
        await using var lease = await cluster.Etcd.GrantLeaseAsync(TimeSpan.FromSeconds(60));
        var other = await WorkerKeepAlive.ClaimAsync(cluster.Etcd, "w1", lease, Log.None, static _ => true, CancellationToken.None);
        await Eventually.TrueAsync(async () => !(await worker.StatusAsync()).Result, () => "it still has the source");
        Assert.Equal(other.Revision, (await cluster.StateAsync()).KeepAlives["w1"].CreateRevision);
        await lease.DisposeAsync();
        await InAnotherPlaceAsync(cluster, other.Revision);
    }

    [Fact]
    public async Task AStopWhileItStartsEndsQuietly()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var server = new WorkerServer(cluster.ConfigOf("w1", Ttl), Log.None);
        await server.RunAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task WorkGoesOnElsewhereAfterKillsInCopyAndInSync()
    {
        var task = await NewTaskAsync("killed");
        await task.FillAsync(60_000);
        await using var cluster = await TestCluster.StartAsync();
        await using var first = new WorkerProcess(cluster.ConfigOf("w1", Ttl));
        await using var second = new WorkerProcess(cluster.ConfigOf("w2", Ttl));
        await cluster.LivesAsync("w1");
        await cluster.LivesAsync("w2");
        await cluster.OrderAsync(c => c.PutSource(TestTask.Source, task.SourceFile, enableRelay: false).Bind(TestTask.Source, "w1").PutSubTask(task.Id, task.SubTask).PutSubTaskStage(task.Id, Stage.Running));
        await Eventually.TrueAsync(async () => await task.TargetRowsAsync() > 0, () => first.LastLines);
        await first.KillAsync();
        await cluster.DiesAsync("w1");
        await task.From.RunAsync($"UPDATE {task.Database}.t SET filler = 'changed' WHERE id % 7 = 0", $"DELETE FROM {task.Database}.t WHERE id % 11 = 0");
        await cluster.OrderAsync(c => c.Unbind("w1").Bind(TestTask.Source, "w2"));
        await task.EqualAsync();

        await using var third = new WorkerProcess(cluster.ConfigOf("w3", Ttl));
        await cluster.LivesAsync("w3");
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await task.From.RunAsync($"INSERT INTO {task.Database}.t (filler) VALUES ('{i}')", $"UPDATE {task.Database}.t SET filler = CONCAT('u', '{i}') WHERE id % 200 = {i}");
        });
        await Eventually.TrueAsync(async () => (await WorkerCalls.StatusAsync(second.Channel)).SubTaskStatus.SingleOrDefault() is { Sync.TotalRows: > 1000 }, () => second.LastLines);
        await second.KillAsync();
        await cluster.DiesAsync("w2");
        await cluster.OrderAsync(c => c.Unbind("w2").Bind(TestTask.Source, "w3"));
        await writing;
        await task.EqualAsync();
    }

    private static Task InAnotherPlaceAsync(TestCluster cluster, long place) => Eventually.TrueAsync(
        async () => (await cluster.StateAsync()).KeepAlives.GetValueOrDefault("w1") is { } now && now.CreateRevision > place, () => "nobody took the place");

    private async Task<TestTask> NewTaskAsync(string name)
    {
        var database = ServerFixture.NewDatabaseName(name);
        return new TestTask(await servers.SourceAsync(), await servers.TargetAsync(), database, database);
    }
}
