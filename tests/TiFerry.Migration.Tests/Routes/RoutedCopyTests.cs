using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Routes;

/// <summary>The full copy under routes, of a source that nobody writes to.</summary>
[Collection(Servers.Name)]
public class RoutedCopyTests(ServerFixture servers)
{
    public static TheoryData<ServerKind> Kinds => Servers.All;

    private TestServer _source = null!;
    private TestServer _target = null!;
    private string _db = "";

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Schemas_tables_keys_and_views_get_their_new_names(ServerKind kind)
    {
        await PrepareAsync(kind,
            "CREATE DATABASE {db} CHARACTER SET latin1", "USE {db}",
            "CREATE TABLE parent (id INT PRIMARY KEY, name VARCHAR(10), KEY (name))",
            "CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE)",
            "CREATE VIEW both_sides AS SELECT child.id, p.name FROM child JOIN parent p ON p.id = child.parent",
            "CREATE VIEW above AS SELECT COUNT(*) AS n FROM both_sides",
            "INSERT INTO parent VALUES (1, 'one'), (2, 'two')", "INSERT INTO child VALUES (10, 1), (20, 2), (21, 2)");
        var options = Options(
            new RouteRule { Name = "all", SchemaPattern = _db, TargetSchema = $"{_db}_new" },
            new RouteRule { Name = "parent", SchemaPattern = _db, TablePattern = "parent", TargetSchema = $"{_db}_elsewhere", TargetTable = "ancestor" });

        await RunAsync(options);

        Assert.Equal("3", await TargetAsync("SELECT n FROM {db}_new.above"));
        Assert.Equal("two", await TargetAsync("SELECT name FROM {db}_new.both_sides WHERE id = 21"));
        Assert.Equal("ancestor", await TargetAsync("SELECT REFERENCED_TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = '{db}_new' AND REFERENCED_TABLE_SCHEMA = '{db}_elsewhere'"));
        Assert.Equal("2", await TargetAsync("SELECT COUNT(*) FROM {db}_elsewhere.ancestor"));
        Assert.Equal("latin1", await TargetAsync("SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{db}_elsewhere'"));
        Assert.Null(await TargetAsync("SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{db}'"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Shards_are_merged(ServerKind kind)
    {
        await PrepareAsync(kind,
            "CREATE DATABASE {db}_1", "CREATE DATABASE {db}_2",
            "CREATE TABLE {db}_1.t_a (id INT PRIMARY KEY, v VARCHAR(10), KEY (v))", "CREATE TABLE {db}_1.t_b LIKE {db}_1.t_a", "CREATE TABLE {db}_2.t_a LIKE {db}_1.t_a",
            "INSERT INTO {db}_1.t_a VALUES (1, 'a'), (2, 'b')", "INSERT INTO {db}_1.t_b VALUES (3, 'c')", "INSERT INTO {db}_2.t_a VALUES (4, 'd'), (5, NULL)");

        await RunAsync(Options(Merge()));

        Assert.Equal(["1a", "2b", "3c", "4d", "5"], (await _target.QueryAsync($"SELECT CONCAT(id, IFNULL(v, '')) FROM {_db}.t ORDER BY id")).Select(r => r[0]));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Shards_with_the_same_keys_are_told_apart_by_extracted_columns(ServerKind kind)
    {
        await PrepareAsync(kind,
            "CREATE DATABASE {db}_1", "CREATE DATABASE {db}_2",
            "CREATE TABLE {db}_1.t_é (id INT PRIMARY KEY, v VARCHAR(10))", "CREATE TABLE {db}_2.t_b LIKE {db}_1.t_é",
            "INSERT INTO {db}_1.t_é VALUES (1, 'a'), (2, 'b')", "INSERT INTO {db}_2.t_b VALUES (1, 'c')");
        await OnTargetAsync("CREATE DATABASE {db}", "CREATE TABLE {db}.t (shard VARCHAR(9) CHARACTER SET latin1, v VARCHAR(10), db INT NOT NULL, id INT, more INT DEFAULT 7, PRIMARY KEY (db, shard, id))");

        await RunAsync(Options(Merge() with { ExtractTable = new ColumnExtractor("^t_(.*)$", "shard"), ExtractSchema = new ColumnExtractor("_(\\d+)$", "db") }));

        Assert.Equal(["1é1a7", "1é2b7", "2b1c7"], (await _target.QueryAsync($"SELECT CONCAT(db, CONVERT(shard USING utf8), id, v, more) FROM {_db}.t ORDER BY 1")).Select(r => r[0]));
    }

    [Fact]
    public async Task A_row_with_a_key_that_another_shard_has_stops_the_copy()
    {
        await PrepareAsync(ServerKind.MariaDb,
            "CREATE DATABASE {db}_1", "CREATE TABLE {db}_1.t_a (id INT PRIMARY KEY, v INT)", "CREATE TABLE {db}_1.t_b LIKE {db}_1.t_a",
            "INSERT INTO {db}_1.t_a VALUES (1, 1)", "INSERT INTO {db}_1.t_b VALUES (1, 2)");

        var error = await Assert.ThrowsAsync<TiFerryException>(() => RunAsync(Options(Merge())));

        Assert.Contains("has the same key as another row", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await TargetAsync("SELECT COUNT(*) FROM {db}.t"));
    }

    [Fact]
    public async Task Columns_to_extract_into_have_to_be_there()
    {
        await PrepareAsync(ServerKind.MariaDb, "CREATE DATABASE {db}_1", "CREATE TABLE {db}_1.t_a (id INT PRIMARY KEY)");
        var options = Options(Merge() with { ExtractTable = new ColumnExtractor("_(.*)", "shard") });

        var missing = await Assert.ThrowsAsync<TiFerryException>(() => RunAsync(options));
        Assert.Contains("which the target does not have", missing.Message, StringComparison.Ordinal);

        await OnTargetAsync("CREATE DATABASE IF NOT EXISTS {db}", "CREATE TABLE {db}.t (id INT PRIMARY KEY)");
        var column = await Assert.ThrowsAsync<TiFerryException>(() => RunAsync(options));
        Assert.Contains("`shard`, which the route extracts", column.Message, StringComparison.Ordinal);

        await OnTargetAsync("ALTER TABLE {db}.t ADD COLUMN shard VARCHAR(10) NOT NULL");
        await RunAsync(options);
    }

    [Fact]
    public async Task Merged_tables_without_a_key_need_extracted_columns()
    {
        await PrepareAsync(ServerKind.MariaDb,
            "CREATE DATABASE {db}_1", "CREATE TABLE {db}_1.t_a (v INT)", "CREATE TABLE {db}_1.t_b (v INT)", "INSERT INTO {db}_1.t_a VALUES (1), (1)", "INSERT INTO {db}_1.t_b VALUES (1)");

        var error = await Assert.ThrowsAsync<TiFerryException>(() => RunAsync(Options(Merge())));
        Assert.Contains("could not be told from the others'", error.Message, StringComparison.Ordinal);

        await OnTargetAsync("DROP TABLE {db}.t", "CREATE TABLE {db}.t (v INT, shard VARCHAR(10))");
        await RunAsync(Options(Merge() with { ExtractTable = new ColumnExtractor("_(.*)", "shard") }) with { TaskName = "second" });
        Assert.Equal(["a1", "a1", "b1"], (await _target.QueryAsync($"SELECT CONCAT(shard, v) FROM {_db}.t ORDER BY 1")).Select(r => r[0]));
    }

    [Fact]
    public async Task Views_that_go_to_one_name_must_say_the_same()
    {
        await PrepareAsync(ServerKind.MariaDb,
            "CREATE DATABASE {db}_1", "CREATE DATABASE {db}_2", "CREATE TABLE {db}_1.t_a (id INT PRIMARY KEY, v INT)", "CREATE TABLE {db}_2.t_a LIKE {db}_1.t_a",
            "CREATE VIEW {db}_1.w AS SELECT id FROM {db}_1.t_a", "CREATE VIEW {db}_2.w AS SELECT id FROM {db}_2.t_a");
        RouteRule[] routes = [Merge(), new RouteRule { Name = "views", SchemaPattern = $"{_db}_*", TargetSchema = _db }];

        await RunAsync(Options(routes));
        Assert.Equal("0", await TargetAsync("SELECT COUNT(*) FROM {db}.w"));

        await _source.RunAsync($"CREATE OR REPLACE VIEW {_db}_2.w AS SELECT v FROM {_db}_2.t_a");
        await OnTargetAsync("DROP DATABASE {db}");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => RunAsync(Options(routes) with { TaskName = "second" }));
        Assert.Contains("say different things", error.Message, StringComparison.Ordinal);
    }

    private RouteRule Merge() => new() { Name = "merge", SchemaPattern = $"{_db}_*", TablePattern = "t_*", TargetSchema = _db, TargetTable = "t" };

    private async Task PrepareAsync(ServerKind kind, params string[] statements)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        _source = await servers.SourceAsync(kind);
        _target = await servers.TargetAsync(kind);
        _db = ServerFixture.NewDatabaseName("routed");
        await _source.RunAsync(["SET NAMES utf8mb4", .. statements.Select(s => s.Replace("{db}", _db, StringComparison.Ordinal))]);
    }

    private MigrationOptions Options(params RouteRule[] routes) => new()
    {
        Source = _source.ConnectionOptions,
        Target = _target.ConnectionOptions,
        Mode = MigrationMode.Full,
        Filter = [$"{_db}*.*"],
        Rules = MigrationOptions.NoRules with { Routes = routes },
        TaskName = _db,
        MetaSchema = $"meta_{_db}",
        Threads = 2,
        ChunkRows = 2,
    };

    private static async Task RunAsync(MigrationOptions options)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        Assert.True(await new MigrationTask(options, Log.None).RunAsync(deadline.Token));
    }

    private Task OnTargetAsync(params string[] statements) => _target.RunAsync(statements.Select(s => s.Replace("{db}", _db, StringComparison.Ordinal)));

    private async Task<string?> TargetAsync(string query) =>
        (await _target.QueryAsync(query.Replace("{db}", _db, StringComparison.Ordinal))).FirstOrDefault()?[0];
}
