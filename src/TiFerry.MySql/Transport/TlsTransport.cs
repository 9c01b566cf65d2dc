using System.Net.Security;

namespace TiFerry.MySql.Transport;

/// <summary>TLS on a socket.</summary>
internal sealed class TlsTransport : ByteTransport
{
    private readonly SslStream _stream;

    public TlsTransport(SslStream stream) => _stream = stream;

    public override ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken ct) => _stream.ReadAsync(destination, ct);

    public override ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken ct) => _stream.WriteAsync(data, ct);

    public override void Dispose() => _stream.Dispose();
}
