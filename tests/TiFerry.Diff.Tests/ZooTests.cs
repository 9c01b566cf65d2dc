using TiFerry.Core.Filters;
using TiFerry.TestServers;
using TiFerry.TestServers.Zoo;

namespace TiFerry.Diff.Tests;

/// <summary>Every table of the zoo: equal copies are equal, and each entry's changes are found.</summary>
public sealed class ZooTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56, ServerKind.MariaDb)]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql97)]
    public async Task Equal_copies_are_equal_and_changed_tables_are_not(ServerKind sourceKind, ServerKind targetKind)
    {
        ServerFixture.SkipUnlessInstalled(sourceKind);
        ServerFixture.SkipUnlessInstalled(targetKind);
        await using var source = await TestServer.StartAsync(sourceKind);
        await using var target = await TestServer.StartAsync(targetKind);
        var entries = TableZoo.Statements(sourceKind, targetKind).Where(e => !IsMadeDifferently(e.Name, sourceKind, targetKind)).ToList();
        string[] create = [.. TableZoo.Session, .. TableZoo.Database("zoo"), .. entries.SelectMany(e => e.Create.Concat(e.Inserts))];
        await source.RunAsync(create);
        await target.RunAsync(create);
        var options = new ComparisonOptions
        {
            Source = source.ConnectionOptions,
            Target = target.ConnectionOptions,
            Filter = TableFilter.Default(),
            Threads = 2,
            ChunkRows = 100,
        };

        var equal = await new Comparison(options).RunAsync(default);
        Assert.True(equal.IsEqual, string.Join('\n', equal.Differences.SelectMany(t => (string[])[t.ToString(), .. t.Rows.Select(r => "  " + r)])));
        Assert.True(equal.Rows > 1000);

        await source.RunAsync([.. TableZoo.Session, "USE zoo", .. entries.SelectMany(e => e.Changes)]);
        var changed = await new Comparison(options).RunAsync(default);
        Assert.Equal([], changed.Tables.Where(t => t.IsEqual).Select(t => t.Table.ToString()));
        // Each row that was seen could be found again by its key.
        Assert.Equal([], changed.Tables.Where(t => t.ChangingRows > 0).Select(t => t.Table.ToString()));
    }

    // The same statements store a new UUID each time, and MySQL 8.0 reads latitude first.
    private static bool IsMadeDifferently(string entry, ServerKind source, ServerKind target) =>
        entry == "default_expressions" || (entry == "geometries" && (source == ServerKind.MySql97) != (target == ServerKind.MySql97));
}
