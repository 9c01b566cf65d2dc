namespace TiFerry.MySql;

/// <summary>Everything needed to open a connection. Immutable; <see cref="ToString"/> never shows the password.</summary>
public sealed record MySqlConnectionOptions
{
    /// <summary>Host name, IPv4 or IPv6 address (without brackets). Not used when <see cref="UnixSocket"/> is set.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 3306;

    /// <summary>Path of the server's Unix socket; null for TCP.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>Account name.</summary>
    public string User { get; init; } = "root";

    /// <summary>Password; empty for none.</summary>
    public string Password { get; init; } = "";

    /// <summary>Default database; null for none.</summary>
    public string? Database { get; init; }

    /// <summary>How far TLS is insisted on.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Preferred;

    /// <summary>PEM file with the authorities to trust; null for the system's. Only read by the two verifying modes.</summary>
    public string? SslCa { get; init; }

    /// <summary>PEM file with the client's certificate; null for none.</summary>
    public string? SslCert { get; init; }

    /// <summary>PEM file with the client's private key; null where <see cref="SslCert"/> holds it too.</summary>
    public string? SslKey { get; init; }

    /// <summary>Ask for the protocol's zlib compression; without effect where the server does not offer it.</summary>
    public bool Compress { get; init; }

    /// <summary>The longest time from the first packet to the end of authentication.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for bytes from the server, the running time of a statement included; infinite by default.</summary>
    public TimeSpan ReadTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The longest wait for the server to take a packet; infinite by default.</summary>
    public TimeSpan WriteTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The connection attribute <c>program_name</c>, as seen in <c>performance_schema.session_connect_attrs</c>.</summary>
    public string ProgramName { get; init; } = "tiferry";

    /// <summary>Further connection attributes; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Allow <c>mysql_clear_password</c>, which hands the password itself to the server. Even then only over TLS.</summary>
    public bool AllowCleartextPassword { get; init; }

    /// <summary>
    /// Allow asking the server for its RSA key when <c>caching_sha2_password</c> or <c>sha256_password</c> needs the password over a plain TCP connection.
    /// On by default; someone who can stand between client and server could hand out a key of his own, so use TLS with verification on networks you do not trust.
    /// </summary>
    public bool AllowPublicKeyRetrieval { get; init; } = true;

    /// <summary>Offer LOAD DATA LOCAL to the server, for <see cref="MySqlConnection.LoadLocalAsync"/> only; without it a server's request for a file is refused.</summary>
    public bool AllowLoadLocal { get; init; }

    /// <summary>Statements to run after connecting and again after <see cref="MySqlConnection.ResetAsync"/>, for example <c>SET NAMES binary</c>.</summary>
    public IReadOnlyList<string> InitStatements { get; init; } = [];

    /// <summary>
    /// Reads <c>mysql://user:password@host:port/database?key=value</c>. User, password, database and values are percent-decoded; an IPv6 address stands in brackets.
    /// Accepted keys: see the error for an unknown one. <c>ssl-ca</c> without <c>ssl-mode</c> means <see cref="TlsMode.VerifyCa"/>, as with the MySQL client.
    /// </summary>
    /// <param name="url">The URL.</param>
    /// <exception cref="Core.Errors.TiFerryException">The URL cannot be used; its text is not repeated, as it may hold a password.</exception>
    public static MySqlConnectionOptions FromUrl(string url) => ConnectionUrl.Parse(url);

    /// <summary>Where the connection goes, for messages: <c>host:port</c> or the socket's path.</summary>
    public string EndPoint => UnixSocket ?? (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}");

    /// <summary><c>user@host:port/database</c>, never the password.</summary>
    public override string ToString() => Database is null ? $"{User}@{EndPoint}" : $"{User}@{EndPoint}/{Database}";
}
