using Microsoft.AspNetCore.Http;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Server;

/// <summary>Finds who serves a request.</summary>
internal sealed class Dispatcher(GrpcServerOptions options, CancellationToken stopping)
{
    private readonly Dictionary<string, IServedCall> _methods = new(StringComparer.Ordinal);
    private readonly List<(string Prefix, IServedCall Call)> _proxies = [];
    private readonly List<(string Path, RequestDelegate Handler)> _pages = [];

    public void Add(string path, IServedCall call) => _methods.Add(path, call);

    public void AddProxy(string prefix, IServedCall call) => _proxies.Add((prefix, call));

    public void AddHttp(string path, RequestDelegate handler) => _pages.Add((path, handler));

    public Task ServeAsync(HttpContext http) =>
        MessageFrames.IsGrpc(http.Request.ContentType) ? ServeCallAsync(http) : ServePageAsync(http);

    private async Task ServeCallAsync(HttpContext http)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            await http.Response.WriteAsync("gRPC needs HTTP/2\n", http.RequestAborted);
            return;
        }

        await using var reply = new Reply(http, options, stopping);
        await reply.RunAsync(FindCall(http.Request.Path.Value ?? ""));
    }

    private IServedCall? FindCall(string path)
    {
        if (_methods.TryGetValue(path, out var call))
            return call;
        return _proxies.Where(proxy => path.StartsWith(proxy.Prefix, StringComparison.Ordinal)).OrderByDescending(proxy => proxy.Prefix.Length).FirstOrDefault().Call;
    }

    private async Task ServePageAsync(HttpContext http)
    {
        var page = _pages.Where(page => Covers(page.Path, http.Request.Path.Value ?? "/")).OrderByDescending(page => page.Path.Length).FirstOrDefault().Handler;
        if (page is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsync("404 page not found\n", http.RequestAborted);
            return;
        }

        try
        {
            await page(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client doesn't want it any more.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            options.Log.Error("a request failed", ("path", http.Request.Path.Value), ("error", e));
            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.WriteAsync($"{e.Message}\n", http.RequestAborted);
        }
    }

    private static bool Covers(string page, string path) =>
        path.StartsWith(page, StringComparison.Ordinal) && (path.Length == page.Length || page.EndsWith('/') || path[page.Length] == '/');
}
