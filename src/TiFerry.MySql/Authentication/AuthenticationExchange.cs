using System.Security.Cryptography;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql.Protocol;
using TiFerry.MySql.Transport;

namespace TiFerry.MySql.Authentication;

/// <summary>Proves the account to the server: the first answer, switches to another plugin, and what the plugins ask for beyond.</summary>
internal sealed class AuthenticationExchange
{
    private const string NativePlugin = "mysql_native_password";
    private const string CachingSha2Plugin = "caching_sha2_password";
    private const string Sha256Plugin = "sha256_password";
    private const string ClearPlugin = "mysql_clear_password";
    private const string Ed25519Plugin = "client_ed25519";

    private const byte FastPathSucceeded = 3;
    private const byte FullPathNeeded = 4;
    private const byte CachingSha2KeyRequest = 2;
    private const byte Sha256KeyRequest = 1;

    private readonly PacketChannel _channel;
    private readonly MySqlConnectionOptions _options;
    private readonly byte[] _password;
    private readonly bool _isTls;

    public AuthenticationExchange(PacketChannel channel, MySqlConnectionOptions options, string serverPlugin, byte[] scramble, bool isTls)
    {
        _channel = channel;
        _options = options;
        _password = Encoding.UTF8.GetBytes(options.Password);
        Scramble = scramble;
        _isTls = isTls;
        // A plugin that cannot begin in the first packet is switched to by the server when the account really wants it.
        Plugin = serverPlugin is CachingSha2Plugin or Sha256Plugin ? serverPlugin : NativePlugin;
    }

    /// <summary>The plugin that the last answer was made for.</summary>
    public string Plugin { get; private set; }

    /// <summary>The random bytes that the last answer was mixed with.</summary>
    public byte[] Scramble { get; private set; }

    /// <summary>Nobody on the way can read what is sent.</summary>
    private bool IsPrivate => _isTls || _options.UnixSocket is not null;

    /// <summary>The answer for <see cref="Plugin"/> to put into the first packet.</summary>
    public byte[] FirstAnswer() => Answer(Plugin);

    /// <summary>Goes on until the server says OK.</summary>
    /// <exception cref="MySqlServerException">The server refuses.</exception>
    /// <exception cref="TiFerryException">The server asks for something that is not possible or not allowed.</exception>
    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        while (true)
        {
            var payload = await _channel.ReadAsync(ct).ConfigureAwait(false);
            var answer = React(payload.Span, out var done);
            if (done)
                return;
            if (answer is not null)
                await SendAsync(answer, ct).ConfigureAwait(false);
        }
    }

    private byte[]? React(ReadOnlySpan<byte> payload, out bool done)
    {
        done = false;
        switch (payload.IsEmpty ? Payload.Err : payload[0])
        {
            case Payload.Ok:
                done = true;
                return null;
            case Payload.Eof:
                return Switch(payload[1..]);
            case Payload.AuthMoreData:
                return MoreData(payload[1..]);
            case Payload.Err when !payload.IsEmpty:
                throw ResponsePackets.ReadErr(payload);
            default:
                throw new MySqlProtocolException("the server sent an unexpected packet during authentication");
        }
    }

    /// <summary>AuthSwitchRequest: plugin name and new scramble.</summary>
    private byte[] Switch(ReadOnlySpan<byte> request)
    {
        if (request.IsEmpty)
        {
            throw Refused(
                "the server asks for mysql_old_password, whose hashes are no protection",
                "give the account a new password with the server's old_passwords off");
        }

        var reader = new PayloadReader(request);
        Plugin = Encoding.ASCII.GetString(reader.ReadNullTerminatedBytes());
        var scramble = reader.ReadRest();
        // 20 bytes come with a zero byte behind them; ed25519's 32 do not, and can end in zero by themselves.
        Scramble = (scramble.Length == Scrambles.Length + 1 ? scramble[..Scrambles.Length] : scramble).ToArray();
        return Answer(Plugin);
    }

    private byte[] Answer(string plugin)
    {
        switch (plugin)
        {
            case NativePlugin:
                return Scrambles.Native(_password, Scramble);
            case CachingSha2Plugin:
                return Scrambles.CachingSha2(_password, Scramble);
            case Sha256Plugin:
                return _password.Length == 0 || IsPrivate ? ClearPassword() : RequestPublicKey(Sha256KeyRequest);
            case Ed25519Plugin:
                return Ed25519.Sign(_password, Scramble);
            case ClearPlugin:
                return AnswerInClear();
            default:
                throw Refused(
                    $"the server asks for the authentication plugin '{plugin}', which is not supported",
                    $"use an account with one of: {NativePlugin}, {CachingSha2Plugin}, {Sha256Plugin}, {ClearPlugin}, ed25519");
        }
    }

    private byte[] AnswerInClear()
    {
        if (!_isTls)
            throw Refused("the server asks for the password in clear text over a connection without TLS", "use ssl-mode=required or stronger");
        if (!_options.AllowCleartextPassword)
        {
            throw Refused(
                "the server asks for the password in clear text (mysql_clear_password)",
                "if you trust this server, allow it with enable-cleartext-plugin=true in the connection URL, best with ssl-mode=verify-identity");
        }

        return ClearPassword();
    }

    private byte[]? MoreData(ReadOnlySpan<byte> data)
    {
        if (Plugin == CachingSha2Plugin && data.Length == 1)
        {
            switch (data[0])
            {
                case FastPathSucceeded:
                    return null;
                case FullPathNeeded:
                    return IsPrivate ? ClearPassword() : RequestPublicKey(CachingSha2KeyRequest);
            }
        }

        if (Plugin is CachingSha2Plugin or Sha256Plugin && data.StartsWith("-----BEGIN"u8))
            return EncryptPassword(Encoding.ASCII.GetString(data));
        throw new MySqlProtocolException($"the server sent unexpected data for the authentication plugin '{Plugin}'");
    }

    private byte[] RequestPublicKey(byte request)
    {
        if (!_options.AllowPublicKeyRetrieval)
        {
            throw Refused(
                $"{Plugin} needs TLS or the server's public key, and asking for that is not allowed",
                "use ssl-mode=required or stronger, or allow-public-key-retrieval=true");
        }

        return [request];
    }

    private byte[] EncryptPassword(string publicKeyPem)
    {
        if (!_options.AllowPublicKeyRetrieval)
            throw new MySqlProtocolException("the server sent a public key that was not asked for");
        try
        {
            return Scrambles.Rsa(_password, Scramble, publicKeyPem);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            throw MySqlErrors.Create(MySqlErrors.Authentication, $"the public key of {_options.EndPoint} cannot be used", "use ssl-mode=required", cause);
        }
    }

    private byte[] ClearPassword() => [.. _password, 0];

    private async ValueTask SendAsync(byte[] answer, CancellationToken ct)
    {
        using var packet = new SqlBuffer(answer.Length);
        packet.Append(answer);
        await _channel.SendAsync(packet, ct).ConfigureAwait(false);
        packet.Wipe();
    }

    private TiFerryException Refused(string message, string workaround) =>
        MySqlErrors.Create(MySqlErrors.Authentication, $"cannot log in as {_options}: {message}", workaround);
}
