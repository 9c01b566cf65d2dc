using TiFerry.TestServers;
using TiFerry.TestServers.Zoo;

namespace TiFerry.Import.Tests.Loads;

/// <summary>Every table of the zoo goes into files and comes back as it was, by our own load and by the plain client.</summary>
public sealed class ZooTests
{
    // What can't cross, between any two servers and between two flavours.
    private static readonly string[] LeftOut = ["sequence", "system_versioned", "json_opaque", "old_temporals"];
    private static readonly string[] LeftOutToMariaDb = ["floats", "geometries"]; // no negative zero; another name for GEOMCOLLECTION
    private static readonly string[] LeftOutToMySql = ["default_expressions"]; // DEFAULT wants parentheses around expressions

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56, ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97, ServerKind.MySql97)]
    [InlineData(ServerKind.MySql56, ServerKind.MariaDb)]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql97)]
    public async Task The_zoo_comes_back(ServerKind from, ServerKind to)
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

        using var folder = new DumpFolder();
        await folder.DumpAsync(source, "*.*", o => o with { Rows = 3, StatementBytes = 2000, FileBytes = 20_000 });
        await folder.LoadAsync(target, "zoo");
        await AssertEqualAsync(source, target);
    }

    [Theory]
    [InlineData(ServerKind.MariaDb)]
    public async Task The_plain_client_reads_the_files(ServerKind kind)
    {
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind));
        await using var target = await TestServer.StartAsync(kind);
        await using var session = await source.ConnectAsync();
        await session.RunAsync([.. TableZoo.Database("zoo"), .. TableZoo.Session]);
        foreach (var entry in TableZoo.Statements(kind).Where(entry => !LeftOut.Contains(entry.Name)))
            await session.RunAsync([.. entry.Create, .. entry.Inserts]);
        using var folder = new DumpFolder();
        await folder.DumpAsync(source, "*.*");
        await PlainClient.LoadAsync(folder.Path, target);
        await AssertEqualAsync(source, target);
    }

    private static async Task AssertEqualAsync(TestServer source, TestServer target)
    {
        var rows = await source.QueryAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'zoo%' OR SCHEMA_NAME LIKE 'odd%'");
        List<string> databases = [.. rows.Select(r => r[0]!)];
        var here = await ServerContents.ReadAsync(source, databases);
        var there = await ServerContents.ReadAsync(target, databases);
        Assert.True(here.Tables.Count > 50);
        Assert.Equal("", here.DifferenceFrom(there).Trim());
    }
}
