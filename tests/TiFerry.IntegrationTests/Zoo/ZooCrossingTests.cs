using TiFerry.TestServers;
using TiFerry.TestServers.Zoo;

namespace TiFerry.IntegrationTests.Zoo;

/// <summary>Every table of the zoo crosses, and so does every change to it, between all servers that can exchange it.</summary>
public sealed class ZooCrossingTests
{
    // What can't cross, between any two servers and between two flavours.
    private static readonly string[] LeftOut = ["sequence", "system_versioned", "json_opaque", "old_temporals"];
    private static readonly string[] LeftOutToMariaDb = ["floats", "geometries"]; // no negative zero; another name for GEOMCOLLECTION
    private static readonly string[] LeftOutToMySql = ["default_expressions"]; // DEFAULT wants parentheses around expressions

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql56, ServerKind.MySql56, 1)]
    [InlineData(ServerKind.MySql56, ServerKind.MySql56, 4)]
    [InlineData(ServerKind.MySql97, ServerKind.MySql97, 1)]
    [InlineData(ServerKind.MySql97, ServerKind.MySql97, 4)]
    [InlineData(ServerKind.MySql56, ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql56, ServerKind.MySql97, 1)]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql97, 4)]
    [InlineData(ServerKind.MySql97, ServerKind.MariaDb, 1)]
    public async Task The_zoo_crosses_with_all_its_changes(ServerKind from, ServerKind to, int threads)
    {
        ServerFixture.SkipUnlessInstalled(from);
        ServerFixture.SkipUnlessInstalled(to);
        await using var source = await TestServer.StartAsync(from, ServerOptions.Source(from));
        await using var target = await TestServer.StartAsync(to);
        var ofFlavour = to == ServerKind.MariaDb ? LeftOutToMariaDb : LeftOutToMySql;
        var entries = TableZoo.Statements(from, to).Where(entry => !LeftOut.Contains(entry.Name) && (from == to || !ofFlavour.Contains(entry.Name))).ToList();
        await using var session = await source.ConnectAsync();
        await session.RunAsync([.. TableZoo.Database("zoo"), .. TableZoo.Session]);
        foreach (var entry in entries)
            await session.RunAsync([.. entry.Create, .. entry.Inserts]);

        var crossing = new Crossing(source, target);
        crossing.Options = crossing.Options with { Threads = threads, ChunkRows = 100 };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
        await session.RunAsync(entries.SelectMany(entry => entry.Changes));
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }
}
