using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TiFerry.Core.Errors;
using TiFerry.Grpc.Server;
using TiFerry.Grpc.Tls;

namespace TiFerry.Grpc;

/// <summary>
/// One port for everything: gRPC, calls passed through to another server, and HTTP/1.1, in clear text or TLS. Map first, then start.
/// What a handler throws becomes the call's status: <see cref="GrpcException"/> its own, everything else Unknown with the message.
/// </summary>
public sealed class GrpcServer : IAsyncDisposable
{
    private readonly GrpcServerOptions _options;
    private readonly Dispatcher _dispatcher;
    private readonly CancellationTokenSource _stopping = new();
    private PrefaceListener? _listener;
    private WebApplication? _application;

    /// <summary>Prepares a server.</summary>
    /// <param name="options">Null for clear text and the usual limits.</param>
    public GrpcServer(GrpcServerOptions? options = null)
    {
        _options = options ?? new GrpcServerOptions();
        _dispatcher = new Dispatcher(_options, _stopping.Token);
    }

    /// <summary>Where the started server listens.</summary>
    /// <exception cref="InvalidOperationException">It isn't started.</exception>
    public IPEndPoint EndPoint => _listener?.EndPoint ?? throw new InvalidOperationException("the server isn't started");

    /// <summary>Serves a method with one message each way.</summary>
    public void Map<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
        => _dispatcher.Add(method.Path, new UnaryCall<TRequest, TResponse>(method, handler));

    /// <summary>Serves a method with many messages back. The handler is slowed down to the client's pace, and ended when the server stops.</summary>
    public void MapServerStream<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCallContext, IAsyncEnumerable<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
        => _dispatcher.Add(method.Path, new StreamCall<TRequest, TResponse>(method, (requests, context) => StreamCall<TRequest, TResponse>.OfOne(requests, context, handler)));

    /// <summary>Serves a method with many messages each way, ended when the server stops.</summary>
    public void MapDuplex<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, Func<IAsyncEnumerable<TRequest>, GrpcCallContext, IAsyncEnumerable<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
        => _dispatcher.Add(method.Path, new StreamCall<TRequest, TResponse>(method, handler));

    /// <summary>Passes all calls whose path begins with <paramref name="pathPrefix"/>, for example <c>/etcdserverpb.</c>, to another server, byte by byte.</summary>
    /// <param name="pathPrefix">Begins with a slash.</param>
    /// <param name="upstream">The way to the other server; stays the caller's.</param>
    public void MapProxy(string pathPrefix, GrpcChannel upstream) => _dispatcher.AddProxy(pathPrefix, new ProxiedCall(upstream));

    /// <summary>Serves plain HTTP requests (1.1, and 2) for a path and everything below it; the longest path that fits wins.</summary>
    /// <param name="path">For example <c>/status</c>; <c>/</c> for all that nothing else serves.</param>
    /// <param name="handler">Writes the response.</param>
    public void MapHttp(string path, RequestDelegate handler) => _dispatcher.AddHttp(path, handler);

    /// <summary>Opens the port and begins to serve.</summary>
    /// <param name="endPoint">Address and port; port 0 for any free one.</param>
    /// <param name="ct">Gives up starting.</param>
    /// <exception cref="TiFerryException">The port is taken, the address isn't this machine's, or the certificates can't be used.</exception>
    public async Task StartAsync(IPEndPoint endPoint, CancellationToken ct = default)
    {
        var certificates = _options.Tls is { } tls ? ServerCertificates(tls) : null;
        _listener = await PrefaceListener.BindAsync(endPoint, encrypted: certificates is not null, ct);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(_listener);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            SetLimits(kestrel.Limits);
            kestrel.AddServerHeader = false;
            if (certificates is null)
            {
                kestrel.Listen(_listener.Http1, listen => listen.Protocols = HttpProtocols.Http1);
                kestrel.Listen(_listener.Http2, listen => listen.Protocols = HttpProtocols.Http2);
            }
            else
            {
                kestrel.Listen(_listener.Encrypted, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1AndHttp2;
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificates.ForServer()), HandshakeTimeout = TimeSpan.FromSeconds(10) });
                });
            }
        });

        _application = builder.Build();
        _application.Run(_dispatcher.ServeAsync);
        await _application.StartAsync(ct);
    }

    /// <summary>Takes no new calls, ends streams, waits for the calls with one answer, then breaks off what still runs.</summary>
    /// <param name="limit">How long to wait.</param>
    public async Task StopAsync(TimeSpan limit)
    {
        if (_application is null)
            return;
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await _application.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // What still ran was broken off.
        }
    }

    /// <summary>Stops at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        if (_application is not null)
            await _application.DisposeAsync();
        if (_listener is not null)
            await _listener.DisposeAsync();
        _stopping.Dispose();
    }

    private TlsCertificates ServerCertificates(GrpcTls tls) => tls.CertificateFile is not null
        ? new TlsCertificates(tls, _options.Log)
        : throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.NotSet, "a server with TLS needs a certificate of its own", "Set ssl-cert and ssl-key, or leave ssl-ca away too.");

    private static void SetLimits(KestrelServerLimits limits)
    {
        // Watches are silent for hours, and sizes are checked per message.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestBodySize = null;
        limits.Http2.MaxStreamsPerConnection = 1000;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }

    /// <summary>Signals are the program's, not the web host's.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
