using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config.Databases;

/// <summary>
/// Certificates: <c>ssl-ca</c>, <c>ssl-cert</c>, <c>ssl-key</c> and <c>cert-allowed-cn</c> of the programs, and <c>security</c> of a database. A database's certificates may stand in the
/// configuration itself, as <c>ssl-ca-bytes</c> and the like; those go before files.
/// </summary>
public sealed record SecurityConfig
{
    /// <summary><c>ssl-ca</c>: the PEM file with the authorities to trust; empty for none.</summary>
    public string SslCa { get; init; } = "";

    /// <summary><c>ssl-cert</c>: the PEM file with the own certificate; empty for none.</summary>
    public string SslCert { get; init; } = "";

    /// <summary><c>ssl-key</c>: the PEM file with its private key; empty for none.</summary>
    public string SslKey { get; init; } = "";

    /// <summary><c>cert-allowed-cn</c>: common names of which the other side's certificate must have one; empty for any.</summary>
    public IReadOnlyList<string> CertAllowedCn { get; init; } = [];

    /// <summary><c>ssl-ca-bytes</c> or <c>ssl-ca-base64</c>: what would be in the file of <see cref="SslCa"/>, in Base64; empty for none.</summary>
    public string SslCaBase64 { get; init; } = "";

    /// <summary><c>ssl-cert-bytes</c> or <c>ssl-cert-base64</c>: what would be in the file of <see cref="SslCert"/>, in Base64; empty for none.</summary>
    public string SslCertBase64 { get; init; } = "";

    /// <summary><c>ssl-key-bytes</c> or <c>ssl-key-base64</c>: what would be in the file of <see cref="SslKey"/>, in Base64; empty for none.</summary>
    public string SslKeyBase64 { get; init; } = "";

    /// <summary>Whether nothing is set.</summary>
    public bool IsEmpty =>
        SslCa.Length == 0 && SslCert.Length == 0 && SslKey.Length == 0 && CertAllowedCn.Count == 0 && SslCaBase64.Length == 0 && SslCertBase64.Length == 0 && SslKeyBase64.Length == 0;

    /// <summary>
    /// The same with what the files hold. dmctl does this before it sends a file, because the certificates are on its machine and not on a worker's.
    /// </summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.CannotReadFile"/>.</exception>
    public SecurityConfig WithFileContents() => this with
    {
        SslCaBase64 = SslCaBase64.Length > 0 ? SslCaBase64 : Content(SslCa, "ssl-ca"),
        SslCertBase64 = SslCertBase64.Length > 0 ? SslCertBase64 : Content(SslCert, "ssl-cert"),
        SslKeyBase64 = SslKeyBase64.Length > 0 ? SslKeyBase64 : Content(SslKey, "ssl-key"),
    };

    /// <summary>The same with files that exist on this machine: contents are written to files that only this account can read.</summary>
    /// <param name="directory">The directory for them.</param>
    public SecurityConfig WithFiles(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new SecurityConfig
        {
            SslCa = PathOf(SslCa, SslCaBase64, directory),
            SslCert = PathOf(SslCert, SslCertBase64, directory),
            SslKey = PathOf(SslKey, SslKeyBase64, directory),
            CertAllowedCn = CertAllowedCn,
        };
    }

    private static string Content(string path, string key)
    {
        if (path.Length == 0)
            return "";
        try
        {
            return Convert.ToBase64String(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TiFerryException(ConfigErrors.CannotReadFile, ErrorScope.Internal, $"the file '{path}' of '{key}' can't be read", "check the path and its permissions", e);
        }
    }

    // The name is made of the content, so that the same certificate is one file however often it is written.
    private static string PathOf(string path, string base64, string directory)
    {
        if (base64.Length == 0)
            return path;
        var content = Convert.FromBase64String(base64);
        var name = $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}.pem";
        var target = Path.Combine(directory, name);
        if (File.Exists(target))
            return target;
        Directory.CreateDirectory(directory);
        var half = $"{target}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(half, options))
            file.Write(content);
        File.Move(half, target, overwrite: true);
        return target;
    }
}
