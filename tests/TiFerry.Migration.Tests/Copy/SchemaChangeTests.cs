using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Copy;

/// <summary>Schema changes on the source while the copy runs or stands still.</summary>
[Collection(Servers.Name)]
public class SchemaChangeTests(ServerFixture servers)
{
    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Tables_that_come_and_go_during_the_copy(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.gone (id INT PRIMARY KEY)", "INSERT INTO {db}.gone VALUES (1)");
        await copy.RunAsync(() => copy.OnSourceAsync(
            "DROP TABLE {db}.gone", "CREATE TABLE {db}.brief (id INT PRIMARY KEY)", "INSERT INTO {db}.brief VALUES (1)", "DROP TABLE {db}.brief",
            "CREATE TABLE {db}.new (id INT PRIMARY KEY)", "INSERT INTO {db}.new VALUES (1)"));
        await copy.AssertEqualAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Changes_while_the_copy_stands_still(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.gone (id INT PRIMARY KEY)", "CREATE VIEW {db}.eye AS SELECT id FROM {db}.gone");
        await copy.RunPartlyAsync();
        await copy.OnSourceAsync("ALTER TABLE {db}.slow ADD COLUMN w INT DEFAULT 7", "ALTER TABLE {db}.slow DROP COLUMN v", "INSERT INTO {db}.slow VALUES (0, 8)",
            "DROP TABLE {db}.gone", "DROP VIEW {db}.eye", "CREATE TABLE {db}.eye (id INT PRIMARY KEY)", "CREATE VIEW {db}.gone AS SELECT id FROM {db}.slow");
        await copy.RunAsync();
        await copy.AssertEqualAsync();
        Assert.NotEmpty(await copy.TargetRowsAsync("SELECT * FROM {db}.gone"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Views_and_tables_take_each_others_place(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.a (id INT PRIMARY KEY)", "CREATE VIEW {db}.b AS SELECT id FROM {db}.slow");
        await copy.RunAsync(() => copy.OnSourceAsync(
            "DROP TABLE {db}.a", "CREATE VIEW {db}.a AS SELECT id FROM {db}.slow", "DROP VIEW {db}.b", "CREATE TABLE {db}.b (id INT PRIMARY KEY)", "INSERT INTO {db}.b VALUES (5)"));
        await copy.AssertEqualAsync();
        Assert.Equal(600, (await copy.TargetRowsAsync("SELECT * FROM {db}.a")).Count);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_database_is_dropped_and_made_again_during_the_copy(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE VIEW {db}.eye AS SELECT id FROM {db}.slow");
        await copy.RunAsync(() => copy.OnSourceAsync("DROP DATABASE {db}", "CREATE DATABASE {db}", "CREATE TABLE {db}.new (id INT PRIMARY KEY)", "INSERT INTO {db}.new VALUES (1)"));
        await copy.AssertEqualAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_database_is_dropped_during_the_copy(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind);
        await copy.RunAsync(() => copy.OnSourceAsync("DROP DATABASE {db}"));
        Assert.Empty(await copy.TargetRowsAsync("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{db}'"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Many_changes_in_a_row(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.t (id INT PRIMARY KEY)", "INSERT INTO {db}.t VALUES (1), (2)");
        await copy.RunAsync(() => copy.OnSourceAsync([.. Enumerable.Range(1, 12).SelectMany(i => new[]
        {
            $"ALTER TABLE {{db}}.t ADD COLUMN c{i} INT DEFAULT {i}",
            $"INSERT INTO {{db}}.t (id) VALUES ({i * 10})",
            $"ALTER TABLE {{db}}.slow ADD COLUMN c{i} INT DEFAULT {i}",
        })]));
        await copy.AssertEqualAsync();
    }
}
