using System.Globalization;
using System.Text.Json.Nodes;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A small database on a source of a cluster, and the task that carries it. Nobody writes to it but the test.</summary>
internal sealed class CarriedDatabase : IAsyncDisposable
{
    private const int UnknownDatabase = 1049;
    private const int NoSuchTable = 1146;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private int _rows;

    private CarriedDatabase(DmCluster cluster, TestServer source, TestServer target, string name)
    {
        Cluster = cluster;
        Source = source;
        Target = target;
        Name = name;
        From = new Account(source.RootUser, "");
        To = new Account(target.RootUser, "");
    }

    /// <summary>An account of a server.</summary>
    public sealed record Account(string User, string Password);

    /// <summary>The name of the database, of the source and of the task.</summary>
    public string Name { get; }

    public TestServer Source { get; }

    public TestServer Target { get; }

    /// <summary>The cluster that carries it.</summary>
    public DmCluster Cluster { get; set; }

    /// <summary>How the source is reached.</summary>
    public Account From { get; set; }

    /// <summary>How the target is reached.</summary>
    public Account To { get; set; }

    /// <summary>Further keys of the source's file.</summary>
    public string SourceKeys { get; set; } = "checker: {backoff-max: 1s}";

    /// <summary><c>task-mode</c>.</summary>
    public string Mode { get; set; } = "all";

    /// <summary>Further keys of the task's entry for the source, in the flow style.</summary>
    public string InstanceKeys { get; set; } = "";

    /// <summary>Further keys of the task's file.</summary>
    public string TaskKeys { get; set; } = "";

    /// <summary>Creates the database with three rows; the cluster doesn't know the source yet.</summary>
    public static async Task<CarriedDatabase> CreateAsync(DmCluster cluster, TestServer source, TestServer target, string kind)
    {
        var carried = new CarriedDatabase(cluster, source, target, ServerFixture.NewDatabaseName(kind));
        await source.RunAsync(
            $"CREATE DATABASE {carried.Name}", $"CREATE TABLE {carried.Name}.goods (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)", $"CREATE TABLE {carried.Name}.orders (id INT PRIMARY KEY, good INT)");
        await carried.InsertAsync(3);
        return carried;
    }

    /// <summary>The same, with the source known to the cluster.</summary>
    public static async Task<CarriedDatabase> KnownAsync(DmCluster cluster, TestServer source, TestServer target, string kind)
    {
        var carried = await CreateAsync(cluster, source, target, kind);
        await carried.AddSourceAsync();
        return carried;
    }

    /// <summary>The same, with the task following.</summary>
    public static async Task<CarriedDatabase> FollowedAsync(DmCluster cluster, TestServer source, TestServer target, string kind)
    {
        var carried = await KnownAsync(cluster, source, target, kind);
        await carried.StartAsync();
        await carried.UntilFollowedAsync();
        return carried;
    }

    public string SourceFile() => Cluster.WriteFile($"{Name}.yaml", SourceYaml());

    public string SourceYaml() => string.Create(CultureInfo.InvariantCulture, $$"""
        source-id: {{Name}}
        from: {host: 127.0.0.1, port: {{Source.Port}}, user: {{From.User}}, password: "{{From.Password}}"}
        {{SourceKeys}}

        """);

    public string TaskFile() => Cluster.WriteFile($"task-{Name}.yaml", TaskYaml());

    public string TaskYaml() => string.Create(CultureInfo.InvariantCulture, $$"""
        name: {{Name}}
        task-mode: {{Mode}}
        meta-schema: meta_{{Name}}
        target-database: {host: 127.0.0.1, port: {{Target.Port}}, user: {{To.User}}, password: "{{To.Password}}"}
        mysql-instances:
          - {source-id: {{Name}}, block-allow-list: mine{{(InstanceKeys.Length > 0 ? ", " : "")}}{{InstanceKeys}}}
        block-allow-list: {mine: {do-dbs: ["{{Name}}"] } }
        {{TaskKeys}}

        """);

    public Task<JsonNode> AddSourceAsync(params string[] arguments) => Cluster.OrderAsync(["operate-source", "create", SourceFile(), .. arguments]);

    public Task<JsonNode> StartAsync(params string[] arguments) => Cluster.OrderAsync(["start-task", TaskFile(), .. arguments]);

    public Task<JsonNode> PauseAsync() => Cluster.OrderAsync("pause-task", Name);

    public Task<JsonNode> ResumeAsync() => Cluster.OrderAsync("resume-task", Name);

    /// <summary>Adds rows at the source.</summary>
    public async Task InsertAsync(int rows)
    {
        await Source.RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {Name}.goods VALUES {string.Join(',', Enumerable.Range(_rows + 1, rows).Select(id => $"({id}, 'good {id}')"))}"));
        _rows += rows;
    }

    /// <summary>The subtask's status; null where there is none.</summary>
    public Task<JsonNode?> StatusAsync() => Cluster.SubTaskAsync(Name, Name);

    /// <summary>Waits until the copy is done and the source is followed.</summary>
    public Task UntilFollowedAsync() => UntilAsync(status => (string?)status["unit"] == "Sync" && (string?)status["stage"] == "Running", "it is followed");

    /// <summary>Waits until it paused, and returns the errors that it paused with.</summary>
    public async Task<string> UntilPausedWithErrorAsync()
    {
        JsonArray? errors = null;
        await UntilAsync(status => (string?)status["stage"] == "Paused" && (errors = status["result"]?["errors"]?.AsArray()) is { Count: > 0 }, "it paused because of an error");
        return string.Join('\n', errors!.Select(error => $"[code={error!["ErrCode"]}] {error["Message"]} {error["RawCause"]} {error["Workaround"]}"));
    }

    /// <summary>Waits until something is true of the subtask's status.</summary>
    public Task UntilAsync(Func<JsonNode, bool> condition, string what) =>
        Cluster.UntilAsync(async () => await StatusAsync() is { } status && status["stage"] is not null && condition(status), $"{Name}: {what}", Patience);

    /// <summary>Waits until both sides are equal.</summary>
    public async Task UntilEqualAsync()
    {
        var difference = "";
        try
        {
            await Cluster.UntilAsync(async () => (difference = await DifferenceAsync()).Length == 0, $"{Name}: both sides are equal", Patience);
        }
        catch (Xunit.Sdk.XunitException error)
        {
            throw new InvalidOperationException($"{difference}\n{(await Cluster.DmctlAsync("query-status", Name)).Text}", error);
        }
    }

    // What is looked at may come into being at this moment.
    private async Task<string> DifferenceAsync()
    {
        try
        {
            return await Sides.DifferenceAsync(Source, Target, [Name], $"meta_{Name}");
        }
        catch (MySqlServerException error) when (error.Code is UnknownDatabase or NoSuchTable)
        {
            return error.Message;
        }
    }

    /// <summary>How many rows of a table the target has.</summary>
    public async Task<string?> CountAsync(string table) => (await Target.QueryAsync($"SELECT COUNT(*) FROM {Name}.{table}"))[0][0];

    public async ValueTask DisposeAsync()
    {
        await Cluster.DmctlAsync("stop-task", Name);
        await Cluster.DmctlAsync("stop-relay", "-s", Name);
        await Cluster.DmctlAsync("operate-source", "stop", Name);
    }
}
