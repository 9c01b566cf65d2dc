using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Migration.Checks;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Routes;

/// <summary>What the checks say of routes.</summary>
[Collection(Servers.Name)]
public class RouteCheckTests(ServerFixture servers)
{
    private TestServer _source = null!;
    private TestServer _target = null!;
    private string _db = "";

    [Fact]
    public async Task Routes_that_fit_together_pass()
    {
        await PrepareAsync("CREATE TABLE {db}.t_1 (id INT PRIMARY KEY)", "CREATE TABLE {db}.t_2 (id INT PRIMARY KEY)", "CREATE TABLE {db}.left_out (id INT, UNIQUE (id))");

        var report = await CheckAsync(Merge());

        Assert.Equal(0, report.Errors);
        Expect(report, CheckSeverity.Pass, "routes", "2 tables and views get other names; 1 tables of the target are merged");
        Assert.DoesNotContain(report.Results, r => r.Message.Contains("left_out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_routes_for_one_table_are_an_error()
    {
        await PrepareAsync("CREATE TABLE {db}.t_1 (id INT PRIMARY KEY)");

        var report = await CheckAsync(Merge(), Merge() with { Name = "another" });

        Expect(report, CheckSeverity.Error, "routes", "fits more than one route: 'merge', 'another'");
    }

    [Fact]
    public async Task Tables_that_can_t_be_merged_are_named()
    {
        await PrepareAsync(
            "CREATE TABLE {db}.t_1 (id INT PRIMARY KEY, v INT)", "CREATE TABLE {db}.t_2 (id INT PRIMARY KEY, v BIGINT)",
            "CREATE TABLE {db}.n_1 (id INT)", "CREATE TABLE {db}.n_2 (id INT)",
            "CREATE TABLE {db}.a_1 (id INT AUTO_INCREMENT PRIMARY KEY)", "CREATE TABLE {db}.a_2 (id INT AUTO_INCREMENT PRIMARY KEY)",
            "CREATE TABLE {db}.x_1 (id INT PRIMARY KEY)", "CREATE VIEW {db}.x_2 AS SELECT 1 AS id");

        var report = await CheckAsync([.. new[] { "t", "n", "a", "x" }.Select(n => Merge() with { Name = n, TablePattern = $"{n}_*", TargetTable = n })]);

        Expect(report, CheckSeverity.Error, "routes", $"`{_db}`.`t_1` and `{_db}`.`t_2` (column 2: `v` int(11), `v` bigint(20))");
        Expect(report, CheckSeverity.Error, "routes", $"nothing tells their rows apart: `{_db}_new`.`n`");
        Expect(report, CheckSeverity.Error, "routes", $"a table and a view go to the same name: `{_db}_new`.`x`");
        Expect(report, CheckSeverity.Warning, "routes", $"AUTO_INCREMENT keys, whose numbers may be the same in several of them: `{_db}_new`.`a`");
    }

    [Fact]
    public async Task The_target_is_looked_at_under_its_own_names()
    {
        await PrepareAsync("CREATE TABLE {db}.t_1 (id INT PRIMARY KEY, v INT)", "CREATE TABLE {db}.t_2 (id INT PRIMARY KEY, v INT)");
        var routes = Merge() with { ExtractTable = new ColumnExtractor("_(.*)", "shard") };

        Expect(await CheckAsync(routes), CheckSeverity.Error, "routes", $"which the target does not have: `{_db}_new`.`t`");
        await _target.RunAsync($"CREATE DATABASE {_db}_new", $"CREATE TABLE {_db}_new.t (id INT, v INT)", $"CREATE DATABASE {_db}", $"CREATE TABLE {_db}.t_1 (z INT)", $"INSERT INTO {_db}.t_1 VALUES (1)");
        Expect(await CheckAsync(routes), CheckSeverity.Error, "target tables", "column `shard`, which the route extracts from the source's names, is not on the target");
        await _target.RunAsync($"ALTER TABLE {_db}_new.t ADD shard VARCHAR(9), ADD PRIMARY KEY (shard, id)", $"INSERT INTO {_db}_new.t VALUES (1, 1, '9')");
        Assert.Equal(0, (await CheckAsync(routes)).Errors);
        await _target.RunAsync($"INSERT INTO {_db}_new.t VALUES (1, 1, '2')");
        Expect(await CheckAsync(routes), CheckSeverity.Error, "target tables", $"already hold rows: `{_db}_new`.`t`");
    }

    private RouteRule Merge() => new() { Name = "merge", SchemaPattern = _db, TablePattern = "t_*", TargetSchema = $"{_db}_new", TargetTable = "t" };

    private Task<PrecheckReport> CheckAsync(params RouteRule[] routes) => Precheck.RunAsync(new MigrationOptions
    {
        Source = _source.ConnectionOptions,
        Target = _target.ConnectionOptions,
        Rules = MigrationOptions.NoRules with
        {
            BlockAllowList = new BlockAllowListRules { DoSchemas = [_db], IgnoreTables = [new TableNamePattern(_db, "left_*")] },
            Routes = routes,
        },
        TaskName = _db,
    }, default);

    private async Task PrepareAsync(params string[] statements)
    {
        _source = await servers.SourceAsync(ServerKind.MariaDb);
        _target = await servers.TargetAsync(ServerKind.MariaDb);
        _db = ServerFixture.NewDatabaseName("routes");
        await _source.RunAsync([$"CREATE DATABASE {_db}", .. statements.Select(s => s.Replace("{db}", _db, StringComparison.Ordinal))]);
    }

    private static void Expect(PrecheckReport report, CheckSeverity severity, string name, string text) =>
        Assert.True(report.Results.Any(r => r.Severity == severity && r.Name == name && r.Message.Contains(text, StringComparison.Ordinal)),
            $"no {severity} of '{name}' with '{text}' in:\n{string.Join('\n', report.Results)}");
}
