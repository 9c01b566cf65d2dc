using Google.Protobuf;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Master;

/// <summary>Masters with real etcd members, and workers that obey.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("tiferry-m").FullName;
    private readonly List<FakeWorker> _workers = [];

    private TestCluster()
    {
    }

    public List<TestMaster> Masters { get; } = [];

    public TestMaster Leader => Masters.Single(m => m.Server.Leads);

    public GrpcChannel Any => Masters[0].Channel;

    public OwnerWitness Witness { get; } = new();

    public static async Task<TestCluster> StartAsync(int masters = 1, PasswordCipher? cipher = null, DatabaseAccess? databases = null)
    {
        var cluster = new TestCluster();
        var ports = TestMaster.FreePorts(masters * 2);
        var initial = string.Join(',', Enumerable.Range(0, masters).Select(i => $"m{i + 1}=http://127.0.0.1:{ports[masters + i]}"));
        cluster.Masters.AddRange(await Task.WhenAll(Enumerable.Range(0, masters).Select(i =>
            TestMaster.StartAsync($"m{i + 1}", Path.Combine(cluster._folder, $"m{i + 1}"), ports[i], ports[masters + i], initial, cipher, databases))));
        await cluster.UntilAsync(() => cluster.Masters.Any(m => m.Server.Leads), "a master leads");
        return cluster;
    }

    public async Task<FakeWorker> WorkerAsync(string name, double ttlSeconds = 2)
    {
        var worker = await FakeWorker.StartAsync(name, [.. Masters.Select(m => m.Address)], Witness, ttlSeconds);
        _workers.Add(worker);
        return worker;
    }

    public Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => Any.CallAsync(method, request, new GrpcCallOptions { Timeout = Patience });

    public async Task AddSourceAsync(string source, string worker = "")
    {
        var answer = await CallAsync(MasterMethods.OperateSource, new OperateSourceRequest { Op = SourceOp.StartSource, Config = { SourceText(source) }, WorkerName = worker });
        Assert.True(answer.Result, answer.Msg);
    }

    public static string SourceText(string source) => $"""
        source-id: {source}
        from:
          host: 127.0.0.1
          port: 3306
          user: root
          password: "s3cret-of-{source}"
        """;

    public static string TaskText(string task, params string[] sources) => $"""
        name: {task}
        task-mode: all
        target-database:
          host: 127.0.0.1
          port: 4000
          user: root
          password: "s3cret-of-target"
        mysql-instances:
        {string.Join('\n', sources.Select(s => $"  - source-id: {s}"))}
        """;

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, $"in vain waited until {what}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
        await Task.WhenAll(Masters.Select(m => m.DisposeAsync().AsTask()));
        Directory.Delete(_folder, recursive: true);
    }
}
