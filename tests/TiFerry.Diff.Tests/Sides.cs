using TiFerry.Core.Filters;
using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

/// <summary>A database of one test on both servers.</summary>
internal sealed class Sides
{
    private Sides(TestServer source, TestServer target, string database)
    {
        Source = source;
        Target = target;
        Database = database;
    }

    public TestServer Source { get; }

    public TestServer Target { get; }

    public string Database { get; }

    public ComparisonOptions Options => new()
    {
        Source = Source.ConnectionOptions,
        Target = Target.ConnectionOptions,
        Filter = TableFilter.Parse([$"{Database}.*"]),
        Threads = 2,
        ChunkRows = 10,
    };

    public static async Task<Sides> CreateAsync(ServerFixture servers, ServerKind source = ServerKind.MariaDb, ServerKind target = ServerKind.MariaDb)
    {
        var sides = new Sides(await servers.SourceAsync(source), await servers.TargetAsync(target), ServerFixture.NewDatabaseName());
        await sides.Source.RunAsync($"CREATE DATABASE {sides.Database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        await sides.Target.RunAsync($"CREATE DATABASE {sides.Database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        return sides;
    }

    /// <summary>Runs the same statements on both servers.</summary>
    public async Task RunOnBothAsync(params string[] statements)
    {
        await RunOnSourceAsync(statements);
        await RunOnTargetAsync(statements);
    }

    public Task RunOnSourceAsync(params string[] statements) => RunAsync(Source, statements);

    public Task RunOnTargetAsync(params string[] statements) => RunAsync(Target, statements);

    public Task<ComparisonResult> CompareAsync(ComparisonOptions? options = null) => new Comparison(options ?? Options).RunAsync(default);

    /// <summary>Compares and expects one table.</summary>
    public async Task<TableComparison> CompareTableAsync(ComparisonOptions? options = null) => Assert.Single((await CompareAsync(options)).Tables);

    private Task RunAsync(TestServer server, string[] statements) =>
        server.RunAsync([$"USE {Database}", "SET NAMES utf8mb4", "SET sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'", .. statements]);
}
