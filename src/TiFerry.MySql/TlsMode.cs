namespace TiFerry.MySql;

/// <summary>How far a connection insists on TLS; the names and meanings of the MySQL client's <c>--ssl-mode</c>.</summary>
public enum TlsMode
{
    /// <summary>Never TLS.</summary>
    Disabled,

    /// <summary>TLS where the server offers it and a handshake succeeds, plain otherwise; certificates are not checked. Unix sockets stay plain.</summary>
    Preferred,

    /// <summary>TLS or no connection; certificates are not checked.</summary>
    Required,

    /// <summary>As <see cref="Required"/>, and the server's certificate must be signed by a trusted authority.</summary>
    VerifyCa,

    /// <summary>As <see cref="VerifyCa"/>, and the certificate must name the host that was asked for.</summary>
    VerifyIdentity,
}
