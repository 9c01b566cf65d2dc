using FsCheck.Fluent;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Master;

public sealed class PlacementTests
{
    private readonly ModelCluster _cluster = new();

    private void Settle()
    {
        for (var round = 0; Placement.Plan(_cluster.State) is { IsEmpty: false } change; round++)
        {
            Assert.True(round < 100, "the placement never comes to an end");
            _cluster.Commit(change);
        }
    }

    private void AddSource(string source, bool relay = false) => _cluster.Commit(SourceChanges.Add(new ClusterChange(_cluster.State), source, "", relay, ""));

    private void AddWorker(string worker)
    {
        _cluster.Commit(WorkerChanges.Register(_cluster.State, worker, $"{worker}:8262"));
        _cluster.Join(worker);
    }

    [Fact]
    public void A_source_without_a_free_worker_waits_for_one()
    {
        AddSource("s1");
        Settle();
        Assert.Null(_cluster.State.WorkerOf("s1"));
        AddWorker("w1");
        Settle();
        Assert.Equal("w1", _cluster.State.WorkerOf("s1"));
    }

    [Fact]
    public void A_source_keeps_its_worker_until_the_keep_alive_key_is_gone()
    {
        AddWorker("w1");
        AddSource("s1");
        Settle();
        var bound = _cluster.State.Bindings["w1"];
        AddWorker("w2");
        Settle();
        Assert.Equal(bound, _cluster.State.Bindings["w1"]);
        _cluster.Leave("w1");
        Settle();
        Assert.Equal("w2", _cluster.State.WorkerOf("s1"));
        Assert.DoesNotContain("w1", _cluster.State.Bindings.Keys);
    }

    [Fact]
    public void A_worker_that_comes_back_has_what_it_had()
    {
        foreach (var worker in new[] { "w1", "w2", "w3" })
            AddWorker(worker);
        foreach (var source in new[] { "s1", "s2", "s3" })
            AddSource(source);
        Settle();
        var before = _cluster.State.Bindings.ToDictionary(b => b.Key, b => b.Value.Source);
        foreach (var worker in before.Keys)
            _cluster.Leave(worker);
        Settle();
        Assert.Empty(_cluster.State.Bindings);
        foreach (var worker in before.Keys.Reverse())
        {
            _cluster.Join(worker);
            Settle();
        }
        Assert.Equal(before, _cluster.State.Bindings.ToDictionary(b => b.Key, b => b.Value.Source));
    }

    [Fact]
    public void The_relay_log_decides_over_habit()
    {
        AddWorker("w1");
        AddSource("s1");
        Settle();
        AddWorker("w2");
        AddWorker("w3");
        _cluster.Commit(RelayChanges.Start(_cluster.State, "s1", ["w3"]));
        Settle();
        Assert.Equal("w1", _cluster.State.WorkerOf("s1"));
        Assert.Equal(WorkerStage.Relay, _cluster.State.StageOf("w3"));
        _cluster.Leave("w1");
        Settle();
        Assert.Equal("w3", _cluster.State.WorkerOf("s1"));
        Assert.Equal(Stage.Running, _cluster.State.RelayStages["s1"].Expect);
    }

    [Fact]
    public void Dump_files_decide_over_everything()
    {
        AddWorker("w1");
        AddSource("s1");
        Settle();
        StartTask("t", "s1");
        _cluster.Commit(new ClusterChange(_cluster.State).PutLoadTask(new SubTaskId("t", "s1"), "w1"));
        AddWorker("w2");
        _cluster.Leave("w1");
        Settle();
        Assert.Equal("w2", _cluster.State.WorkerOf("s1"));
        AddSource("s2");
        _cluster.Join("w1");
        Settle();
        Assert.Equal("w1", _cluster.State.WorkerOf("s1"));
        Assert.Equal("w2", _cluster.State.WorkerOf("s2"));
    }

    [Fact]
    public void A_worker_with_files_swaps_its_source_for_that_of_the_files()
    {
        AddWorker("w1");
        AddWorker("w2");
        AddSource("s1");
        AddSource("s2");
        Settle();
        StartTask("t", "s1");
        var (holder, other) = (_cluster.State.WorkerOf("s1")!, _cluster.State.WorkerOf("s2")!);
        _cluster.Commit(new ClusterChange(_cluster.State).PutLoadTask(new SubTaskId("t", "s1"), other));
        Settle();
        Assert.Equal(other, _cluster.State.WorkerOf("s1"));
        Assert.Equal(holder, _cluster.State.WorkerOf("s2"));
    }

    [Fact]
    public void A_paused_stage_survives_a_new_worker()
    {
        AddWorker("w1");
        AddSource("s1", relay: true);
        Settle();
        StartTask("t", "s1");
        _cluster.Commit(TaskChanges.Order(_cluster.State, Stage.Paused, "t", ["s1"]));
        _cluster.Commit(RelayChanges.Order(_cluster.State, Stage.Paused, ["s1"]));
        _cluster.Leave("w1");
        AddWorker("w2");
        Settle();
        var orders = WorkerOrders.For(_cluster.State, "w2", _cluster.State.KeepAlives["w2"].CreateRevision);
        Assert.Equal(Stage.Paused, Assert.Single(orders.Source!.SubTasks).Stage);
        Assert.Equal(Stage.Paused, orders.Relay!.Stage);
    }

    [Fact]
    public void Whatever_workers_do_no_source_has_two_and_none_waits_in_vain() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 9).SelectMany(op => Gen.Choose(1, 5).SelectMany(w => Gen.Choose(1, 4).Select(s => (op, $"w{w}", $"s{s}")))).ArrayOf().ToArbitrary(),
        steps => new PlacementTests().Walk(steps)));

    private void Walk((int Op, string Worker, string Source)[] steps)
    {
        var tokens = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (op, worker, source) in steps)
        {
            var before = _cluster.State;
            Step(op, worker, source);
            // The leader sees what happened late, and the rounds of its work mix with what happens.
            if (op % 2 == 0)
                Settle();
            Check(before, tokens);
        }
        Settle();
        CheckSettled();
    }

    private void Step(int op, string worker, string source)
    {
        var state = _cluster.State;
        try
        {
            switch (op)
            {
                case 0 or 1 or 2: AddWorker(worker); break;
                case 3 or 4 when state.KeepAlives.ContainsKey(worker): _cluster.Leave(worker); break;
                case 5 or 6: AddSource(source); break;
                case 7: _cluster.Commit(RelayChanges.Start(state, source, [worker])); break;
                case 8: _cluster.Commit(RelayChanges.Stop(state, source, [worker])); break;
                case 9 when state.TasksOf(source).Count == 0 && state.WorkerOf(source) is not null: StartTask("t", source); break;
                case 9: _cluster.Commit(TransferChanges.Transfer(state, source, worker, [])); break;
            }
        }
        catch (TiFerry.Core.Errors.TiFerryException)
        {
            // Refused, as a user would be.
        }
    }

    private void Check(ClusterState before, Dictionary<string, long> tokens)
    {
        var state = _cluster.State;
        Assert.Equal(state.Bindings.Count, state.Bindings.Values.DistinctBy(b => b.Source).Count());
        foreach (var binding in state.Bindings.Values.Where(b => state.KeepAlives.ContainsKey(b.Worker)))
        {
            var order = WorkerOrders.For(state, binding.Worker, state.KeepAlives[binding.Worker].CreateRevision).Source!;
            var known = tokens.GetValueOrDefault(binding.Source);
            Assert.True(order.FencingToken >= known, "a later owner has a lower fencing token");
            var sameOwner = before.Bindings.GetValueOrDefault(binding.Worker) == binding && before.KeepAlives.GetValueOrDefault(binding.Worker) == state.KeepAlives[binding.Worker];
            Assert.True(sameOwner || order.FencingToken > known, "two owners have the same fencing token");
            tokens[binding.Source] = order.FencingToken;
        }
    }

    private void CheckSettled()
    {
        var state = _cluster.State;
        Assert.All(state.Bindings.Keys, w => Assert.True(state.KeepAlives.ContainsKey(w)));
        foreach (var source in state.Sources.Keys.Where(s => state.WorkerOf(s) is null))
            Assert.DoesNotContain(state.Workers.Keys, w => state.StageOf(w) == WorkerStage.Free || (state.StageOf(w) == WorkerStage.Relay && state.RelayWorkers[w] == source));
        Assert.All(state.Bindings.Values, b => Assert.Equal(b.Source, state.RelayWorkers.GetValueOrDefault(b.Worker, b.Source)));
    }

    private void StartTask(string task, string source) =>
        _cluster.Commit(TaskChanges.Add(_cluster.State, new NewTask(task, "", new Dictionary<string, string>(StringComparer.Ordinal) { [source] = "{}" }, null)));
}
