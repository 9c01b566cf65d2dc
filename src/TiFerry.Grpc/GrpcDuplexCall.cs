using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using TiFerry.Grpc.Client;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc;

/// <summary>A call with many messages each way. One writer and one reader at a time. Disposing of it ends the call, whatever it is doing.</summary>
/// <typeparam name="TRequest">The message that is sent.</typeparam>
/// <typeparam name="TResponse">The message that comes back.</typeparam>
public sealed class GrpcDuplexCall<TRequest, TResponse> : IAsyncDisposable
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly RequestContent _content;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationToken _caller;
    private readonly int _maxMessageSize;
    private readonly Task<HttpResponseMessage> _answering;
    private HttpResponseMessage? _response;
    private PipeReader? _input;
    private bool _ended;

    internal GrpcDuplexCall(
        GrpcMethod<TRequest, TResponse> method, RequestContent content, Func<CancellationToken, Task<HttpResponseMessage>> send, int maxMessageSize, TimeSpan? timeout, CancellationToken ct)
    {
        _method = method;
        _content = content;
        _maxMessageSize = maxMessageSize;
        _caller = ct;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (timeout is { } limit)
            _ending.CancelAfter(limit);
        _answering = SendAsync(send);
    }

    /// <summary>Sends a message; waits while the server doesn't take more.</summary>
    /// <exception cref="GrpcException">The call has ended; where the server said why, <see cref="ReadAsync"/> tells.</exception>
    public async Task WriteAsync(TRequest message, CancellationToken ct = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ending.Token);
        try
        {
            await _content.WriteAsync(message, either.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            throw Translate(e);
        }
    }

    /// <summary>Tells the server that no further message comes.</summary>
    public void CompleteWriting() => _content.Complete();

    /// <summary>The next message; null after the last one of a call that succeeded.</summary>
    /// <exception cref="GrpcException">The call didn't succeed.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<TResponse?> ReadAsync(CancellationToken ct = default)
    {
        if (_ended)
            return null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _ending.Token);
        try
        {
            _input ??= await BeginReadingAsync(either.Token);
            if (await MessageFrames.ReadAsync(_input, _method.Responses, _maxMessageSize, either.Token) is { } message)
                return message;
            var end = Answer.Early(_response!) ?? Answer.Final(_response!);
            if (end.Status != GrpcStatus.Ok)
                throw end;
            _ended = true;
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            throw Translate(e);
        }
    }

    /// <summary>All further messages.</summary>
    /// <exception cref="GrpcException">The call didn't succeed.</exception>
    public async IAsyncEnumerable<TResponse> ReadAllAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        while (await ReadAsync(ct) is { } message)
            yield return message;
    }

    /// <summary>Ends the call.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _content.Complete();
        try
        {
            (await _answering).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            // It ended that way.
        }

        _ending.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(Func<CancellationToken, Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send(_ending.Token);
        }
        catch (Exception e)
        {
            _content.Fail(e);
            throw;
        }
    }

    private async Task<PipeReader> BeginReadingAsync(CancellationToken ct)
    {
        _response = await _answering.WaitAsync(ct);
        if (Answer.Early(_response) is { Status: not GrpcStatus.Ok } early)
            throw early;
        return PipeReader.Create(await _response.Content.ReadAsStreamAsync(ct));
    }

    private Exception Translate(Exception error)
    {
        if (error is not OperationCanceledException)
            return Answer.Of(error);
        return _caller.IsCancellationRequested
            ? new OperationCanceledException(_caller)
            : new GrpcException(GrpcStatus.DeadlineExceeded, $"{_method} didn't end in time", error);
    }
}
