using System.Net;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Etcd;

/// <summary>A port in front of a member, as a master has one, that can be closed and opened again.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly GrpcChannel _upstream;
    private readonly GrpcTls? _tls;
    private GrpcServer? _server;

    private Front(EtcdMember member, GrpcTls? tls)
    {
        _upstream = new GrpcChannel(member.Endpoint);
        _tls = tls;
    }

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<Front> OpenAsync(EtcdMember member, GrpcTls? tls = null)
    {
        var front = new Front(member, tls);
        await front.OpenAsync();
        return front;
    }

    public async Task OpenAsync()
    {
        _server = new GrpcServer(new GrpcServerOptions { Tls = _tls });
        _server.MapProxy("/etcdserverpb.", _upstream);
        await _server.StartAsync(new IPEndPoint(IPAddress.Loopback, Port));
        Port = _server.EndPoint.Port;
    }

    public async Task CloseAsync() => await _server!.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _upstream.Dispose();
    }
}
