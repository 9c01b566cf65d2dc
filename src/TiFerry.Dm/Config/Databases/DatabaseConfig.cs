using TiFerry.Core.Secrets;
using TiFerry.MySql;

namespace TiFerry.Dm.Config.Databases;

/// <summary>A database: <c>from</c> of a source file, <c>target-database</c> of a task file.</summary>
public sealed record DatabaseConfig
{
    /// <summary><c>host</c>.</summary>
    public string Host { get; init; } = "";

    /// <summary><c>port</c>.</summary>
    public int Port { get; init; }

    /// <summary><c>user</c>.</summary>
    public string User { get; init; } = "";

    /// <summary><c>password</c> as the file has it: plain, or encrypted by <c>dmctl encrypt</c>.</summary>
    public Secret Password { get; init; } = new("");

    /// <summary><c>session</c>: session variables, by their names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Session { get; init; } = new Dictionary<string, string>();

    /// <summary><c>security</c>; null for none.</summary>
    public SecurityConfig? Security { get; init; }

    /// <summary>The same with the password encrypted; without a key as it is.</summary>
    public DatabaseConfig WithProtectedPassword(PasswordCipher cipher)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        return this with { Password = cipher.Protected(Password) };
    }

    /// <summary>The same with <c>******</c> in the password's place and without private keys, for people to look at.</summary>
    public DatabaseConfig WithoutSecrets() => this with
    {
        Password = Password.IsEmpty ? Password : new Secret(Secret.Mask),
        Security = Security is null ? null : Security with { SslCaBase64 = "", SslCertBase64 = "", SslKeyBase64 = "" },
    };

    /// <summary>What the wire client needs.</summary>
    /// <param name="cipher">Decrypts the password.</param>
    /// <param name="certificates">The directory for certificates that stand in the configuration itself.</param>
    public MySqlConnectionOptions ToConnectionOptions(PasswordCipher cipher, string certificates)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        var options = new MySqlConnectionOptions { Host = Host, Port = Port, User = User, Password = cipher.Plain(Password).Reveal(), InitStatements = SessionVariables.Statements(Session) };
        if (Security is not { IsEmpty: false })
            return options;
        var files = Security.WithFiles(certificates);
        // As in DM, the authority is what counts, and not the name that the server was reached by.
        return options with
        {
            Tls = files.SslCa.Length > 0 ? TlsMode.VerifyCa : TlsMode.Required,
            SslCa = OrNull(files.SslCa),
            SslCert = OrNull(files.SslCert),
            SslKey = OrNull(files.SslKey),
        };
    }

    private static string? OrNull(string path) => path.Length == 0 ? null : path;
}
