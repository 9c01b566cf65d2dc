using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A cluster of real processes on free ports of 127.0.0.1: masters, each with an etcd member of its own, and workers. Orders go through dmctl.</summary>
internal sealed class DmCluster : IAsyncDisposable
{
    private const int KeepAliveSeconds = 5;
    private readonly List<Member> _masters = [];
    private readonly List<Member> _workers = [];
    private readonly string _masterAddresses;
    private readonly ClusterOptions _options;

    private DmCluster(int masters, int workers, ClusterOptions options)
    {
        _options = options;
        Folder = RunFolder.CreateServerFolder();
        var ports = FreePorts(2 * masters + workers);
        var initial = string.Join(',', Enumerable.Range(0, masters).Select(i => $"master{i + 1}={options.Scheme}://127.0.0.1:{ports[2 * i + 1]}"));
        _masterAddresses = string.Join(',', Enumerable.Range(0, masters).Select(i => $"127.0.0.1:{ports[2 * i]}"));
        for (var i = 0; i < masters; i++)
        {
            var name = $"master{i + 1}";
            _masters.Add(new Member(name, "dm-master", Folder,
            [
                "--name", name, "--data-dir", Path.Combine(Folder, name), "--log-file", LogFile(name),
                "--master-addr", $"127.0.0.1:{ports[2 * i]}", "--advertise-addr", $"127.0.0.1:{ports[2 * i]}",
                "--peer-urls", $"{options.Scheme}://127.0.0.1:{ports[2 * i + 1]}", "--advertise-peer-urls", $"{options.Scheme}://127.0.0.1:{ports[2 * i + 1]}",
                "--initial-cluster", initial, .. options.MasterArguments,
            ]));
            MasterPorts.Add((ports[2 * i], ports[2 * i + 1]));
        }
        for (var i = 0; i < workers; i++)
        {
            var name = $"worker{i + 1}";
            var address = $"127.0.0.1:{ports[2 * masters + i]}";
            _workers.Add(new Member(name, "dm-worker", Folder,
            [
                "--name", name, "--worker-addr", address, "--advertise-addr", address, "--join", _masterAddresses,
                "--keepalive-ttl", KeepAliveSeconds.ToString(CultureInfo.InvariantCulture), "--relay-dir", Path.Combine(Folder, $"{name}-relay"), "--log-file", LogFile(name),
                .. options.WorkerArguments,
            ]));
            WorkerPorts.Add(ports[2 * masters + i]);
        }
    }

    /// <summary>Where logs, data and files of tests are.</summary>
    public string Folder { get; }

    public IReadOnlyList<Member> Masters => _masters;

    public IReadOnlyList<Member> Workers => _workers;

    /// <summary>Where each master listens: its own port, and its etcd member's for other members.</summary>
    public List<(int Port, int PeerPort)> MasterPorts { get; } = [];

    /// <summary>Where each worker listens.</summary>
    public List<int> WorkerPorts { get; } = [];

    public IEnumerable<Member> Members => _masters.Concat(_workers);

    /// <summary>Starts all and waits until there is a leader and every worker is known to it.</summary>
    public static async Task<DmCluster> StartAsync(int masters, int workers, ClusterOptions? options = null)
    {
        Skip.IfNot(File.Exists("/usr/bin/etcd"), "etcd is not installed; run scripts/install-servers.sh.");
        var cluster = new DmCluster(masters, workers, options ?? new ClusterOptions());
        try
        {
            foreach (var member in cluster.Members)
                await member.StartAsync();
            await cluster.UntilAllWorkersAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every worker lives in the eyes of the leader.</summary>
    public Task UntilAllWorkersAsync() => UntilAsync(async () => await FreeOrBoundWorkersAsync() == _workers.Count, "all workers are known");

    /// <summary>Gives an order; what dmctl printed.</summary>
    public async Task<DmctlAnswer> DmctlAsync(params string[] arguments) => await DmctlAnswer.OfAsync(["--master-addr", _masterAddresses, .. _options.ControlArguments, .. arguments]);

    /// <summary>Gives an order that has to be refused; what dmctl printed.</summary>
    public async Task<string> RefusedAsync(params string[] arguments)
    {
        var answer = await DmctlAsync(arguments);
        Assert.False(answer.IsSuccess, $"dmctl {string.Join(' ', arguments)} was carried out:\n{answer.Text}");
        return answer.Text;
    }

    /// <summary>Gives an order that has to succeed.</summary>
    public async Task<JsonNode> OrderAsync(params string[] arguments)
    {
        var answer = await DmctlAsync(arguments);
        Assert.True(answer.IsSuccess, $"dmctl {string.Join(' ', arguments)}:\n{answer.Text}\n{Logs()}");
        return answer.Json!;
    }

    /// <summary>Makes a server known as a source.</summary>
    public async Task AddSourceAsync(string id, TestServer server, string extra = "")
    {
        await OrderAsync("operate-source", "create", WriteFile($"{id}.yaml", $"""
            source-id: {id}
            from:
              host: 127.0.0.1
              port: {server.Port}
              user: {server.RootUser}
              password: ""
            {extra}
            """));
    }

    /// <summary>A further master, which joins at one that runs; not started yet.</summary>
    public Member JoiningMaster(string name, (int Port, int PeerPort) ports, string at) => new(name, "dm-master", Folder,
    [
        "--name", name, "--data-dir", Path.Combine(Folder, name), "--log-file", LogFile(name), "--master-addr", $"127.0.0.1:{ports.Port}", "--advertise-addr", $"127.0.0.1:{ports.Port}",
        "--peer-urls", $"{_options.Scheme}://127.0.0.1:{ports.PeerPort}", "--advertise-peer-urls", $"{_options.Scheme}://127.0.0.1:{ports.PeerPort}",
        "--join", $"127.0.0.1:{MasterPorts[_masters.FindIndex(master => master.Name == at)].Port}", .. _options.MasterArguments,
    ]);

    /// <summary>Writes a file that dmctl is to read; its path.</summary>
    public string WriteFile(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The name of the leading master; null while there is none.</summary>
    public async Task<string?> LeaderAsync()
    {
        var answer = await DmctlAsync("list-member", "--leader");
        return answer.IsSuccess ? (string?)answer.Json!["members"]?[0]?["leader"]?["name"] : null;
    }

    /// <summary>The worker that a source is bound to; null while it waits for one.</summary>
    public async Task<Member?> WorkerOfAsync(string source)
    {
        var answer = await DmctlAsync("operate-source", "show", "-s", source);
        var name = answer.IsSuccess ? (string?)answer.Json!["sources"]?[0]?["worker"] : null;
        return _workers.Find(worker => worker.Name == name);
    }

    /// <summary>The status of a source's subtask; null while it can't be had.</summary>
    public async Task<JsonNode?> SubTaskAsync(string task, string source)
    {
        var answer = await DmctlAsync("query-status", task, "-s", source);
        // Workers that pull the relay log answer, too.
        return answer.Json?["sources"]?.AsArray().Select(of => of!["subTaskStatus"]?.AsArray().FirstOrDefault()).FirstOrDefault(status => status?["stage"] is not null);
    }

    /// <summary>Waits for a condition; tells the members' last words where it never comes true.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var deadline = DateTime.UtcNow + (patience ?? TimeSpan.FromMinutes(2));
        while (!await condition())
        {
            if (DateTime.UtcNow >= deadline)
                Assert.Fail($"waited in vain: {what}\n{(await DmctlAsync("query-status")).Text}\n{Logs()}");
            await Task.Delay(200);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
    }

    private async Task<int> FreeOrBoundWorkersAsync()
    {
        var answer = await DmctlAsync("list-member", "--worker");
        return answer.Json?["members"]?[0]?["worker"]?["workers"]?.AsArray().Count(worker => (string?)worker!["stage"] != "offline") ?? 0;
    }

    private string LogFile(string member) => Path.Combine(Folder, member + ".log");

    private string Logs() => string.Join('\n', Members.Select(member =>
        $"--- {member.Name} ({(member.IsRunning ? "runs" : "doesn't run")})\n{member.Output}{(File.Exists(LogFile(member.Name)) ? string.Join('\n', File.ReadLines(LogFile(member.Name)).TakeLast(12)) : "")}"));

    private static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
