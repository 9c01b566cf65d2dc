using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Metadata;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Rules;
using TiFerry.TestServers;

namespace TiFerry.Dm.Tests.Worker.Cluster;

/// <summary>A source and a task that carries one of its databases.</summary>
internal sealed record TestTask(TestServer From, TestServer To, string Database, string Name)
{
    public const string Source = "mysql-01";

    public string SourceId { get; init; } = Source;

    public string TargetUser { get; init; } = "root";

    public TaskMode Mode { get; init; } = TaskMode.All;

    public IReadOnlyList<RouteRule> Routes { get; init; } = [];

    public SubTaskId Id => new(Name, SourceId);

    public string SourceFile => $"""
        source-id: {SourceId}
        from:
          host: 127.0.0.1
          port: {From.Port}
          user: root
        """;

    public string SubTask => Config.ToJson();

    public SubTaskConfig Config => new()
    {
        Name = Name,
        SourceId = SourceId,
        Mode = Mode,
        MetaSchema = $"meta_{Name}",
        From = new DatabaseConfig { Host = "127.0.0.1", Port = From.Port, User = "root" },
        To = new DatabaseConfig { Host = "127.0.0.1", Port = To.Port, User = TargetUser, Password = new Secret("") },
        Rules = new SyncRules { Routes = Routes, BlockAllowList = new BlockAllowListRules { DoSchemas = [Database] }, OnlineDdl = new OnlineDdlRules { IsOn = false }, Syncer = new SyncerSettings { WorkerCount = 4 } },
        Mydumper = new MydumperConfig { Threads = 2, Rows = 1000 },
    };

    /// <summary>Creates a table with some rows on the source.</summary>
    public Task FillAsync(int rows) => From.RunAsync(
        $"CREATE DATABASE {Database}",
        $"CREATE TABLE {Database}.t (id INT PRIMARY KEY AUTO_INCREMENT, filler VARCHAR(200) NOT NULL)",
        $"INSERT INTO {Database}.t (filler) SELECT REPEAT('x', 200) FROM {Database}.seq_1_to_{rows}");

    /// <summary>How many rows a side has, and what they are.</summary>
    public static async Task<string> ContentsAsync(TestServer server, string database)
    {
        var exists = await server.QueryAsync($"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{database}' AND TABLE_NAME = 't'");
        if (exists.Count == 0)
            return "";
        var row = (await server.QueryAsync($"SELECT COUNT(*), COALESCE(SUM(CRC32(CONCAT(id, filler))), 0) FROM {database}.t"))[0];
        return $"{row[0]} {row[1]}";
    }

    /// <summary>Waits until both sides hold the same.</summary>
    public Task EqualAsync() => Eventually.TrueAsync(async () => await ContentsAsync(From, Database) == await ContentsAsync(To, Database), () => $"the sides of {Name} differ");

    public async Task<int> TargetRowsAsync() => await ContentsAsync(To, Database) is { Length: > 0 } text ? int.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
}
