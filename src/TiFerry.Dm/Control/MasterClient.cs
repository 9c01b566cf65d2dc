using Google.Protobuf;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Control;

/// <summary>Asks the cluster, through whichever of its masters can be reached. Settings are read, and the connection is made, when the first question is asked.</summary>
/// <param name="read">Reads the settings.</param>
internal sealed class MasterClient(Func<DmctlConfig> read) : IDisposable
{
    // Questions that change nothing, so that they may be asked again when a master went away with the answer.
    private static readonly HashSet<string> Questions = new(StringComparer.Ordinal)
    {
        MasterMethods.QueryStatus.Name, MasterMethods.ListMember.Name, MasterMethods.GetCfg.Name, MasterMethods.CheckTask.Name, MasterMethods.ShowDDLLocks.Name,
        MasterMethods.GetValidationStatus.Name, MasterMethods.GetValidationError.Name, MasterMethods.Encrypt.Name, MasterMethods.ListTaskConfigs.Name, MasterMethods.ListSourceConfigs.Name,
    };

    private const int LeastAttempts = 2;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private DmctlConfig? _settings;
    private GrpcChannel? _channel;

    private DmctlConfig Settings => _settings ??= read();

    // As in DM, an address without a host is this machine's.
    private IReadOnlyList<string> Addresses => [.. Settings.MasterAddrs.Select(address => address.StartsWith(':') ? "127.0.0.1" + address : address)];

    private GrpcTls? Tls => !Settings.UsesTls ? null : new GrpcTls
    {
        CaFile = Settings.Security.SslCa,
        CertificateFile = Settings.Security.SslCert,
        KeyFile = Settings.Security.SslKey,
        AllowedCommonNames = Settings.Security.CertAllowedCn,
    };

    private GrpcChannel Channel => _channel ??= new GrpcChannel(Addresses, new GrpcChannelOptions { Tls = Tls, ConnectTimeout = ConnectTimeout, MaxMessageSize = int.MaxValue });

    /// <summary>Reads the settings now.</summary>
    /// <exception cref="TiFerry.Core.Errors.TiFerryException">They can't be used.</exception>
    public void CheckSettings() => _ = Settings;

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="TiFerry.Core.Errors.TiFerryException">The settings can't be used.</exception>
    /// <exception cref="MasterCallException">There was no answer.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken stop)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var options = new GrpcCallOptions { Timeout = Settings.RpcTimeout };
        for (var left = Questions.Contains(method.Name) ? Math.Max(LeastAttempts, Addresses.Count) : 1; ; left--)
        {
            var asked = Channel.Current;
            try
            {
                return await Channel.CallAsync(method, request, options, stop);
            }
            catch (GrpcException e) when (e.Status == GrpcStatus.Unavailable && left > 1)
            {
                Channel.TurnFrom(asked);
            }
            catch (GrpcException e)
            {
                throw new MasterCallException(Explain(e), e);
            }
        }
    }

    /// <summary>Reads from the cluster's state, which masters pass through from etcd.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="TiFerry.Core.Errors.TiFerryException">The settings can't be used, or there was no answer.</exception>
    public async Task<IReadOnlyList<EtcdKeyValue>> ReadStateAsync(string prefix, CancellationToken stop)
    {
        using var etcd = new EtcdClient(Addresses, new EtcdClientOptions { Tls = Tls });
        return (await etcd.GetPrefixAsync(prefix, stop)).Items;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel?.Dispose();

    private string Explain(GrpcException error) => error.Status switch
    {
        GrpcStatus.Unavailable => $"can't connect to {string.Join(',', Addresses)}: {error.Detail}, Workaround: Please check your network connection, and whether dm-master runs there",
        GrpcStatus.DeadlineExceeded => $"{error.Detail}; the command may still be carried out, see query-status. A longer wait: --rpc-timeout",
        _ => error.Message,
    };
}

/// <summary>The cluster gave no answer.</summary>
internal sealed class MasterCallException(string message, Exception cause) : ControlException(message, cause);
