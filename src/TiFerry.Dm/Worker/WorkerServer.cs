using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Metrics;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Worker.Http;
using TiFerry.Dm.Worker.Liveness;
using TiFerry.Dm.Worker.Services;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.Grpc;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Worker;

/// <summary>dm-worker: takes its place in the cluster, does what the cluster's state orders, and serves <c>pb.Worker</c>, <c>/status</c> and <c>/metrics</c>.</summary>
public sealed class WorkerServer : IAsyncDisposable
{
    private static readonly TimeSpan JoinPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AnewAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CallsEnd = TimeSpan.FromSeconds(5);

    private readonly WorkerConfig _config;
    private readonly Log _log;
    private readonly GrpcServer _server;
    private readonly GrpcChannel _masters;
    private readonly EtcdClient _etcd;
    private readonly HostedSource _source;
    private readonly WorkerMetrics _metrics;
    private PasswordCipher _cipher = PasswordCipher.None;
    private volatile WorkerPresence? _presence;
    private long? _earlierPlace;

    /// <summary>Prepares; nothing is opened yet.</summary>
    /// <param name="config">The worker's configuration.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="TiFerryException">The certificates can't be used, or an address is none.</exception>
    public WorkerServer(WorkerConfig config, Log log)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(log);
        _config = config;
        _log = log;
        var tls = Tls(config);
        var masters = config.Join.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        _masters = new GrpcChannel(masters, new GrpcChannelOptions { Tls = tls, Log = log });
        _etcd = new EtcdClient(masters, new EtcdClientOptions { Tls = tls, Log = log });
        var notes = new Notes(this);
        _source = new HostedSource(new SourceSetups(config, () => _cipher, notes, log).Create, log);
        _metrics = new WorkerMetrics(config.Name, _source);
        _server = new GrpcServer(new GrpcServerOptions { Tls = tls, Log = log });
        new WorkerService(config.Name, config.ToToml, _source, notes, log).MapTo(_server);
        _server.MapHttp("/status", http => http.Response.WriteAsync(ProgramVersion.Text("dm-worker"), http.RequestAborted));
        _server.MapHttp("/metrics", WriteMetricsAsync);
    }

    /// <summary>Where it listens, once it runs.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Works until it is told to stop. Then subtasks note where to go on, and the place in the cluster is given back, so that another worker goes on at once.</summary>
    /// <param name="stop">Asks to stop.</param>
    /// <exception cref="TiFerryException">The port can't be opened, or no master takes the worker in within a minute from the start.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        foreach (var notice in _config.Notices)
            _log.Warn(notice);
        try
        {
            await _server.StartAsync(Listen(_config.WorkerAddr), stop);
            _log.Info("listening", ("address", _server.EndPoint), ("advertised", _config.AdvertiseAddr), ("worker", _config.Name));
            _cipher = await Registration.RegisterAsync(_masters, _config.Name, _config.AdvertiseAddr, JoinPatience, _log, stop);
            while (!stop.IsCancellationRequested)
                await LiveAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
        finally
        {
            await _server.StopAsync(CallsEnd);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _etcd.Dispose();
        _masters.Dispose();
    }

    private async Task LiveAsync(CancellationToken stop)
    {
        try
        {
            _log.Info("taking a place in the cluster", ("worker", _config.Name));
            await using var presence = await WorkerPresence.EnterAsync(_etcd, _config.Name, _config.KeepaliveTtl, IsGone, _log, stop);
            _presence = presence;
            _earlierPlace = presence.Key.Revision;
            _log.Info("in the cluster", ("worker", _config.Name), ("revision", presence.Key.Revision));
            // Whatever waits for a target that hangs is ended by this, not by its own stop.
            await using var kill = presence.Lost.UnsafeRegister(_ => _ = _source.KillAsync(), null);
            await FollowOrdersAsync(presence, stop);
        }
        catch (TiFerryException error)
        {
            _log.Error("the place in the cluster is lost", ("worker", _config.Name), ("error", error));
        }
        finally
        {
            _presence = null;
        }
        if (stop.IsCancellationRequested)
            return;
        await Task.Delay(AnewAfter, stop);
        // A master of another cluster may answer at the address by now.
        _cipher = await Registration.RegisterAsync(_masters, _config.Name, _config.AdvertiseAddr, Timeout.InfiniteTimeSpan, _log, stop);
    }

    // Masters register a name for one address, and this process has just got its port: whoever had the place is gone. Later that is known of this process's own place only, or two that
    // believe so would take it from each other for ever.
    private bool IsGone(long place) => _earlierPlace is not { } earlier || earlier == place;

    private async Task FollowOrdersAsync(WorkerPresence presence, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, presence.Lost);
        var replica = new ClusterReplica();
        var following = replica.FollowAsync(_etcd, _log, either.Token);
        try
        {
            var revision = 0L;
            while (true)
            {
                if (await NextAsync(replica, following, revision, either.Token) is not { } state)
                    continue;
                revision = state.Revision;
                if (state.KeepAlives.GetValueOrDefault(_config.Name)?.CreateRevision != presence.Key.Revision)
                {
                    _log.Error("the keep-alive key is gone", ("worker", _config.Name));
                    presence.Lose();
                    return;
                }
                await CarryOutAsync(WorkerOrders.For(state, _config.Name, presence.Key.Revision), presence, either.Token);
            }
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The end of the place, or of the work.
        }
        finally
        {
            await either.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndSourceAsync(presence);
        }
    }

    // What can't be read for now is no reason to end tasks: the lease decides.
    private async Task<ClusterState?> NextAsync(ClusterReplica replica, Task following, long after, CancellationToken ct)
    {
        try
        {
            var next = replica.WaitAsync(s => s.Revision > after, ct);
            if (await Task.WhenAny(next, following) == following)
                await following;
            return await next;
        }
        catch (TiFerryException error)
        {
            _log.Error("the cluster's state can't be read; going on with the last orders", ("error", error));
            await Task.Delay(AnewAfter, ct);
            return null;
        }
    }

    private async Task CarryOutAsync(WorkerOrders orders, WorkerPresence presence, CancellationToken ct)
    {
        await _source.ApplyAsync(orders);
        var ttl = orders.Relay is null ? _config.KeepaliveTtl : _config.RelayKeepaliveTtl;
        if (presence.Ttl == ttl)
            return;
        try
        {
            await presence.ChangeTtlAsync(ttl, ct);
        }
        catch (TiFerryException error)
        {
            _log.Warn("the lease keeps its length for now", ("error", error.Message));
        }
    }

    // Nobody else may begin before all has ended here: the key goes after this.
    private async Task EndSourceAsync(WorkerPresence presence)
    {
        if (!presence.Lost.IsCancellationRequested)
        {
            _log.Info("stopping; noting where to go on");
            await Task.WhenAny(_source.DisposeAsync().AsTask(), Task.Delay(Timeout.Infinite, presence.Lost));
        }
        await _source.KillAsync();
    }

    private async Task WriteMetricsAsync(HttpContext http)
    {
        var text = new ArrayBufferWriter<byte>();
        _metrics.Write(new PrometheusWriter(text));
        http.Response.ContentType = PrometheusWriter.ContentType;
        await http.Response.Body.WriteAsync(text.WrittenMemory, http.RequestAborted);
    }

    private static GrpcTls? Tls(WorkerConfig config) => !config.UsesTls ? null : new GrpcTls
    {
        CaFile = config.Security.SslCa,
        CertificateFile = config.Security.SslCert,
        KeyFile = config.Security.SslKey,
        AllowedCommonNames = config.Security.CertAllowedCn,
    };

    private static IPEndPoint Listen(string address)
    {
        var colon = address.LastIndexOf(':');
        var host = address[..colon].Trim('[', ']');
        var port = int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        if (host.Length == 0)
            return new IPEndPoint(IPAddress.IPv6Any, port);
        return new IPEndPoint(IPAddress.TryParse(host, out var ip) ? ip : Dns.GetHostAddresses(host)[0], port);
    }

    private sealed class Notes(WorkerServer server) : ISubTaskNotes
    {
        private WorkerKeepAlive Key => server._presence?.Key ?? throw WorkerErrors.Unbound();

        public Task KeepOperationsAsync(string task, string source, IReadOnlyList<BinlogOperation> operations, CancellationToken ct) =>
            Key.PutBinlogOperationsAsync(new SubTaskId(task, source), operations, ct);

        public Task KeepDumpPlaceAsync(string task, string source, bool hasFiles, CancellationToken ct) =>
            Key.PutLoadTaskAsync(new SubTaskId(task, source), hasFiles, ct);
    }
}
