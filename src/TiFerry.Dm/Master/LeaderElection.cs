using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Master.Http;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Master.Services;
using TiFerry.Dm.Master.Workers;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master;

/// <summary>Lets a master stand for election again and again, and lead for as long as nobody else can.</summary>
internal sealed class LeaderElection(
    MasterOptions options, EtcdClient etcd, ClusterReplica replica, LeaderSeat seat, GrpcChannelOptions channels, MasterMetrics metrics, Log log)
{
    private readonly MasterMembers _members = new(options.Self, etcd, replica, channels, options.HasMember);
    private readonly DatabaseAccess _databases = options.Databases ?? DatabaseAccess.Direct(options.Cipher, options.CertificateDirectory);

    /// <summary>Goes on until it is told to stop.</summary>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                await replica.WaitAsync(state => state.Revision > 0 && !IsEvicted(state), cancellationToken);
                await StandAsync(cancellationToken);
                backoff.Reset();
            }
            catch (TiFerryException e)
            {
                log.Warn("the election is broken off, standing again", ("error", e));
                await backoff.WaitAsync(cancellationToken);
            }
        }
    }

    private bool IsEvicted(ClusterState state) => state.EvictedMasters.Contains(options.Self.Name);

    private async Task StandAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var evicted = EndWhenEvictedAsync(stop);
        try
        {
            await using var lease = await etcd.GrantLeaseAsync(options.ElectionTtl, stop.Token);
            var candidate = new Candidate(options.Self.Name, options.Self.Address);
            await using var term = await new EtcdElection(etcd, ClusterKeys.Leader).CampaignAsync(lease, candidate.ToJson(), stop.Token);
            await LeadAsync(term, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.Info("this master leads no longer", ("name", options.Self.Name), ("evicted", IsEvicted(replica.Current)));
        }
        finally
        {
            await stop.CancelAsync();
            await evicted;
        }
    }

    private async Task LeadAsync(EtcdLeadership term, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, term.Lost);
        // Everything that leaders before this one wrote was written before their keys were gone.
        await replica.WaitAsync(state => state.Candidates.TryGetValue(term.Key, out var own) && own == state.Leader, stop.Token);
        metrics.CountTerm();
        log.Info("this master leads", ("name", options.Self.Name), ("key", term.Key), ("revision", term.CreateRevision));
        using var workers = new WorkerClients(() => replica.Current, channels, options.RpcTimeout, new CallRate(options.RpcRateLimit, options.RpcRateBurst, TimeProvider.System));
        using var scheduler = new Scheduler(new ClusterStore(etcd), replica, term, metrics, log);
        seat.Leading = new LeaderContext(scheduler, workers, _members, options.Cipher, _databases);
        try
        {
            await scheduler.RunAsync(stop.Token);
        }
        finally
        {
            seat.Leading = null;
        }
    }

    private async Task EndWhenEvictedAsync(CancellationTokenSource standing)
    {
        while (!standing.IsCancellationRequested)
        {
            try
            {
                await replica.WaitAsync(IsEvicted, standing.Token);
                await standing.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // It stands no longer.
            }
            catch (TiFerryException)
            {
                // Nothing is known at the moment.
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
        }
    }
}
