using System.Globalization;
using TiFerry.IntegrationTests.Traffic;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A source with traffic, known to a cluster, and a task that carries it to a target.</summary>
internal sealed class ClusterTask : IAsyncDisposable
{
    private readonly DmCluster _cluster;
    private readonly TestServer _source;
    private readonly TestServer _target;
    private readonly string _database;

    private ClusterTask(DmCluster cluster, TestServer source, TestServer target, string database, Writers writers)
    {
        _cluster = cluster;
        _source = source;
        _target = target;
        _database = database;
        Writers = writers;
    }

    /// <summary>The task's and its source's name.</summary>
    public string Name => _database;

    /// <summary>Who writes to the source.</summary>
    public Writers Writers { get; }

    /// <summary>Creates the database and the source; the task is started by <see cref="StartAsync"/>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="source">The source's server.</param>
    /// <param name="target">The target.</param>
    /// <param name="kind">The beginning of the names.</param>
    /// <param name="rows">How many rows its tables begin with.</param>
    public static async Task<ClusterTask> CreateAsync(DmCluster cluster, TestServer source, TestServer target, string kind, int rows)
    {
        var database = ServerFixture.NewDatabaseName(kind);
        var writers = await Writers.CreateAsync(source, database, rows);
        var task = new ClusterTask(cluster, source, target, database, writers);
        await cluster.AddSourceAsync(task.Name, source);
        return task;
    }

    /// <summary>Starts the task in mode all.</summary>
    /// <param name="chunkRows">Rows in a chunk of the copy.</param>
    public Task StartAsync(int chunkRows = 200) => _cluster.OrderAsync("start-task", _cluster.WriteFile($"task-{Name}.yaml", Yaml(chunkRows)));

    /// <summary>The task file.</summary>
    public string Yaml(int chunkRows) => string.Create(CultureInfo.InvariantCulture, $"""
        name: {Name}
        task-mode: all
        meta-schema: meta_{Name}
        target-database:
          host: 127.0.0.1
          port: {_target.Port}
          user: {_target.RootUser}
          password: ""
        mysql-instances:
          - source-id: {Name}
            block-allow-list: mine
            mydumper-config-name: small
        block-allow-list:
          mine:
            do-dbs: ["{_database}"]
        mydumpers:
          small:
            threads: 2
            rows: {chunkRows}
        """);

    /// <summary>Waits until so many rows of the largest table are on the target.</summary>
    public Task UntilCopiedAsync(int rows) => _cluster.UntilAsync(
        async () =>
        {
            try
            {
                return long.Parse((await _target.QueryAsync($"SELECT COUNT(*) FROM {_database}.entries"))[0][0]!, CultureInfo.InvariantCulture) >= rows;
            }
            catch (MySqlServerException)
            {
                return false;
            }
        },
        $"{rows} rows of {_database} are copied");

    /// <summary>Waits until the source is followed.</summary>
    public Task UntilFollowedAsync() => _cluster.UntilAsync(
        async () => await _cluster.SubTaskAsync(Name, Name) is { } status && (string?)status["unit"] == "Sync" && (string?)status["stage"] == "Running", $"{Name} is followed");

    /// <summary>Waits until the source is bound to another worker than this one.</summary>
    public async Task<Member> UntilMovedAsync(Member from)
    {
        Member? worker = null;
        await _cluster.UntilAsync(async () => (worker = await _cluster.WorkerOfAsync(Name)) is not null && worker != from, $"{Name} has moved away from {from.Name}");
        return worker!;
    }

    /// <summary>The worker that has the source; waits until there is one.</summary>
    public async Task<Member> WorkerAsync()
    {
        Member? worker = null;
        await _cluster.UntilAsync(async () => (worker = await _cluster.WorkerOfAsync(Name)) is not null, $"{Name} has a worker");
        return worker!;
    }

    /// <summary>Ends the traffic and waits until both sides are equal.</summary>
    public async Task EndEqualAsync()
    {
        await Writers.StopAsync();
        await _cluster.UntilAsync(async () => await IsSyncedAsync() || await IsEqualAsync(), $"{Name} has caught up");
        var difference = await DifferenceAsync();
        Assert.True(difference.Length == 0, difference);
    }

    public async ValueTask DisposeAsync()
    {
        await Writers.DisposeAsync();
        await _cluster.DmctlAsync("stop-task", Name);
        await _cluster.DmctlAsync("operate-source", "stop", "-s", Name);
    }

    private Task<string> DifferenceAsync() => Sides.DifferenceAsync(_source, _target, [_database], $"meta_{Name}");

    // Definitions may still change on the target while they are compared.
    private async Task<bool> IsEqualAsync()
    {
        try
        {
            return (await DifferenceAsync()).Length == 0;
        }
        catch (MySqlServerException)
        {
            return false;
        }
    }

    private async Task<bool> IsSyncedAsync() => (bool?)(await _cluster.SubTaskAsync(Name, Name))?["sync"]?["synced"] == true;
}
