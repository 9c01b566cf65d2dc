using TiFerry.Core.Routing;
using TiFerry.Migration;
using TiFerry.TestServers;
using TiFerry.TestServers.Zoo;

namespace TiFerry.IntegrationTests.Routes;

/// <summary>Every table of the zoo crosses into a database of another name, and so does every change to it.</summary>
public sealed class RoutedZooTests
{
    // What can't cross, and what makes databases of its own.
    private static readonly string[] LeftOut = ["sequence", "system_versioned", "json_opaque", "old_temporals", "odd_names"];

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task The_zoo_moves(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind));
        await using var target = await TestServer.StartAsync(kind, ServerOptions.Target(kind));
        var entries = TableZoo.Statements(kind, kind).Where(entry => !LeftOut.Contains(entry.Name)).ToList();
        await using var session = await source.ConnectAsync();
        await session.RunAsync([.. TableZoo.Database("zoo"), .. TableZoo.Session]);
        foreach (var entry in entries)
            await session.RunAsync([.. entry.Create, .. entry.Inserts]);
        var crossing = new Crossing(source, target, "zoo");
        crossing.Options = crossing.Options with
        {
            ChunkRows = 100,
            Rules = MigrationOptions.NoRules with
            {
                Routes =
                [
                    new RouteRule { Name = "all", SchemaPattern = "zoo", TargetSchema = "park" },
                    new RouteRule { Name = "parent", SchemaPattern = "zoo", TablePattern = "fk_z_parent", TargetSchema = "park", TargetTable = "fk_ancestor" },
                ],
            },
        };

        await crossing.RunAsync();
        await AssertEqualAsync(source, target);
        await session.RunAsync(entries.SelectMany(entry => entry.Changes));
        await crossing.RunAsync();
        await AssertEqualAsync(source, target);
    }

    private static Task AssertEqualAsync(TestServer source, TestServer target) => RoutedSides.AssertEqualAsync(
        source, target, ["zoo"], ["park"], name => name == "zoo.fk_z_parent" ? "park.fk_ancestor" : name.Replace("zoo.", "park.", StringComparison.Ordinal));
}
