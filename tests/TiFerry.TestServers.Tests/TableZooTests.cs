using TiFerry.TestServers.Zoo;

namespace TiFerry.TestServers.Tests;

public sealed class TableZooTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task The_server_takes_the_whole_zoo_and_every_table_changes(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await TestServer.StartAsync(kind, ServerOptions.Source(kind));
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync([.. TableZoo.Database("zoo"), .. TableZoo.Session]);

        var errors = new List<string>();
        var entries = TableZoo.Statements(kind);
        foreach (var entry in entries)
            await TryAsync(entry, [.. entry.Create, .. entry.Inserts]);
        var before = await ServerContents.ReadAsync(server);
        foreach (var entry in entries)
            await TryAsync(entry, entry.Changes);
        var after = await ServerContents.ReadAsync(server);

        Assert.True(errors.Count == 0, string.Join("\n\n", errors));
        Assert.True(before.Tables.Count > entries.Count / 2);
        var unchanged = before.Tables.Where(table => after.Tables[table.Key] == table.Value).Select(table => table.Key).ToList();
        Assert.True(unchanged.Count == 0, $"unchanged: {string.Join(", ", unchanged)}");

        async Task TryAsync(ZooEntry entry, IReadOnlyList<string> statements)
        {
            foreach (var statement in statements)
            {
                try
                {
                    await connection.RunAsync(statement);
                }
                catch (InvalidOperationException error)
                {
                    errors.Add($"{entry.Name}: {error.Message}");
                }
            }
        }
    }

    [Fact]
    public void Entries_have_names_of_their_own_and_say_what_they_guard()
    {
        var entries = Enum.GetValues<ServerKind>().SelectMany(TableZoo.Statements).Distinct().ToList();
        Assert.Equal(entries.Count, entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(entries, entry => Assert.NotEmpty(entry.Guards));
    }
}
