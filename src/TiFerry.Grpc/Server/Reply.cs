using Microsoft.AspNetCore.Http;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Server;

/// <summary>One call on the server: its time limit, and the status at its end.</summary>
internal sealed class Reply : IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly GrpcServerOptions _options;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _deadline = new();
    private CancellationTokenSource? _ending;

    public Reply(HttpContext http, GrpcServerOptions options, CancellationToken stopping)
    {
        _http = http;
        _options = options;
        _stopping = stopping;
    }

    public async Task RunAsync(IServedCall? call)
    {
        _http.Response.ContentType = MessageFrames.ContentType;
        var end = Refusal(call);
        if (end is null)
        {
            _ending = CancellationTokenSource.CreateLinkedTokenSource(_http.RequestAborted, _deadline.Token, call!.IsLong ? _stopping : default);
            try
            {
                end = await call.ServeAsync(_http, _options.MaxMessageSize, _ending.Token);
            }
            catch (Exception e)
            {
                end = StatusOf(e);
            }
        }

        if (!_http.RequestAborted.IsCancellationRequested)
            WriteStatus(end);
    }

    public ValueTask DisposeAsync()
    {
        _ending?.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }

    private GrpcException? Refusal(IServedCall? call)
    {
        var headers = _http.Request.Headers;
        if (call is null)
            return new GrpcException(GrpcStatus.Unimplemented, $"unknown method {_http.Request.Path.Value}");
        if (headers.TryGetValue("grpc-timeout", out var timeout))
        {
            if (!GrpcTimeout.TryParse(timeout.ToString(), out var limit))
                return new GrpcException(GrpcStatus.Internal, $"'{timeout}' is no grpc-timeout");
            _deadline.CancelAfter(limit);
        }

        if (call is not ProxiedCall && headers.TryGetValue("grpc-encoding", out var encoding) && encoding != "identity")
        {
            _http.Response.Headers["grpc-accept-encoding"] = "identity";
            return new GrpcException(GrpcStatus.Unimplemented, $"compression '{encoding}' isn't supported");
        }

        return null;
    }

    private GrpcException StatusOf(Exception error)
    {
        switch (error)
        {
            case GrpcException known:
                return known;
            case OperationCanceledException when _deadline.IsCancellationRequested:
                return new GrpcException(GrpcStatus.DeadlineExceeded, "the call's time is over");
            case OperationCanceledException when _stopping.IsCancellationRequested:
                return new GrpcException(GrpcStatus.Unavailable, "the server is stopping");
            case OperationCanceledException:
                return new GrpcException(GrpcStatus.Cancelled, "the call was cancelled");
            default:
                if (!_http.RequestAborted.IsCancellationRequested)
                    _options.Log.Warn("a call failed", ("method", _http.Request.Path.Value), ("error", error));
                return new GrpcException(GrpcStatus.Unknown, error.Message);
        }
    }

    private void WriteStatus(GrpcException? end)
    {
        var status = StatusText.Number(end?.Status ?? GrpcStatus.Ok);
        var message = end is null || end.Detail.Length == 0 ? null : StatusText.Encode(end.Detail);
        if (_http.Response.HasStarted || end is null)
        {
            _http.Response.AppendTrailer(StatusText.StatusHeader, status);
            if (message is not null)
                _http.Response.AppendTrailer(StatusText.MessageHeader, message);
            return;
        }

        // Without a message the answer is one block of headers that says it all.
        _http.Response.Headers[StatusText.StatusHeader] = status;
        if (message is not null)
            _http.Response.Headers[StatusText.MessageHeader] = message;
    }
}
