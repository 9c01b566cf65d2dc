using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Client;

/// <summary>The request of a call into which messages are written while it runs.</summary>
internal sealed class RequestContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestContent() => Headers.ContentType = new MediaTypeHeaderValue(MessageFrames.ContentType);

    /// <summary>Waits until the other side takes the message.</summary>
    public async Task WriteAsync<T>(T message, CancellationToken ct)
        where T : IMessage<T>
    {
        var stream = await _opened.Task.WaitAsync(ct);
        await stream.WriteAsync(MessageContent.Frame(message), ct);
        await stream.FlushAsync(ct);
    }

    /// <summary>No further message comes.</summary>
    public void Complete() => _complete.TrySetResult();

    /// <summary>There will be no connection to write to.</summary>
    public void Fail(Exception reason)
    {
        if (_opened.TrySetException(reason))
            _ = _opened.Task.Exception;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers go at once, for the server may speak first.
        await stream.FlushAsync(cancellationToken);
        _opened.TrySetResult(stream);
        await _complete.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
