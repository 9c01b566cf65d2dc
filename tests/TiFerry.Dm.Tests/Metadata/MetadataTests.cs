using FsCheck.Fluent;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Tests.Master;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Tests.Metadata;

public sealed class MetadataTests
{
    private static readonly SubTaskId SubTask = new("t", "s1");

    [Fact]
    public void Keys_are_those_of_the_original()
    {
        Assert.Equal("/dm-worker/r/776f726b65722d31", ClusterKeys.Worker.Key("worker-1"));
        Assert.Equal("/dm-master/upstream/subtask/7331/74", ClusterKeys.SubTask.Key("s1", "t"));
        Assert.Equal("/dm-master/upstream/subtask/7331/", ClusterKeys.SubTask.Key("s1"));
        Assert.Equal("/dm-master/upstream/subtask/", ClusterKeys.SubTask.Key());
    }

    [Fact]
    public void Any_name_can_stand_in_a_key() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<FsCheck.NonEmptyString>(), text =>
    {
        // Half of a surrogate pair is no text.
        var name = new string([.. text.Get.Where(c => !char.IsSurrogate(c)), 'x']);
        Assert.True(ClusterKeys.TaskArguments.TryRead(ClusterKeys.TaskArguments.Key(name, "s/1"), out var names));
        Assert.Equal([name, "s/1"], names);
        Assert.False(ClusterKeys.LoadTask.TryRead(ClusterKeys.TaskArguments.Key(name, "s/1"), out _));
    }));

    [Fact]
    public void A_key_that_is_none_of_the_family_is_not_read()
    {
        Assert.False(ClusterKeys.Worker.TryRead("/dm-worker/r/xyz", out _));
        Assert.False(ClusterKeys.Worker.TryRead("/dm-worker/r/61/62", out _));
    }

    [Fact]
    public void Values_are_those_of_the_original()
    {
        var change = new ClusterChange(ClusterState.Empty).PutWorker("w1", "127.0.0.1:8262").PutSubTaskStage(SubTask, Stage.Paused).PutRelayStage("s1", Stage.Running).PutLoadTask(SubTask, "w1");
        Assert.Equal("""{"name":"w1","addr":"127.0.0.1:8262"}""", change.Writes[ClusterKeys.Worker.Key("w1")]);
        Assert.Equal("""{"expect":3,"source":"s1","task":"t"}""", change.Writes[ClusterKeys.SubTaskStage.Key("s1", "t")]);
        Assert.Equal("""{"expect":2,"source":"s1"}""", change.Writes[ClusterKeys.RelayStage.Key("s1")]);
        Assert.Equal("\"w1\"", change.Writes[ClusterKeys.LoadTask.Key("t", "s1")]);
    }

    [Fact]
    public void Binlog_operations_come_back_as_they_were()
    {
        var cluster = new ModelCluster();
        var operations = new[]
        {
            new BinlogOperation(BinlogPosition.Parse("mysql-bin.000002:4"), BinlogOperationKind.Replace, ["ALTER TABLE `a`.`b` ADD c INT DEFAULT '\"ü'"]),
            new BinlogOperation(BinlogPosition.Parse("mysql-bin|000002.000003:154"), BinlogOperationKind.Skip, []),
        };
        cluster.Commit(new ClusterChange(cluster.State).PutSubTask(SubTask, "{}").PutSource("s1", "", false).PutBinlogOperations(SubTask, operations));
        var kept = cluster.State.BinlogOperations[SubTask];
        Assert.Equal(operations.Select(o => (o.Position, o.Kind, string.Join(';', o.Statements))), kept.Select(o => (o.Position, o.Kind, string.Join(';', o.Statements))));
        cluster.Commit(new ClusterChange(cluster.State).PutBinlogOperations(SubTask, []));
        Assert.Empty(cluster.State.BinlogOperations);
    }

    [Fact]
    public void A_value_that_can_not_be_read_is_named()
    {
        var key = ClusterKeys.Binding.Key("w1");
        var error = Assert.Throws<TiFerryException>(() => ClusterState.Empty.With(1, [new KeyChange(key, "{", 1, 1)]));
        Assert.Equal(MetadataErrors.InvalidValue, error.Code);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_of_a_name_waits_and_what_the_first_writes_is_refused_then()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var etcd = new EtcdClient([cluster.Masters[0].Address]);
        var lease = await etcd.GrantLeaseAsync(TimeSpan.FromSeconds(5));
        await using var secondLease = await etcd.GrantLeaseAsync(TimeSpan.FromSeconds(5));
        var first = await WorkerKeepAlive.ClaimAsync(etcd, "w1", lease, Log.None, CancellationToken.None);
        var again = await WorkerKeepAlive.ClaimAsync(etcd, "w1", lease, Log.None, CancellationToken.None);
        Assert.Equal(first.Revision, again.Revision);
        var claiming = WorkerKeepAlive.ClaimAsync(etcd, "w1", secondLease, Log.None, CancellationToken.None);
        var operation = new BinlogOperation(BinlogPosition.Parse("b.000001:4"), BinlogOperationKind.Skip, []);
        await first.PutBinlogOperationsAsync(SubTask, [operation], CancellationToken.None);
        await first.PutLoadTaskAsync(SubTask, true, CancellationToken.None);
        await cluster.UntilAsync(() => cluster.Leader.Server.Cluster.Current.LoadTasks.ContainsKey(SubTask), "the place of the files is known");
        Assert.False(claiming.IsCompleted);

        await lease.DisposeAsync();
        var second = await claiming;
        Assert.True(second.Revision > first.Revision);
        var refused = await Assert.ThrowsAsync<TiFerryException>(() => first.PutBinlogOperationsAsync(SubTask, [], CancellationToken.None));
        Assert.Equal(MetadataErrors.KeepAliveLost, refused.Code);
        await second.PutBinlogOperationsAsync(SubTask, [], CancellationToken.None);
        await second.PutLoadTaskAsync(SubTask, false, CancellationToken.None);
        await cluster.UntilAsync(() => cluster.Leader.Server.Cluster.Current is { LoadTasks.IsEmpty: true, BinlogOperations.IsEmpty: true }, "all is taken back");
    }

    [Fact]
    public async Task A_process_that_has_its_predecessors_port_need_not_wait_for_its_lease()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var etcd = new EtcdClient([cluster.Masters[0].Address]);
        await using var lease = await etcd.GrantLeaseAsync(TimeSpan.FromSeconds(1800));
        await using var secondLease = await etcd.GrantLeaseAsync(TimeSpan.FromSeconds(5));
        var first = await WorkerKeepAlive.ClaimAsync(etcd, "w1", lease, Log.None, CancellationToken.None);
        var second = await WorkerKeepAlive.ClaimAsync(etcd, "w1", secondLease, Log.None, static _ => true, CancellationToken.None);
        Assert.True(second.Revision > first.Revision);
        await Assert.ThrowsAsync<TiFerryException>(() => first.PutLoadTaskAsync(SubTask, true, CancellationToken.None));
    }

    [Fact]
    public async Task A_replica_says_what_it_can_not_read_and_goes_on_once_that_is_gone()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var etcd = new EtcdClient([cluster.Masters[0].Address]);
        using var stop = new CancellationTokenSource();
        var replica = new ClusterReplica();
        var following = replica.FollowAsync(etcd, Log.None, stop.Token);
        await replica.WaitAsync(state => state.Revision > 0, CancellationToken.None);
        var key = ClusterKeys.Source.Key("s1");
        await etcd.PutAsync(key, "{");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => replica.WaitAsync(state => state.Sources.ContainsKey("s1"), CancellationToken.None));
        Assert.Equal(MetadataErrors.InvalidValue, error.Code);
        await etcd.PutAsync(key, """{"config":"x","enable-relay":true}""");
        await cluster.UntilAsync(() => replica.Current.Sources.TryGetValue("s1", out var source) && source.EnableRelay, "the source is read");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }
}
