using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using TiFerry.Grpc.Client;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc;

/// <summary>
/// Calls to one of several servers that can stand in for each other: the first that can be reached, and from then on the same one until it fails.
/// A call whose server can't be reached goes to the next one; what may have reached a server is never sent twice. Safe to use from many threads.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private readonly ChannelTarget[] _targets;
    private readonly HttpMessageInvoker _http;
    private readonly int _maxMessageSize;
    private int _current;

    /// <summary>Prepares a channel to one address; connects with the first call.</summary>
    /// <param name="address">See <see cref="GrpcAddress"/>.</param>
    /// <param name="options">Null for clear text and the usual limits.</param>
    /// <exception cref="FormatException">It is no address.</exception>
    /// <exception cref="Core.Errors.TiFerryException">The certificates can't be used.</exception>
    public GrpcChannel(string address, GrpcChannelOptions? options = null)
        : this([address], options)
    {
    }

    /// <summary>Prepares a channel to several addresses of servers that can stand in for each other; connects with the first call.</summary>
    /// <param name="addresses">At least one; see <see cref="GrpcAddress"/>.</param>
    /// <param name="options">Null for clear text and the usual limits.</param>
    /// <exception cref="FormatException">One of them is no address.</exception>
    /// <exception cref="Core.Errors.TiFerryException">The certificates can't be used.</exception>
    public GrpcChannel(IReadOnlyList<string> addresses, GrpcChannelOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Count);
        options ??= new GrpcChannelOptions();
        _maxMessageSize = options.MaxMessageSize;
        _targets = [.. addresses.Select((address, index) => ChannelTarget.Of(GrpcAddress.Parse(address), index, options.Tls is not null))];
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = new Connector(_targets, options).ConnectAsync,
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            EnableMultipleHttp2Connections = true,
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>The address that the next call goes to first.</summary>
    public GrpcAddress Current => _targets[_current].Address;

    /// <summary>All addresses, in their order.</summary>
    public IReadOnlyList<GrpcAddress> Addresses => [.. _targets.Select(target => target.Address)];

    /// <summary>Lets the next calls go to the address after <paramref name="failed"/>, unless another call has already seen to that.</summary>
    /// <param name="failed">The address that didn't serve, as <see cref="Current"/> gave it before the call.</param>
    public void TurnFrom(GrpcAddress failed)
    {
        var index = _current;
        if (_targets[index].Address == failed)
            Interlocked.CompareExchange(ref _current, (index + 1) % _targets.Length, index);
    }

    /// <summary>A call with one message each way.</summary>
    /// <exception cref="GrpcException">It didn't succeed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken ct = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (options?.Timeout is { } timeout)
            limited.CancelAfter(timeout);
        try
        {
            using var response = await SendAsync(method.Path, () => MessageContent.Of(request), options, limited.Token);
            if (Answer.Early(response) is { } early)
                throw early.Status != GrpcStatus.Ok ? early : new GrpcException(GrpcStatus.Internal, "the call succeeded without an answer");
            return await ReadOnlyMessageAsync(response, method.Responses, limited.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatus.DeadlineExceeded, $"{method} had no answer from {Current} within {options?.Timeout}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Answer.Of(e);
        }
    }

    /// <summary>A call with one message to the server and many back. The server is slowed down to the reader's pace.</summary>
    /// <exception cref="GrpcException">It didn't succeed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public async IAsyncEnumerable<TResponse> ServerStreamAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, [EnumeratorCancellation] CancellationToken ct = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        await using var call = Open(method, options, ct);
        await call.WriteAsync(request, ct);
        call.CompleteWriting();
        while (await call.ReadAsync(ct) is { } response)
            yield return response;
    }

    /// <summary>A call with many messages each way. Returns at once; a failure to connect shows with the first write or read.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="options">Null for no time limit and no headers.</param>
    /// <param name="ct">Ends the call.</param>
    public GrpcDuplexCall<TRequest, TResponse> Open<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcCallOptions? options = null, CancellationToken ct = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var content = new RequestContent();
        return new GrpcDuplexCall<TRequest, TResponse>(
            method, content, callToken => SendAsync(method.Path, () => content, options, callToken), _maxMessageSize, options?.Timeout, ct);
    }

    /// <summary>Closes all connections; calls that still run fail.</summary>
    public void Dispose() => _http.Dispose();

    /// <summary>Sends a request to the first server that can be reached and returns its answer's beginning.</summary>
    /// <param name="path">The method's path.</param>
    /// <param name="content">Gives the request's content, for each server that is tried.</param>
    /// <param name="options">Time limit and headers.</param>
    /// <param name="ct">Ends the call, also while the answer is read.</param>
    internal async Task<HttpResponseMessage> SendAsync(string path, Func<HttpContent> content, GrpcCallOptions? options, CancellationToken ct)
    {
        var first = _current;
        for (var tried = 0; ; tried++)
        {
            var index = (first + tried) % _targets.Length;
            // The answer goes on to use the request, so it is not disposed of here; its content holds nothing that needs it.
            var request = CreateRequest(_targets[index], path, content(), options);
            try
            {
                var response = await _http.SendAsync(request, ct);
                if (tried > 0)
                    _current = index;
                return response;
            }
            catch (HttpRequestException e) when (tried + 1 < _targets.Length && Answer.NeverSent(e))
            {
                // The next one may serve.
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                TurnFrom(_targets[index].Address);
                throw;
            }
        }
    }

    private static HttpRequestMessage CreateRequest(ChannelTarget target, string path, HttpContent content, GrpcCallOptions? options)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target.Uri, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Host = target.HostHeader;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity");
        if (options?.Timeout is { } timeout)
            request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(timeout));
        foreach (var (name, value) in options?.Metadata ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        if (!request.Headers.Contains("user-agent"))
            request.Headers.TryAddWithoutValidation("user-agent", "grpc-tiferry");
        return request;
    }

    private async Task<T> ReadOnlyMessageAsync<T>(HttpResponseMessage response, MessageParser<T> parser, CancellationToken ct)
        where T : class, IMessage<T>
    {
        var input = PipeReader.Create(await response.Content.ReadAsStreamAsync(ct));
        var message = await MessageFrames.ReadAsync(input, parser, _maxMessageSize, ct);
        if (message is not null && await MessageFrames.ReadAsync(input, parser, _maxMessageSize, ct) is not null)
            throw new GrpcException(GrpcStatus.Internal, "the answer has more than one message");
        await input.CompleteAsync();
        var end = Answer.Final(response);
        if (end.Status != GrpcStatus.Ok)
            throw end;
        return message ?? throw new GrpcException(GrpcStatus.Internal, "the call succeeded without an answer");
    }
}
