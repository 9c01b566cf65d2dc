using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.IntegrationTests.Traffic;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Routes;

/// <summary>Routes while the source is written to from the first moment to the last, with runs that are killed and taken up again.</summary>
[Collection(ServerCollection.Name)]
public sealed class RoutedTrafficTests(ServerFixture servers)
{
    private static readonly string[] Tables = ["accounts", "entries", "heap_lines", "totals"];

    public static TheoryData<ServerKind> Kinds => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Schemas_and_tables_under_new_names(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var target = await servers.TargetAsync(kind);
        var database = ServerFixture.NewDatabaseName("routed");
        await using var writers = await Writers.CreateAsync(source, database, rows: 1500);
        var crossing = CrossingOf(source, target, database,
            new RouteRule { Name = "all", SchemaPattern = database, TargetSchema = $"{database}_new" },
            new RouteRule { Name = "people", SchemaPattern = database, TablePattern = "accounts", TargetSchema = $"{database}_other", TargetTable = "people" });

        await RunWithKillsAsync(crossing, source, target, [writers]);

        await RoutedSides.AssertEqualAsync(source, target, [database], [$"{database}_new", $"{database}_other"],
            name => name == $"{database}.accounts" ? $"{database}_other.people" : name.Replace($"{database}.", $"{database}_new.", StringComparison.Ordinal));
        await AssertVerifiedAsync(crossing);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Two_shards_merged_with_an_extracted_column(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var target = await servers.TargetAsync(kind);
        var database = ServerFixture.NewDatabaseName("merged");
        await using var one = await Writers.CreateAsync(source, $"{database}_1", rows: 800);
        await using var two = await Writers.CreateAsync(source, $"{database}_2", rows: 800);
        await target.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"USE {database}",
            "CREATE TABLE accounts (id INT NOT NULL, email VARCHAR(40) COLLATE utf8mb4_general_ci NOT NULL, rank_no INT NULL, note TEXT, shard VARCHAR(5) NOT NULL, PRIMARY KEY (shard, id), UNIQUE KEY email (shard, email), UNIQUE KEY rank_no (rank_no, shard))",
            "CREATE TABLE entries (account VARCHAR(20) NOT NULL, n INT NOT NULL, amount DECIMAL(12,2) NOT NULL, at DATETIME(6) NOT NULL, shard VARCHAR(5) NOT NULL, PRIMARY KEY (account, n, shard))",
            "CREATE TABLE heap_lines (kind INT, line VARCHAR(30), flag ENUM('x','y'), shard VARCHAR(5))",
            "CREATE TABLE totals (name VARCHAR(20), total BIGINT NOT NULL, shard VARCHAR(5), PRIMARY KEY (name, shard))");
        var crossing = CrossingOf(source, target, database, [.. Tables.Select(table => new RouteRule
        {
            Name = table, SchemaPattern = $"{database}_*", TablePattern = table, TargetSchema = database, TargetTable = table,
            ExtractSchema = new ColumnExtractor("_(\\d)$", "shard"),
        })]);

        await RunWithKillsAsync(crossing, source, target, [one, two]);

        foreach (var table in Tables)
            await RoutedSides.AssertSameRowsAsync(source, $"SELECT *, '1' FROM {database}_1.{table} UNION ALL SELECT *, '2' FROM {database}_2.{table}", target, $"SELECT * FROM {database}.{table}");
        await AssertVerifiedAsync(crossing);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Two_shards_merged_as_they_are(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var target = await servers.TargetAsync(kind);
        var database = ServerFixture.NewDatabaseName("merged");
        await source.RunAsync($"CREATE DATABASE {database}", $"USE {database}",
            "CREATE TABLE t_1 (id INT PRIMARY KEY, v INT, KEY (v))", "CREATE TABLE t_2 LIKE t_1", $"INSERT INTO t_1 VALUES {Values(0)}", $"INSERT INTO t_2 VALUES {Values(1)}");
        var crossing = CrossingOf(source, target, database,
            new RouteRule { Name = "merge", SchemaPattern = database, TablePattern = "t_*", TargetSchema = database, TargetTable = "t" });
        crossing.Options = crossing.Options with { ChunkRows = 1 };
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(source, database, stop.Token);
        await using (var running = crossing.Start())
        {
            // A new shape for one of the two makes both begin again, so that no row of the other is lost.
            await running.UntilAsync(p => p.Copy.Tables().Exists(t => t.Rows > 20), "rows are copied");
            await source.RunAsync($"ALTER TABLE {database}.t_2 COMMENT = 'same columns'");
            await running.UntilAsync(p => p.Stage == MigrationStage.Following, "the copy ends");
        }
        await crossing.RunAsync();
        await stop.CancelAsync();
        await writing;
        await crossing.RunAsync();

        await RoutedSides.AssertSameRowsAsync(source, $"SELECT * FROM {database}.t_1 UNION ALL SELECT * FROM {database}.t_2", target, $"SELECT * FROM {database}.t");
        await AssertVerifiedAsync(crossing);

        static string Values(int parity) => string.Join(',', Enumerable.Range(0, 600).Select(i => $"({2 * i + parity}, {i})"));
    }

    // Even keys in the one, odd keys in the other.
    private static async Task WriteAsync(TestServer source, string database, CancellationToken stop)
    {
        await using var connection = await source.ConnectAsync(database, CancellationToken.None);
        var random = new Random(7);
        while (!stop.IsCancellationRequested)
        {
            var shard = random.Next(2);
            var id = 2 * random.Next(700) + shard;
            await connection.ExecuteAsync(random.Next(3) switch
            {
                0 => $"REPLACE INTO t_{shard + 1} VALUES ({id}, {random.Next(1000)})",
                1 => $"UPDATE t_{shard + 1} SET v = v + 1 WHERE id BETWEEN {id} AND {id + 9}",
                _ => $"DELETE FROM t_{shard + 1} WHERE id = {id}",
            }, default);
        }
    }

    // Each run ends as a killed process does: its connections break, and nothing gets the time to be finished.
    private static async Task RunWithKillsAsync(Crossing crossing, TestServer source, TestServer target, Writers[] writers)
    {
        foreach (var writer in writers)
            writer.Start(clients: 2, seed: 3);
        var random = new Random(3);
        for (var run = 0; run < 5; run++)
        {
            await using var sourceLink = CuttableLink.To(source);
            await using var targetLink = CuttableLink.To(target);
            crossing.Options = crossing.Options with
            {
                Source = source.ConnectionOptions with { Port = sourceLink.Port },
                Target = target.ConnectionOptions with { Port = targetLink.Port },
            };
            await using var running = crossing.Start();
            await writers[0].UntilFurtherAsync(random.Next(20, 120));
            if (running.Completion.IsCompleted)
                await running.Completion;
            sourceLink.Close();
            targetLink.Close();
        }
        crossing.Options = crossing.Options with { Source = source.ConnectionOptions, Target = target.ConnectionOptions };
        await crossing.RunAsync();
        foreach (var writer in writers)
            await writer.StopAsync();
        await crossing.RunAsync();
    }

    private static async Task AssertVerifiedAsync(Crossing crossing)
    {
        var result = await Verification.RunAsync(crossing.Options, new MigrationProgress(), Log.None, default);
        Assert.True(result.IsEqual, string.Join('\n', result.Differences));
        Assert.NotEmpty(result.Tables);
    }

    private static Crossing CrossingOf(TestServer source, TestServer target, string database, params RouteRule[] routes)
    {
        var crossing = new Crossing(source, target, database);
        crossing.Options = crossing.Options with
        {
            Filter = [$"{database}*.*"],
            Rules = MigrationOptions.NoRules with { Routes = routes },
            Threads = 3,
            ChunkRows = 20,
        };
        return crossing;
    }
}
