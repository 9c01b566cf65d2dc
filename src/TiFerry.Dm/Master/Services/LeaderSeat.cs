using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Services;

/// <summary>Who leads, and the way there: this master itself, or a channel to another one.</summary>
/// <param name="self">This master.</param>
/// <param name="replica">Tells who leads.</param>
/// <param name="options">How to connect.</param>
internal sealed class LeaderSeat(MasterIdentity self, ClusterReplica replica, GrpcChannelOptions options) : IDisposable
{
    // A new leader needs a moment; who asks meanwhile should not have to ask again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private LeaderContext? _leading;
    private GrpcChannel? _channel;
    private string _channelAddress = "";

    /// <summary>What requests are served with here; null while another one leads. Set as long as a term lasts.</summary>
    public LeaderContext? Leading
    {
        get => Volatile.Read(ref _leading) is { } leading && !leading.Scheduler.Term.Lost.IsCancellationRequested ? leading : null;
        set => Volatile.Write(ref _leading, value);
    }

    /// <summary>Finds who serves a request.</summary>
    /// <param name="mayForward">Whether it may be handed on; one that was handed on before may not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TiFerryException">Nobody leads.</exception>
    public async Task<(LeaderContext? Here, GrpcChannel? There)> FindAsync(bool mayForward, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (Leading is { } here)
                return (here, null);
            var leader = replica.Current.Leader;
            if (mayForward && leader is not null && leader.Name != self.Name)
                return (null, ChannelTo(leader.Address));
            if (Environment.TickCount64 >= until)
                throw NoLeader(leader);
            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel?.Dispose();

    private static TiFerryException NoLeader(Candidate? leader) => new(
        MasterErrors.NoLeader, ErrorScope.Internal, "master is not leader, and can't forward request to leader" + (leader is null ? ": no master leads at the moment" : $": {leader.Name} has not begun to lead yet"),
        "Please try again in a moment; if it stays so, see that more than half of the dm-masters are up, and none of them that should lead is evicted.");

    private GrpcChannel ChannelTo(string address)
    {
        lock (_lock)
        {
            if (_channel is null || _channelAddress != address)
            {
                // The old one may still have calls under way; they end with it, as they would with the leader.
                _channel?.Dispose();
                _channel = new GrpcChannel(address, options);
                _channelAddress = address;
            }
            return _channel;
        }
    }
}
