using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Copy;

/// <summary>Foreign key actions, which the source does not log, around the moment at which parent and child are copied.</summary>
[Collection(Servers.Name)]
public class CascadeTests(ServerFixture servers)
{
    private const string Parent = "(id INT PRIMARY KEY)";
    private const string Child = "(id INT PRIMARY KEY, p INT, KEY (p), FOREIGN KEY (p) REFERENCES {0} (id) ON DELETE CASCADE)";

    public static TheoryData<ServerKind> Kinds => Servers.All;

    // Objects are copied in the order of their names; a change to a definition makes one begin again, later than the other.
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task The_child_is_copied_after_the_change(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.parent " + Parent, "INSERT INTO {db}.parent VALUES (1)",
            "CREATE TABLE {db}.child " + Of("parent"), "INSERT INTO {db}.child VALUES (1, 1)");
        await copy.RunAsync(() => copy.OnSourceAsync("DELETE FROM {db}.parent", "INSERT INTO {db}.parent VALUES (1)", "INSERT INTO {db}.child VALUES (2, 1)",
            "ALTER TABLE {db}.child ADD COLUMN x INT"));
        Assert.Single(await copy.TargetRowsAsync("SELECT * FROM {db}.child"));
        await copy.AssertEqualAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task The_parent_is_copied_after_the_change(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.parent " + Parent, "INSERT INTO {db}.parent VALUES (1)",
            "CREATE TABLE {db}.child " + Of("parent"), "INSERT INTO {db}.child VALUES (1, 1)");
        await copy.RunAsync(async () =>
        {
            while ((await copy.TargetRowsAsync("SELECT * FROM {db}.child")).Count == 0)
                await Task.Delay(10);
            await copy.OnSourceAsync("DELETE FROM {db}.parent", "ALTER TABLE {db}.parent COMMENT = 'later'");
        });
        Assert.Empty(await copy.TargetRowsAsync("SELECT * FROM {db}.child"));
        await copy.AssertEqualAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Rows_that_are_their_own_parents(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.tree " + Of("tree"), "INSERT INTO {db}.tree VALUES (1, 1), (2, 1), (3, 2), (9, 9)");
        await copy.RunAsync(() => copy.OnSourceAsync("INSERT INTO {db}.tree VALUES (4, 3)", "DELETE FROM {db}.tree WHERE id = 1"));
        Assert.Single(await copy.TargetRowsAsync("SELECT * FROM {db}.tree"));
        await copy.AssertEqualAsync();
    }

    private static string Of(string parent) => Child.Replace("{0}", "{db}." + parent, StringComparison.Ordinal);
}
