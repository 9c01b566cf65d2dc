using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Operations;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Operations;

[Collection(Servers.Name)]
public class TrackedSchemasTests(ServerFixture servers)
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), n INT) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci";

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_target_with_more_columns_needs_the_sources_definition(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        var schemas = new TrackedSchemas(followed.Options);
        var table = new TableName(followed.Database, "t");
        await followed.OnTargetAsync("ALTER TABLE {db}.t ADD COLUMN own INT DEFAULT 5 FIRST");
        await followed.OnSourceAsync("INSERT INTO {db}.t VALUES (1, 'a', 1)");
        Assert.Equal(SyncErrors.ColumnMismatch, (await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync)).Code);
        Assert.Null(await schemas.GetAsync(table, default));

        await schemas.SetAsync(table, "CREATE TABLE other (id INT PRIMARY KEY, v VARCHAR(20), n INT)", default);
        Assert.Equal([table], await schemas.ListAsync(default));
        Assert.StartsWith("CREATE TABLE `t`", await schemas.GetAsync(table, default), StringComparison.Ordinal);
        await followed.CatchUpAsync();
        Assert.Equal([["5", "1", "a", "1"]], await followed.TargetRowsAsync("SELECT * FROM {db}.t"));

        Assert.True(await schemas.RemoveAsync(table, default));
        Assert.False(await schemas.RemoveAsync(table, default));
        await followed.OnSourceAsync("INSERT INTO {db}.t VALUES (2, 'b', 2)");
        Assert.Equal(SyncErrors.ColumnMismatch, (await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync)).Code);
        await followed.OnTargetAsync("ALTER TABLE {db}.t DROP COLUMN own");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Definitions_are_taken_from_either_side(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        var schemas = new TrackedSchemas(followed.Options);
        var table = new TableName(followed.Database, "t");
        await followed.OnTargetAsync("ALTER TABLE {db}.t ADD COLUMN own INT");
        await schemas.SetFromTargetAsync(table, default);
        Assert.Contains("`own`", await schemas.GetAsync(table, default), StringComparison.Ordinal);
        await schemas.SetFromSourceAsync(table, default);
        Assert.DoesNotContain("`own`", await schemas.GetAsync(table, default), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await schemas.SetFromSourceAsync(table with { Name = "absent" }, default));
        Assert.Equal(SchemaErrors.CannotReadTable, error.Code);
    }

    [SkippableTheory]
    [InlineData("DROP TABLE t")]
    [InlineData("CREATE TABLE t LIKE u")]
    [InlineData("CREATE TABLE t (a INTT)")]
    [InlineData("CREATE TABLE t (a VARCHAR(3)")]
    [InlineData("")]
    public async Task A_definition_that_cannot_be_used_is_refused(string definition)
    {
        var followed = await Followed.CreateAsync(servers, ServerKind.MariaDb, Table);
        var schemas = new TrackedSchemas(followed.Options);
        var table = new TableName(followed.Database, "t");
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await schemas.SetAsync(table, definition, default));
        Assert.Equal(SchemaErrors.InvalidCreateTable, error.Code);
        Assert.Contains(table.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Null(await schemas.GetAsync(table, default));
    }
}
