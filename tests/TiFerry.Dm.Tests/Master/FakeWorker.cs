using System.Collections.Concurrent;
using System.Net;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Master;

/// <summary>A worker that registers, lives and obeys as a real one does, and works at nothing. It tells a witness what it holds.</summary>
internal sealed class FakeWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _dead = new();
    private readonly GrpcServer _server;
    private readonly EtcdClient _etcd;
    private readonly EtcdLease _lease;
    private readonly ClusterReplica _replica = new();
    private readonly OwnerWitness _witness;
    private readonly Task _running;
    private WorkerOrders _orders = new(0, null, null);

    private FakeWorker(string name, GrpcServer server, EtcdClient etcd, EtcdLease lease, WorkerKeepAlive keepAlive, OwnerWitness witness)
    {
        (Name, _server, _etcd, _lease, KeepAlive, _witness) = (name, server, etcd, lease, keepAlive, witness);
        _running = Task.WhenAll(_replica.FollowAsync(etcd, Log.None, _dead.Token), ObeyAsync());
    }

    public string Name { get; }

    public WorkerKeepAlive KeepAlive { get; }

    public WorkerOrders Orders => Volatile.Read(ref _orders);

    /// <summary>Says what went wrong with subtasks, by task.</summary>
    public ConcurrentDictionary<string, string> Errors { get; } = new(StringComparer.Ordinal);

    public static async Task<FakeWorker> StartAsync(string name, IReadOnlyList<string> masters, OwnerWitness? witness = null, double ttlSeconds = 2)
    {
        var server = new GrpcServer();
        FakeWorker? worker = null;
        server.Map(WorkerMethods.QueryStatus, (request, _) => Task.FromResult(worker!.Status(request.Name)));
        server.Map(WorkerMethods.GetWorkerCfg, (_, _) => Task.FromResult(new GetWorkerCfgResponse { Cfg = $"name = \"{name}\"" }));
        server.Map(WorkerMethods.PurgeRelay, (_, _) => Task.FromResult(new CommonWorkerResponse { Result = true, Worker = name }));
        server.Map(WorkerMethods.HandleError, (request, _) => Task.FromResult(new CommonWorkerResponse { Result = true, Msg = $"{request.Op} {request.BinlogPos}", Worker = name }));
        server.Map(WorkerMethods.OperateSchema, (request, _) => Task.FromResult(new CommonWorkerResponse { Result = true, Msg = $"{request.Op} {request.Source}", Worker = name }));
        server.Map(WorkerMethods.CheckSubtasksCanUpdate, (_, _) => Task.FromResult(new CheckSubtasksCanUpdateResponse { Success = true }));
        await server.StartAsync(new IPEndPoint(IPAddress.Loopback, 0));

        using var channel = new GrpcChannel(masters);
        var answer = await channel.CallAsync(MasterMethods.RegisterWorker, new RegisterWorkerRequest { Name = name, Address = server.EndPoint.ToString() });
        Assert.True(answer.Result, answer.Msg);
        var etcd = new EtcdClient(masters);
        var lease = await etcd.GrantLeaseAsync(TimeSpan.FromSeconds(ttlSeconds));
        var keepAlive = await WorkerKeepAlive.ClaimAsync(etcd, name, lease, Log.None, CancellationToken.None);
        worker = new FakeWorker(name, server, etcd, lease, keepAlive, witness ?? new OwnerWitness());
        return worker;
    }

    /// <summary>As after kill -9: nothing is given back.</summary>
    public async Task KillAsync()
    {
        if (_dead.IsCancellationRequested)
            return;
        await _dead.CancelAsync();
        await Finished();
        await _server.DisposeAsync();
        // The lease is not renewed any more, and not given back.
        _etcd.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_dead.IsCancellationRequested)
        {
            await _dead.CancelAsync();
            await Finished();
            await _server.DisposeAsync();
            await _lease.DisposeAsync();
            _etcd.Dispose();
        }
    }

    private Task Finished() => _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async Task ObeyAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_dead.Token, _lease.Lost);
        try
        {
            while (true)
            {
                var seen = _replica.Current;
                var next = WorkerOrders.For(seen, Name, KeepAlive.Revision);
                Take(next);
                await _replica.WaitAsync(state => state.Revision > seen.Revision, stop.Token);
            }
        }
        finally
        {
            Take(new WorkerOrders(0, null, null));
        }
    }

    private void Take(WorkerOrders next)
    {
        var before = Orders;
        if (before.Source is { } old && (next.Source?.Source != old.Source || next.Source.FencingToken != old.FencingToken))
            _witness.Release(old.Source, Name, old.FencingToken);
        if (next.Source is { } source && (before.Source?.Source != source.Source || before.Source.FencingToken != source.FencingToken))
            _witness.Take(source.Source, Name, source.FencingToken);
        Volatile.Write(ref _orders, next);
    }

    private QueryStatusResponse Status(string task)
    {
        var orders = Orders;
        var status = new QueryStatusResponse { Result = true, SourceStatus = new SourceStatus { Source = orders.Source?.Source ?? "", Worker = Name } };
        if (orders.Relay is { } relay)
            status.SourceStatus.RelayStatus = new RelayStatus { Stage = relay.Stage };
        foreach (var subTask in orders.Source?.SubTasks.Where(s => task.Length == 0 || s.Task == task) ?? [])
        {
            var told = new SubTaskStatus { Name = subTask.Task, Stage = subTask.Stage, Unit = UnitType.Sync, Sync = new SyncStatus() };
            if (Errors.TryGetValue(subTask.Task, out var error))
                (told.Stage, told.Result) = (Stage.Paused, new ProcessResult { Errors = { new ProcessError { ErrCode = 10006, Message = error } } });
            status.SubTaskStatus.Add(told);
        }
        if (task.Length > 0 && status.SubTaskStatus.Count == 0)
            status.SubTaskStatus.Add(new SubTaskStatus { Name = task, Msg = $"no sub task with name {task} has started" });
        return status;
    }
}
