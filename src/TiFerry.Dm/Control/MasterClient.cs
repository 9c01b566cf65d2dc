using Google.Protobuf;
using TiFerry.Grpc;

namespace TiFerry.Dm.Control;

/// <summary>Asks the cluster, through whichever of its masters can be reached. Settings are read, and the connection is made, when the first question is asked.</summary>
/// <param name="read">Reads the settings.</param>
internal sealed class MasterClient(Func<MasterSettings> read) : IDisposable
{
    // Questions that change nothing, so that they may be asked again when a master went away with the answer.
    private static readonly HashSet<string> Questions = new(StringComparer.Ordinal)
    {
        MasterMethods.QueryStatus.Name, MasterMethods.ListMember.Name, MasterMethods.GetCfg.Name, MasterMethods.CheckTask.Name, MasterMethods.ShowDDLLocks.Name,
        MasterMethods.GetValidationStatus.Name, MasterMethods.GetValidationError.Name, MasterMethods.Encrypt.Name, MasterMethods.ListTaskConfigs.Name, MasterMethods.ListSourceConfigs.Name,
    };

    private MasterSettings? _settings;
    private GrpcChannel? _channel;

    private MasterSettings Settings => _settings ??= read();

    private GrpcChannel Channel => _channel ??= new GrpcChannel(Settings.Addresses, new GrpcChannelOptions { Tls = Settings.Tls, ConnectTimeout = TimeSpan.FromSeconds(3), MaxMessageSize = int.MaxValue });

    /// <summary>Reads the settings now.</summary>
    /// <exception cref="ControlException">They can't be used.</exception>
    public void CheckSettings() => _ = Settings;

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="ControlException">The settings can't be used.</exception>
    /// <exception cref="MasterCallException">There was no answer.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken stop)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var options = new GrpcCallOptions { Timeout = Settings.Timeout };
        try
        {
            try
            {
                return await Channel.CallAsync(method, request, options, stop);
            }
            catch (GrpcException e) when (e.Status == GrpcStatus.Unavailable && Questions.Contains(method.Name))
            {
                return await Channel.CallAsync(method, request, options, stop);
            }
        }
        catch (GrpcException e)
        {
            throw new MasterCallException(Explain(e, Settings), e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel?.Dispose();

    private static string Explain(GrpcException error, MasterSettings settings) => error.Status switch
    {
        GrpcStatus.Unavailable => $"can't connect to {string.Join(',', settings.Addresses)}: {error.Detail}, Workaround: Please check your network connection, and whether dm-master runs there",
        GrpcStatus.DeadlineExceeded => $"{error.Detail}; the command may still be carried out, see query-status. A longer wait: --rpc-timeout",
        _ => error.Message,
    };
}

/// <summary>The cluster gave no answer.</summary>
internal sealed class MasterCallException(string message, Exception cause) : ControlException(message, cause);
