using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Google.Protobuf;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Metadata.Etcd.Pb;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Control;

/// <summary>A pb.Master on a port of its own: writes down what it is asked and gives the answers that a test wants.</summary>
internal sealed class FakeMaster : IAsyncDisposable
{
    private readonly GrpcServer _server;
    private readonly ConcurrentDictionary<string, Func<IMessage, IMessage>> _answers = new();

    private FakeMaster(GrpcTls? tls)
    {
        _server = new GrpcServer(new GrpcServerOptions { Tls = tls });
        var serve = GetType().GetMethod(nameof(Serve), BindingFlags.Instance | BindingFlags.NonPublic)!;
        foreach (var field in typeof(MasterMethods).GetFields(BindingFlags.Static | BindingFlags.Public))
            serve.MakeGenericMethod(field.FieldType.GetGenericArguments()).Invoke(this, [field.GetValue(null)]);
        _server.Map(EtcdMethods.Range, (request, _) =>
        {
            var response = new RangeResponse { Header = new ResponseHeader { Revision = 1 } };
            foreach (var (key, value) in State.Where(pair => pair.Key.StartsWith(request.Key.ToStringUtf8(), StringComparison.Ordinal)))
                response.Kvs.Add(new KeyValue { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value) });
            return Task.FromResult(response);
        });
    }

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<(string Method, IMessage Request)> Asked { get; } = new();

    /// <summary>Keys and values of the state that it passes through from etcd.</summary>
    public SortedDictionary<string, string> State { get; } = new(StringComparer.Ordinal);

    /// <summary>HOST:PORT.</summary>
    public string Address => _server.EndPoint.ToString();

    public static async Task<FakeMaster> StartAsync(GrpcTls? tls = null)
    {
        var master = new FakeMaster(tls);
        await master._server.StartAsync(new IPEndPoint(IPAddress.Loopback, 0));
        return master;
    }

    public void Answer<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, TResponse> answer)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => _answers[method.Name] = request => answer((TRequest)request);

    public void Answer<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TResponse answer)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => Answer(method, _ => answer);

    /// <summary>The only thing that was asked.</summary>
    public T Only<T>()
        where T : IMessage => Assert.IsType<T>(Assert.Single(Asked).Request);

    /// <summary>Runs dmctl against it, from the flag --master-addr on.</summary>
    public Task<ControlResult> RunAsync(params string[] arguments) => ControlResult.OfAsync(["--master-addr", Address, .. arguments]);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Serve<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        _server.Map(method, (request, _) =>
        {
            Asked.Enqueue((method.Name, request));
            return Task.FromResult(_answers.TryGetValue(method.Name, out var answer) ? (TResponse)answer(request) : Good<TResponse>());
        });
    }

    private static TResponse Good<TResponse>()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var response = new TResponse();
        response.Descriptor.FindFieldByName("result")?.Accessor.SetValue(response, true);
        return response;
    }
}
