namespace TiFerry.Grpc;

/// <summary>
/// The certificates of a program, as PEM files: DM's settings <c>ssl-ca</c>, <c>ssl-cert</c>, <c>ssl-key</c>, <c>cert-allowed-cn</c>.
/// The files are looked at again with each new connection, so renewed certificates need no restart.
/// </summary>
public sealed record GrpcTls
{
    /// <summary>
    /// The authorities that sign the other side's certificates; null for the system's. A server with it demands a certificate of each client, one without it of none.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>The own certificate, with the certificates between it and the authority; null for none, which only a client may do.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The own private key; null where <see cref="CertificateFile"/> holds it too.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The common names that clients' certificates may have; empty for any.</summary>
    public IReadOnlyList<string> AllowedCommonNames { get; init; } = [];
}
