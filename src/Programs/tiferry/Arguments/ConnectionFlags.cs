using System.CommandLine;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>The options that say where one side is and who connects.</summary>
internal sealed class ConnectionFlags
{
    private const string TlsModes = "disabled, preferred, required, verify-ca or verify-identity";
    private readonly string _side;
    private readonly Option<string> _url;
    private readonly Option<string?> _passwordFile;
    private readonly Option<TlsMode?> _sslMode;
    private readonly Option<string?> _sslCa;
    private readonly Option<string?> _sslCert;
    private readonly Option<string?> _sslKey;

    /// <summary>Makes the options.</summary>
    /// <param name="side"><c>from</c> or <c>to</c>.</param>
    /// <param name="name">The side's name for people.</param>
    public ConnectionFlags(string side, string name)
    {
        _side = side;
        _url = new Option<string>($"--{side}") { HelpName = "url", Description = $"The {name}: mysql://user@host:port, with ?key=value for more (socket, ssl-mode, compress, ...)" };
        _passwordFile = new Option<string?>($"--{side}-password-file") { HelpName = "file", Description = $"File whose first line is the {name}'s password" };
        _sslMode = new Option<TlsMode?>($"--{side}-ssl-mode") { HelpName = "mode", Description = TlsModes, CustomParser = Values.Parse<TlsMode?>(ReadTlsMode, TlsModes) };
        _sslCa = new Option<string?>($"--{side}-ssl-ca") { HelpName = "file", Description = "PEM file with the authorities to trust" };
        _sslCert = new Option<string?>($"--{side}-ssl-cert") { HelpName = "file", Description = "PEM file with the client's certificate" };
        _sslKey = new Option<string?>($"--{side}-ssl-key") { HelpName = "file", Description = "PEM file with the client's private key" };
    }

    /// <summary>The name of the environment variable with the password.</summary>
    public string PasswordVariable => $"TIFERRY_{_side.ToUpperInvariant()}_PASSWORD";

    /// <summary>Gives the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_url, _passwordFile, _sslMode, _sslCa, _sslCert, _sslKey])
            command.Options.Add(option);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">They can't be used.</exception>
    public MySqlConnectionOptions Read(ParseResult result)
    {
        if (result.GetValue(_url) is not { Length: > 0 } url)
            throw new UsageException($"{_url.Name} is missing: give it as {_url.Name} mysql://user@host:port");
        var options = ReadUrl(url);
        if (options.Database is not null)
            throw new UsageException($"{_url.Name}: the URL names database '{options.Database}', and a migration takes none there; choose databases with --filter '{options.Database}.*'");
        options = ReadTls(result, options);
        return options with { Password = ReadPassword(result, options.Password) };
    }

    private MySqlConnectionOptions ReadUrl(string url)
    {
        try
        {
            return MySqlConnectionOptions.FromUrl(url);
        }
        catch (TiFerryException error)
        {
            throw new UsageException($"{_url.Name}: {error.Summary}{(error.Workaround is null ? "" : $"; {error.Workaround}")}");
        }
    }

    private MySqlConnectionOptions ReadTls(ParseResult result, MySqlConnectionOptions options)
    {
        var mode = result.GetValue(_sslMode);
        var ca = ReadableFile(result, _sslCa);
        options = options with
        {
            // As with the MySQL client, an authority to check against means that it is checked.
            Tls = mode ?? (ca is not null && options.Tls == TlsMode.Preferred ? TlsMode.VerifyCa : options.Tls),
            SslCa = ca ?? options.SslCa,
            SslCert = ReadableFile(result, _sslCert) ?? options.SslCert,
            SslKey = ReadableFile(result, _sslKey) ?? options.SslKey,
        };
        return options.SslKey is null || options.SslCert is not null
            ? options
            : throw new UsageException($"{_sslKey.Name} needs {_sslCert.Name} too");
    }

    private static string? ReadableFile(ParseResult result, Option<string?> option)
    {
        var path = result.GetValue(option);
        return path is null || File.Exists(path) ? path : throw new UsageException($"{option.Name}: there is no file '{path}'");
    }

    private string ReadPassword(ParseResult result, string inUrl)
    {
        if (result.GetValue(_passwordFile) is not { } path)
            return inUrl.Length > 0 ? inUrl : Environment.GetEnvironmentVariable(PasswordVariable) ?? "";
        if (inUrl.Length > 0)
            throw new UsageException($"{_passwordFile.Name} and the URL of {_url.Name} both give a password; give one");
        try
        {
            using var file = File.OpenText(path);
            return file.ReadLine() is { Length: > 0 } password ? password : throw new UsageException($"{_passwordFile.Name}: the first line of '{path}' is empty");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{_passwordFile.Name}: '{path}' can't be read: {error.Message}");
        }
    }

    private static TlsMode? ReadTlsMode(string text) => text.ToLowerInvariant().Replace('_', '-') switch
    {
        "disabled" => TlsMode.Disabled,
        "preferred" => TlsMode.Preferred,
        "required" => TlsMode.Required,
        "verify-ca" => TlsMode.VerifyCa,
        "verify-identity" => TlsMode.VerifyIdentity,
        _ => null,
    };
}
