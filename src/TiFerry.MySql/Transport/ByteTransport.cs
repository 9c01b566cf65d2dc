namespace TiFerry.MySql.Transport;

/// <summary>A byte stream to the server: a socket, TLS on it, compression on either.</summary>
internal abstract class ByteTransport : IDisposable
{
    /// <summary>Receives some bytes; 0 at the end of the stream.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken ct);

    /// <summary>Sends all bytes.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken ct);

    /// <summary>A new command begins: numbering starts again.</summary>
    public virtual void BeginCommand()
    {
    }

    public abstract void Dispose();
}
