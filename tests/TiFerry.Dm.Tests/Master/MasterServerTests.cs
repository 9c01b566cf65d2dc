using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Master;

public sealed class MasterServerTests
{
    [Fact]
    public async Task A_task_goes_through_its_life()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = await cluster.WorkerAsync("w1");

        var created = await cluster.CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.StartSource, Config = { TestCluster.SourceText("s1"), TestCluster.SourceText("s2") } });
        Assert.True(created.Result, created.Msg);
        Assert.Equal(["", "w1"], created.Sources.Select(s => s.Worker).Order());
        Assert.Contains(created.Sources, s => s.Result && s.Msg == "source is added but there is no free worker to bound");
        var again = await cluster.CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.StartSource, Config = { TestCluster.SourceText("s1") } });
        Assert.False(again.Result);
        Assert.Contains("[code=46007:class=scheduler:scope=internal:level=medium], Message: source config with ID s1 already exists", again.Msg, StringComparison.Ordinal);

        var unbound = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1", "s2") });
        Assert.False(unbound.Result);
        Assert.Contains("[code=46009", unbound.Msg, StringComparison.Ordinal);
        await using var w2 = await cluster.WorkerAsync("w2");
        await cluster.UntilAsync(() => w2.Orders.Source is not null, "w2 has a source");

        var started = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1", "s2") + "\nansi-quotes: true" });
        Assert.True(started.Result, started.Msg);
        Assert.Equal("task:11:14: 'ansi-quotes' does nothing any more", started.Msg);
        Assert.All(started.Sources, s => Assert.True(s.Result, s.Msg));
        Assert.Equal(["s1", "s2"], started.Sources.Select(s => s.Source));
        var twice = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1", "s2") });
        Assert.Contains("[code=46014", twice.Msg, StringComparison.Ordinal);

        var paused = await cluster.CallAsync(MasterMethods.OperateTask, new OperateTaskRequest { Op = TaskOp.Pause, Name = "t", Sources = { "s1" } });
        Assert.True(Assert.Single(paused.Sources).Result, paused.Msg);
        var status = await cluster.CallAsync(MasterMethods.QueryStatus, new QueryStatusListRequest { Name = "t" });
        Assert.Equal([Stage.Paused, Stage.Running], status.Sources.Select(s => s.SubTaskStatus[0].Stage));
        w1.Errors["t"] = w2.Errors["t"] = "no room on the target";
        var resumed = await cluster.CallAsync(MasterMethods.OperateTask, new OperateTaskRequest { Op = TaskOp.Resume, Name = "t" });
        Assert.True(resumed.Result);
        Assert.All(resumed.Sources, s => Assert.Contains("no room on the target", s.Msg, StringComparison.Ordinal));

        var busy = await cluster.CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.StopSource, SourceID = { "s1" } });
        Assert.Contains("[code=46010:class=dm-master", busy.Msg, StringComparison.Ordinal);
        var stopped = await cluster.CallAsync(MasterMethods.OperateTask, new OperateTaskRequest { Op = TaskOp.Delete, Name = "t" });
        Assert.All(stopped.Sources, s => Assert.True(s.Result, s.Msg));
        var gone = await cluster.CallAsync(MasterMethods.OperateTask, new OperateTaskRequest { Op = TaskOp.Pause, Name = "t" });
        Assert.Equal("task t has no source or not exist, please check the task name and status", gone.Msg);
        Assert.Equal(TaskOp.Pause, gone.Op);
        var removed = await cluster.CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.StopSource, SourceID = { "s1", "s2" } });
        Assert.All(removed.Sources, s => Assert.True(s.Result, s.Msg));
        Assert.Empty((await cluster.CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.ShowSource })).Sources);
    }

    [Fact]
    public async Task A_source_goes_to_another_worker_once_the_lease_of_the_first_is_over()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        await using var w2 = await cluster.WorkerAsync("w2");
        var token = w1.Orders.Source!.FencingToken;

        await w1.KillAsync();
        await cluster.UntilAsync(() => w2.Orders.Source is not null, "w2 has the source");
        Assert.True(w2.Orders.Source!.FencingToken > token);
        Assert.Empty(cluster.Witness.Faults);

        var members = await cluster.CallAsync(MasterMethods.ListMember, new ListMemberRequest { Worker = true });
        Assert.Equal(["w1 offline ", "w2 bound s1"], members.Members[0].Worker.Workers.Select(w => $"{w.Name} {w.Stage} {w.Source}"));
        var online = await cluster.CallAsync(MasterMethods.OfflineMember, new OfflineMemberRequest { Type = "worker", Name = "w2" });
        Assert.Contains("[code=46005", online.Msg, StringComparison.Ordinal);
        Assert.True((await cluster.CallAsync(MasterMethods.OfflineMember, new OfflineMemberRequest { Type = "worker", Name = "w1" })).Result);
        var taken = await cluster.CallAsync(MasterMethods.RegisterWorker, new RegisterWorkerRequest { Name = "w2", Address = "other:8262" });
        Assert.Contains("[code=46003", taken.Msg, StringComparison.Ordinal);
        var type = await cluster.CallAsync(MasterMethods.OfflineMember, new OfflineMemberRequest { Type = "dog", Name = "w1" });
        Assert.Contains("[code=38049", type.Msg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relays_are_started_paused_and_stopped()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        await using var w2 = await cluster.WorkerAsync("w2");
        await cluster.UntilAsync(() => cluster.Leader.Server.Cluster.Current.KeepAlives.ContainsKey("w2"), "w2 lives");

        var started = await cluster.CallAsync(MasterMethods.OperateRelay, new OperateRelayRequest { Op = RelayOpV2.StartRelayV2, Source = "s1", Worker = { "w1", "w2" } });
        Assert.True(started.Result, started.Msg);
        Assert.Equal(["w1", "w2"], started.Sources.Select(s => s.Worker));
        Assert.All(started.Sources, s => Assert.True(s.Result, s.Msg));
        var paused = await cluster.CallAsync(MasterMethods.OperateWorkerRelayTask, new OperateWorkerRelayRequest { Op = RelayOp.PauseRelay, Sources = { "s1" } });
        Assert.All(paused.Sources, s => Assert.True(s.Result, s.Msg));
        Assert.Equal(2, paused.Sources.Count);
        Assert.Equal(Stage.Paused, w2.Orders.Relay!.Stage);
        var purged = await cluster.CallAsync(MasterMethods.PurgeWorkerRelay, new PurgeWorkerRelayRequest { Sources = { "s1" }, Inactive = true });
        Assert.Equal(["w1", "w2"], purged.Sources.Select(s => s.Worker).Order());
        var all = await cluster.CallAsync(MasterMethods.OperateRelay, new OperateRelayRequest { Op = RelayOpV2.StartRelayV2, Source = "s1" });
        Assert.Contains("[code=46028", all.Msg, StringComparison.Ordinal);
        var shown = await cluster.CallAsync(MasterMethods.QueryStatus, new QueryStatusListRequest { Sources = { "s1" } });
        Assert.Equal(2, shown.Sources.Count);
        var stopped = await cluster.CallAsync(MasterMethods.OperateRelay, new OperateRelayRequest { Op = RelayOpV2.StopRelayV2, Source = "s1", Worker = { "w1", "w2" } });
        Assert.All(stopped.Sources, s => Assert.True(s.Result, s.Msg));
        Assert.Null(w1.Orders.Relay);

        var auto = await cluster.CallAsync(MasterMethods.OperateRelay, new OperateRelayRequest { Op = RelayOpV2.StartRelayV2, Source = "s1" });
        Assert.True(Assert.Single(auto.Sources).Result);
        Assert.True(w1.Orders.Source!.EnableRelay);
        var named = await cluster.CallAsync(MasterMethods.OperateRelay, new OperateRelayRequest { Op = RelayOpV2.StopRelayV2, Source = "s1", Worker = { "w1" } });
        Assert.Contains("[code=46031", named.Msg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_is_transferred_with_its_tasks_paused_on_the_way()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        Assert.True((await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1") })).Result);
        await using var w2 = await cluster.WorkerAsync("w2");
        await cluster.UntilAsync(() => cluster.Leader.Server.Cluster.Current.KeepAlives.ContainsKey("w2"), "w2 lives");

        var moved = await cluster.CallAsync(MasterMethods.TransferSource, new TransferSourceRequest { Source = "s1", Worker = "w2" });
        Assert.True(moved.Result, moved.Msg);
        await cluster.UntilAsync(() => w2.Orders.Source?.SubTasks is [{ Stage: Stage.Running }], "w2 runs the subtask");
        Assert.Null(cluster.Leader.Server.Cluster.Current.SourceOf("w1"));
        Assert.True((await cluster.CallAsync(MasterMethods.TransferSource, new TransferSourceRequest { Source = "s1", Worker = "w2" })).Result);
        Assert.Contains("[code=46004", (await cluster.CallAsync(MasterMethods.TransferSource, new TransferSourceRequest { Source = "s1", Worker = "w9" })).Msg, StringComparison.Ordinal);
        Assert.Contains("[code=46008", (await cluster.CallAsync(MasterMethods.TransferSource, new TransferSourceRequest { Source = "s9", Worker = "w1" })).Msg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passwords_are_kept_encrypted_and_shown_hidden()
    {
        var cipher = new PasswordCipher(new byte[32]);
        await using var cluster = await TestCluster.StartAsync(cipher: cipher);
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        Assert.True((await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1") })).Result);

        using var etcd = new EtcdClient([cluster.Masters[0].Address]);
        var all = await etcd.GetPrefixAsync("/");
        Assert.All(all.Items, item => Assert.DoesNotContain("s3cret", item.Value, StringComparison.Ordinal));
        Assert.Contains("s3cret-of-s1", cipher.Plain(new Secret(SourceConfig.Parse("s1", w1.Orders.Source!.Config).From.Password.Reveal())).Reveal(), StringComparison.Ordinal);
        foreach (var (type, name) in new[] { (CfgType.TaskType, "t"), (CfgType.SourceType, "s1") })
        {
            var shown = await cluster.CallAsync(MasterMethods.GetCfg, new GetCfgRequest { Type = type, Name = name });
            Assert.True(shown.Result, shown.Msg);
            Assert.Contains("******", shown.Cfg, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", shown.Cfg, StringComparison.Ordinal);
        }
        Assert.Contains("name = \"m1\"", (await cluster.CallAsync(MasterMethods.GetCfg, new GetCfgRequest { Type = CfgType.MasterType, Name = "m1" })).Cfg, StringComparison.Ordinal);
        Assert.Contains("name = \"w1\"", (await cluster.CallAsync(MasterMethods.GetCfg, new GetCfgRequest { Type = CfgType.WorkerType, Name = "w1" })).Cfg, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", Assert.Single((await cluster.CallAsync(MasterMethods.GetSubTaskCfg, new GetSubTaskCfgRequest { Name = "t" })).Cfgs), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", Assert.Single((await cluster.CallAsync(MasterMethods.ListSourceConfigs, new Google.Protobuf.WellKnownTypes.Empty())).SourceConfigs).Value, StringComparison.Ordinal);
        var encrypted = await cluster.CallAsync(MasterMethods.Encrypt, new EncryptRequest { Plaintext = "abc" });
        Assert.Equal("abc", cipher.Decrypt(encrypted.Ciphertext).Reveal());

        var other = await Assert.ThrowsAsync<TiFerryException>(() => SecretKeyCheck.RunAsync(etcd, PasswordCipher.None, CancellationToken.None));
        Assert.Equal(MetadataErrors.OtherSecretKey, other.Code);
        await Assert.ThrowsAsync<TiFerryException>(() => SecretKeyCheck.RunAsync(etcd, new PasswordCipher([1, .. new byte[31]]), CancellationToken.None));
    }

    [Fact]
    public async Task A_task_that_fails_its_checks_does_not_start()
    {
        var failing = TaskCheckReport.Of([]) with { Summary = new CheckSummary { Passed = false, Total = 1, Successful = 0, Failed = 1, Warning = 0 } };
        await using var cluster = await TestCluster.StartAsync(databases: TestMaster.NoDatabases with { CheckTask = (_, _, _) => Task.FromResult(failing) });
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        var started = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1") });
        Assert.False(started.Result);
        Assert.Contains("[code=26005:class=dm-master", started.CheckResult, StringComparison.Ordinal);
        var check = await cluster.CallAsync(MasterMethods.CheckTask, new CheckTaskRequest { Task = TestCluster.TaskText("t", "s1"), ErrCnt = 10, WarnCnt = 10 });
        Assert.False(check.Result);
        Assert.Contains("[code=26005", check.Msg, StringComparison.Ordinal);
        Assert.Empty(cluster.Leader.Server.Cluster.Current.SubTasks);
        var broken = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = "name: [" });
        Assert.False(broken.Result);
        Assert.Contains("task", broken.Msg, StringComparison.Ordinal);
        var unknown = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s9") });
        Assert.Contains("s9", unknown.Msg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_is_removed_before_a_start_only_and_the_checks_know()
    {
        var removed = new ConcurrentQueue<string>();
        var starts = new ConcurrentQueue<TaskStart>();
        await using var cluster = await TestCluster.StartAsync(databases: TestMaster.NoDatabases with
        {
            CheckTask = (start, _, _) =>
            {
                starts.Enqueue(start);
                return Task.FromResult(TaskCheckReport.Of([]));
            },
            RemoveMeta = (subTask, _) =>
            {
                removed.Enqueue(subTask.SourceId);
                return Task.CompletedTask;
            },
        });
        await using var w1 = await cluster.WorkerAsync("w1");
        await using var w2 = await cluster.WorkerAsync("w2");
        await cluster.AddSourceAsync("s1");
        await cluster.AddSourceAsync("s2");
        var request = new StartTaskRequest { Task = TestCluster.TaskText("t", "s1", "s2"), RemoveMeta = true };
        var started = await cluster.CallAsync(MasterMethods.StartTask, request);
        Assert.True(started.Result, started.Msg);
        Assert.True(Assert.Single(starts).BeginsAnew);
        Assert.Equal(["s1", "s2"], removed.Order(StringComparer.Ordinal));

        var again = await cluster.CallAsync(MasterMethods.StartTask, request);
        Assert.False(again.Result);
        Assert.Contains("[code=46014", again.Msg, StringComparison.Ordinal);
        Assert.Equal(2, removed.Count);
    }

    [Fact]
    public async Task A_start_time_is_for_tasks_that_only_follow()
    {
        var starts = new ConcurrentQueue<TaskStart>();
        await using var cluster = await TestCluster.StartAsync(databases: TestMaster.NoDatabases with
        {
            CheckTask = (start, _, _) =>
            {
                starts.Enqueue(start);
                return Task.FromResult(TaskCheckReport.Of([]));
            },
        });
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        var text = TestCluster.TaskText("t", "s1");
        var refused = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = text, StartTime = "2026-01-31 13:01:50" });
        Assert.False(refused.Result);
        Assert.Contains("task-mode all", refused.Msg, StringComparison.Ordinal);
        var started = await cluster.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = text.Replace("task-mode: all", "task-mode: incremental", StringComparison.Ordinal), StartTime = "2026-01-31 13:01:50" });
        Assert.True(started.Result, started.Msg);
        Assert.Equal("2026-01-31 13:01:50", Assert.Single(starts).Arguments.StartTime);
        var arguments = w1.Orders.Source!.SubTasks[0];
        Assert.Contains("2026-01-31 13:01:50", arguments.Arguments, StringComparison.Ordinal);
        Assert.True(arguments.ArgumentsRevision > 0);
    }

    [Fact]
    public async Task Pages_and_what_comes_later()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using var w1 = await cluster.WorkerAsync("w1");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{cluster.Masters[0].Address}") };
        Assert.StartsWith("Release Version:", await http.GetStringAsync("/status"), StringComparison.Ordinal);
        await cluster.CallAsync(MasterMethods.ListMember, new ListMemberRequest());
        var metrics = await http.GetStringAsync("/metrics");
        Assert.All<string>(
            [
                "dm_master_worker_state{worker=\"w1\"} 1\n",
                "grpc_server_started_total{grpc_method=\"ListMember\",grpc_service=\"pb.Master\",grpc_type=\"unary\"} 1\n",
                "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"ListMember\",grpc_service=\"pb.Master\",grpc_type=\"unary\"} 1\n",
                "# TYPE etcd_server_has_leader gauge\netcd_server_has_leader 1\n",
                "etcd_disk_wal_fsync_duration_seconds_bucket{le=",
            ],
            line => Assert.Contains(line, metrics, StringComparison.Ordinal));
        Assert.Equal(1, metrics.Split("# TYPE process_cpu_seconds_total").Length - 1);
        Assert.Equal("{\"health\":\"true\"}", await http.GetStringAsync("/health"));
        var members = JsonDocument.Parse(await http.GetStringAsync("/apis/v1alpha1/members?worker=true&names=w1")).RootElement;
        Assert.Equal("w1", members.GetProperty("members")[0].GetProperty("worker").GetProperty("workers")[0].GetProperty("name").GetString());
        var created = await http.PutAsJsonAsync("/apis/v1alpha1/sources", new { op = "StartSource", config = new[] { TestCluster.SourceText("s1") } });
        Assert.True(JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement.GetProperty("result").GetBoolean());
        var none = JsonDocument.Parse(await http.GetStringAsync("/apis/v1alpha1/status/t")).RootElement;
        Assert.False(none.GetProperty("result").GetBoolean());
        Assert.Equal("task t has no source or not exist", none.GetProperty("msg").GetString());
        Assert.True(JsonDocument.Parse(await http.GetStringAsync("/apis/v1alpha1/status/")).RootElement.GetProperty("result").GetBoolean());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync("/apis/v1alpha1/dogs")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.MethodNotAllowed, (await http.DeleteAsync("/apis/v1alpha1/sources")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.PutAsync("/apis/v1alpha1/sources", new StringContent("{nonsense"))).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.GetAsync("/apis/v1alpha1/members?dog=1")).StatusCode);

        var locks = await cluster.CallAsync(MasterMethods.ShowDDLLocks, new ShowDDLLocksRequest());
        Assert.True(locks.Result);
        Assert.Equal("no DDL lock exists", locks.Msg);
        Assert.Contains("[code=38019", (await cluster.CallAsync(MasterMethods.UnlockDDLLock, new UnlockDDLLockRequest { ID = "x" })).Msg, StringComparison.Ordinal);
        Assert.Contains("comes with a later one", (await cluster.CallAsync(MasterMethods.StartValidation, new StartValidationRequest { TaskName = "t" })).Msg, StringComparison.Ordinal);
        Assert.Contains("must specify at least one source", (await cluster.CallAsync(MasterMethods.OperateSchema, new OperateSchemaRequest { Op = SchemaOp.ListTable })).Msg, StringComparison.Ordinal);
        var schema = await cluster.CallAsync(MasterMethods.OperateSchema, new OperateSchemaRequest { Op = SchemaOp.ListTable, Sources = { "s1" } });
        Assert.Equal("ListTable s1", Assert.Single(schema.Sources).Msg);
    }

    [Fact]
    public async Task Every_master_answers_and_an_evicted_leader_leads_no_more()
    {
        await using var cluster = await TestCluster.StartAsync(masters: 3);
        await using var w1 = await cluster.WorkerAsync("w1");
        await cluster.AddSourceAsync("s1");
        foreach (var master in cluster.Masters)
        {
            var members = await master.Channel.CallAsync(MasterMethods.ListMember, new ListMemberRequest());
            Assert.Equal(cluster.Leader.Name, members.Members[0].Leader.Name);
            Assert.Equal(["m1 True", "m2 True", "m3 True"], members.Members[1].Master.Masters.Select(m => $"{m.Name} {m.Alive}"));
            Assert.Equal("bound", members.Members[2].Worker.Workers[0].Stage);
        }

        var first = cluster.Leader;
        Assert.True((await first.Channel.CallAsync(MasterMethods.OperateLeader, new OperateLeaderRequest { Op = LeaderOp.EvictLeaderOp })).Result);
        await cluster.UntilAsync(() => cluster.Masters.Any(m => m != first && m.Server.Leads), "another master leads");
        Assert.False(first.Server.Leads);
        var viaFirst = await first.Channel.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText("t", "s1") });
        Assert.True(viaFirst.Result, viaFirst.Msg);
        Assert.True((await first.Channel.CallAsync(MasterMethods.OperateLeader, new OperateLeaderRequest { Op = LeaderOp.CancelEvictLeaderOp })).Result);
        Assert.False((await first.Channel.CallAsync(MasterMethods.OperateLeader, new OperateLeaderRequest())).Result);
    }

    [Fact]
    public async Task Tasks_started_while_the_leader_changes_are_whole_or_not_there()
    {
        await using var cluster = await TestCluster.StartAsync(masters: 3);
        await using var w1 = await cluster.WorkerAsync("w1", ttlSeconds: 10);
        await using var w2 = await cluster.WorkerAsync("w2", ttlSeconds: 10);
        await cluster.AddSourceAsync("s1");
        await cluster.AddSourceAsync("s2");
        var dead = cluster.Leader;
        var others = cluster.Masters.Where(m => m != dead).ToList();
        using var channel = new GrpcChannel([.. others.Select(m => m.Address)]);
        var started = new List<string>();
        var starting = Task.Run(async () =>
        {
            for (var i = 0; i < 12; i++)
            {
                try
                {
                    var answer = await channel.CallAsync(MasterMethods.StartTask, new StartTaskRequest { Task = TestCluster.TaskText($"t{i}", "s1", "s2") }, new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(20) });
                    if (answer.Result)
                        started.Add($"t{i}");
                }
                catch (GrpcException)
                {
                    // It may have been started or not.
                }
                await Task.Delay(100);
            }
        });
        await Task.Delay(300);
        await dead.DisposeAsync();
        cluster.Masters.Remove(dead);
        await starting;
        await cluster.UntilAsync(() => others.Any(m => m.Server.Leads), "another master leads");

        var state = await cluster.Leader.Server.Cluster.WaitAsync(_ => true, CancellationToken.None);
        Assert.All(started, task => Assert.Equal(["s1", "s2"], state.SourcesOf(task)));
        Assert.All(state.Tasks.Keys, task => Assert.Equal(["s1", "s2"], state.SourcesOf(task)));
        Assert.All(state.SubTasks.Keys, id => Assert.Equal(Stage.Running, state.SubTaskStages[id].Expect));
        Assert.NotNull(state.WorkerOf("s1"));
        Assert.NotNull(state.WorkerOf("s2"));
        Assert.Equal(2, cluster.Witness.Taken);
    }

    [Fact]
    public async Task Who_leads_no_longer_can_not_write()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var etcd = new EtcdClient([cluster.Masters[0].Address]);
        await using var lease = await etcd.GrantLeaseAsync(TimeSpan.FromSeconds(10));
        await using var term = await new EtcdElection(etcd, "/test/leader").CampaignAsync(lease, "{}");
        var store = new ClusterStore(etcd);
        var change = new ClusterChange(ClusterState.Empty).PutWorker("w1", "a:1");
        Assert.NotNull(await store.CommitAsync(change, term, CancellationToken.None));
        Assert.Null(await store.CommitAsync(change, term, CancellationToken.None));

        await etcd.DeleteAsync(term.Key);
        var refused = await Assert.ThrowsAsync<TiFerryException>(() => store.CommitAsync(new ClusterChange(ClusterState.Empty).PutWorker("w2", "a:2"), term, CancellationToken.None));
        Assert.Equal(MetadataErrors.LeadershipLost, refused.Code);
        Assert.Null(await etcd.GetAsync(ClusterKeys.Worker.Key("w2")));
    }

    [Fact]
    public async Task Whatever_workers_do_no_source_is_bound_twice()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var source in new[] { "s1", "s2", "s3" })
            await cluster.AddSourceAsync(source);
        using var stop = new CancellationTokenSource();
        using var etcd = new EtcdClient([cluster.Masters[0].Address]);
        var watching = Task.Run(async () =>
        {
            try
            {
                await foreach (var update in etcd.FollowAsync(ClusterKeys.Binding.Path, stop.Token))
                    Assert.Equal(update.Keys.Count, update.Keys.Values.Select(k => JsonDocument.Parse(k.Value).RootElement.GetProperty("source").GetString()).Distinct().Count());
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }
        });
        var random = new Random(20261121);
        var alive = new Dictionary<string, FakeWorker>(StringComparer.Ordinal);
        for (var step = 0; step < 24; step++)
        {
            var name = $"w{random.Next(4)}";
            if (!alive.Remove(name, out var worker))
                alive[name] = await RestartAsync(cluster, name);
            else if (random.Next(2) == 0)
                await worker.KillAsync();
            else
                await worker.DisposeAsync();
        }
        if (alive.Count == 0)
            alive["w0"] = await RestartAsync(cluster, "w0");
        await cluster.UntilAsync(() => alive.Values.Count(w => w.Orders.Source is not null) == Math.Min(3, alive.Count), "all sources that can be are bound");
        await stop.CancelAsync();
        await watching;
        Assert.Empty(cluster.Witness.Faults);
    }

    // Its address is another each time, so the old registration has to go first, and for that the old lease.
    private static async Task<FakeWorker> RestartAsync(TestCluster cluster, string name)
    {
        if (cluster.Leader.Server.Cluster.Current.Workers.ContainsKey(name))
        {
            await cluster.UntilAsync(() => !cluster.Leader.Server.Cluster.Current.KeepAlives.ContainsKey(name), $"the lease of {name} is over");
            Assert.True((await cluster.CallAsync(MasterMethods.OfflineMember, new OfflineMemberRequest { Type = "worker", Name = name })).Result);
        }
        return await cluster.WorkerAsync(name, ttlSeconds: 1);
    }
}
