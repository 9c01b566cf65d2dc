using TiFerry.Core.Routing;
using TiFerry.IntegrationTests.Routes;
using TiFerry.Sync.Filter;
using TiFerry.Sync.OnlineDdl;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Traffic;

/// <summary>Schema changes in the traffic, by hand and by online schema change tools, with rules and routes switched on and runs that are killed in between.</summary>
[Collection(ServerCollection.Name)]
public sealed class SchemaTrafficTests(ServerFixture servers)
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1, false)]
    [InlineData(ServerKind.MariaDb, 4, true)]
    [InlineData(ServerKind.MySql56, 4, false)]
    [InlineData(ServerKind.MySql97, 4, true)]
    public async Task Both_sides_are_equal_in_the_end(ServerKind kind, int threads, bool isRouted)
    {
        var source = await servers.SourceAsync(kind);
        var target = await servers.TargetAsync(kind);
        var database = ServerFixture.NewDatabaseName("schema_traffic");
        await using var writers = await Writers.CreateAsync(source, database, rows: 800);
        var schemas = new SchemaWriter(source, database);
        await schemas.CreateAsync();
        await source.RunAsync($"CREATE TABLE {database}.guarded (id INT PRIMARY KEY, v INT)", $"INSERT INTO {database}.guarded VALUES (1, 1), (2, 2)");
        var crossing = new Crossing(source, target, database);
        crossing.Options = crossing.Options with { Threads = threads, ChunkRows = 50, Rules = RulesOf(database, isRouted) };

        writers.Start(clients: 2, seed: threads);
        await crossing.RunAsync();
        var random = new Random(threads);
        for (var run = 0; run < 2; run++)
        {
            RunningCrossing? running = null;
            CuttableLink? sourceLink = null, targetLink = null;
            try
            {
                await schemas.RunAsync(async () =>
                {
                    await writers.UntilFurtherAsync(3);
                    if (running is not null && random.Next(5) > 0)
                        return;
                    await EndAsync();
                    (sourceLink, targetLink) = (CuttableLink.To(source), CuttableLink.To(target));
                    var killed = crossing.Options with { Source = source.ConnectionOptions with { Port = sourceLink.Port }, Target = target.ConnectionOptions with { Port = targetLink.Port } };
                    running = new Crossing(source, target, database) { Options = killed }.Start();
                });
            }
            finally
            {
                await EndAsync();
            }

            async Task EndAsync()
            {
                if (running is null)
                    return;
                if (running.Completion.IsCompleted)
                    await running.Completion;
                sourceLink!.Close();
                targetLink!.Close();
                await running.DisposeAsync();
                await sourceLink.DisposeAsync();
                await targetLink.DisposeAsync();
                running = null;
            }
        }
        await source.RunAsync($"ALTER TABLE {database}.guarded DROP COLUMN v", $"INSERT INTO {database}.guarded VALUES (3)", $"TRUNCATE TABLE {database}.guarded");
        await writers.StopAsync();
        await crossing.RunAsync();

        var targetDatabases = isRouted ? new[] { $"{database}_new", $"{database}_other" } : [database];
        var guarded = isRouted ? $"{database}_new.guarded" : $"{database}.guarded";
        Assert.Equal(["1 1", "2 2", "3 "], (await target.QueryAsync($"SELECT CONCAT(id, ' ', COALESCE(v, '')) FROM {guarded} ORDER BY id")).Select(r => r[0]));
        await source.RunAsync($"DROP TABLE {database}.guarded");
        await target.RunAsync($"DROP TABLE {guarded}");
        await RoutedSides.AssertEqualAsync(source, target, [database], targetDatabases, name => !isRouted ? name
            : name == $"{database}.accounts" ? $"{database}_other.people" : name.Replace($"{database}.", $"{database}_new.", StringComparison.Ordinal));
    }

    private static Sync.Rules.SyncRules RulesOf(string database, bool isRouted) => new()
    {
        OnlineDdl = new OnlineDdlRules(),
        Filters = [new BinlogEventRule { Name = "guard", SchemaPattern = database, TablePattern = "guarded", Events = ["drop column", "truncate table", "delete"], Action = FilterAction.Ignore }],
        Routes = !isRouted ? [] :
        [
            new RouteRule { Name = "all", SchemaPattern = database, TargetSchema = $"{database}_new" },
            new RouteRule { Name = "people", SchemaPattern = database, TablePattern = "accounts", TargetSchema = $"{database}_other", TargetTable = "people" },
        ],
    };
}
