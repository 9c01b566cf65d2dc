using System.Net.Sockets;
using System.Security.Authentication;
using TiFerry.MySql.Authentication;
using TiFerry.MySql.Protocol;
using TiFerry.MySql.Transport;

namespace TiFerry.MySql.Handshake;

/// <summary>An authenticated session: the channel and what both sides agreed on.</summary>
internal sealed class ServerSession
{
    private readonly MySqlConnectionOptions _options;
    private readonly bool _isTls;
    private string _plugin;
    private byte[] _scramble;

    private ServerSession(PacketChannel channel, MySqlConnectionOptions options, ServerGreeting greeting, CapabilityFlags capabilities, AuthenticationExchange authentication)
    {
        Channel = channel;
        _options = options;
        Greeting = greeting;
        Capabilities = capabilities;
        _isTls = capabilities.HasFlag(CapabilityFlags.Ssl);
        _plugin = authentication.Plugin;
        _scramble = authentication.Scramble;
    }

    public PacketChannel Channel { get; }

    public ServerGreeting Greeting { get; }

    public CapabilityFlags Capabilities { get; }

    /// <summary>Connects, greets, upgrades to TLS, authenticates and turns compression on; all within the connect time-out.</summary>
    public static async ValueTask<ServerSession> OpenAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            try
            {
                return await OpenOnceAsync(options, limit.Token).ConfigureAwait(false);
            }
            catch (AuthenticationException) when (options.Tls == TlsMode.Preferred)
            {
                // "Preferred" says that a server whose TLS is too old for this machine is still to be reached.
                return await OpenOnceAsync(options with { Tls = TlsMode.Disabled }, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new MySqlConnectionLostException($"connecting to {options.EndPoint} took more than {options.ConnectTimeout.TotalSeconds:0.###} s (connect time-out)");
        }
        catch (SocketException cause)
        {
            throw new MySqlConnectionLostException($"cannot connect to {options.EndPoint}: {cause.Message}", cause);
        }
        catch (AuthenticationException cause)
        {
            throw MySqlErrors.Create(
                MySqlErrors.Tls,
                $"TLS with {options.EndPoint} failed: {cause.GetBaseException().Message}",
                "check ssl-ca, ssl-cert and ssl-key against the server's certificate; a server that knows only TLS older than 1.2 can be reached with ssl-mode=disabled",
                cause);
        }
    }

    /// <summary>Logs in again on the same connection with COM_CHANGE_USER, which drops everything the session held.</summary>
    public async ValueTask ChangeUserAsync(CancellationToken ct)
    {
        var authentication = new AuthenticationExchange(Channel, _options, _plugin, _scramble, _isTls);
        using var packet = new SqlBuffer();
        HandshakeResponse.WriteChangeUser(packet, Capabilities, _options, authentication.FirstAnswer(), authentication.Plugin);
        await Channel.SendCommandAsync(Command.ChangeUser, packet, ct).ConfigureAwait(false);
        packet.Wipe();
        await authentication.CompleteAsync(ct).ConfigureAwait(false);
        _plugin = authentication.Plugin;
        _scramble = authentication.Scramble;
    }

    private static async ValueTask<ServerSession> OpenOnceAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        var socket = await SocketTransport.ConnectAsync(options, ct).ConfigureAwait(false);
        var channel = new PacketChannel(socket, options);
        try
        {
            var greeting = ReadGreeting(await channel.ReadAsync(ct).ConfigureAwait(false));
            var capabilities = HandshakeResponse.Agree(greeting, options);
            using var packet = new SqlBuffer();
            if (WantsTls(options, greeting))
            {
                capabilities |= CapabilityFlags.Ssl;
                HandshakeResponse.WriteTlsRequest(packet, capabilities);
                await channel.SendAsync(packet, ct).ConfigureAwait(false);
                await channel.UpgradeAsync(() => TlsUpgrade.StartAsync(socket, options, ct)).ConfigureAwait(false);
            }

            var isTls = capabilities.HasFlag(CapabilityFlags.Ssl);
            var authentication = new AuthenticationExchange(channel, options, greeting.AuthenticationPlugin, greeting.Scramble, isTls);
            HandshakeResponse.Write(packet, capabilities, options, authentication.FirstAnswer(), authentication.Plugin);
            await channel.SendAsync(packet, ct).ConfigureAwait(false);
            packet.Wipe();
            await authentication.CompleteAsync(ct).ConfigureAwait(false);

            if (capabilities.HasFlag(CapabilityFlags.Compress))
                channel.Compress();
            return new ServerSession(channel, options, greeting, capabilities, authentication);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    private static ServerGreeting ReadGreeting(ReadOnlyMemory<byte> payload)
    {
        // A server with no room left, or one that blocks this host, begins with an error.
        if (Payload.IsErr(payload.Span))
            throw ResponsePackets.ReadErr(payload.Span);
        return ServerGreeting.Read(payload.Span);
    }

    private static bool WantsTls(MySqlConnectionOptions options, ServerGreeting greeting)
    {
        var offered = greeting.Capabilities.HasFlag(CapabilityFlags.Ssl);
        switch (options.Tls)
        {
            case TlsMode.Disabled:
                return false;
            case TlsMode.Preferred:
                return offered && options.UnixSocket is null;
            default:
                return offered ? true : throw MySqlErrors.Create(
                    MySqlErrors.Tls,
                    $"the server {options.EndPoint} offers no TLS, and ssl-mode asks for it",
                    "set the server's ssl_cert and ssl_key, or use ssl-mode=preferred");
        }
    }
}
