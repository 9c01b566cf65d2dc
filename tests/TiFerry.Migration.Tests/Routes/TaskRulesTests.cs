using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.Rules;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Routes;

/// <summary>What of a task's rules may change between runs, and what filters mean for its verification.</summary>
[Collection(Servers.Name)]
public class TaskRulesTests(ServerFixture servers)
{
    private TestServer _source = null!;
    private TestServer _target = null!;
    private string _db = "";

    [Fact]
    public async Task Rules_that_say_what_goes_where_stay_and_others_may_change()
    {
        var options = await PrepareAsync("CREATE TABLE {db}.t (id INT PRIMARY KEY)", "CREATE TABLE {db}.u (id INT PRIMARY KEY)", "INSERT INTO {db}.t VALUES (1)");
        var rules = MigrationOptions.NoRules with
        {
            BlockAllowList = new BlockAllowListRules { DoTables = [new TableNamePattern(_db, "t")] },
            Routes = [new RouteRule { Name = "r", SchemaPattern = _db, TargetSchema = $"{_db}_new" }],
        };
        await RunAsync(options with { Rules = rules });
        await RunAsync(options with { Rules = rules with { Syncer = new SyncerSettings { WorkerCount = 2 } } });

        foreach (var other in (SyncRules[])[MigrationOptions.NoRules, rules with { Routes = [] }, rules with { BlockAllowList = null }, rules with { CaseSensitive = true }, rules with { OnlineDdl = new() }])
        {
            var error = await Assert.ThrowsAsync<TiFerryException>(() => RunAsync(options with { Rules = other }));
            Assert.Equal(ConfigErrors.TaskDiffers, error.Code);
            Assert.Contains("began with rules", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("t", Assert.Single(await _target.QueryAsync($"SHOW TABLES FROM {_db}_new"))[0]);
    }

    [Fact]
    public async Task A_source_id_is_asked_for_where_columns_are_extracted_from_it()
    {
        var options = await PrepareAsync("CREATE TABLE {db}.t (id INT PRIMARY KEY)", "INSERT INTO {db}.t VALUES (1)");
        options = options with
        {
            Rules = MigrationOptions.NoRules with
            {
                Routes = [new RouteRule { Name = "r", SchemaPattern = _db, TargetSchema = $"{_db}_new", ExtractSource = new ColumnExtractor("(.*)", "src") }],
            },
        };
        Assert.Contains("--source-id", Assert.Throws<TiFerryException>(() => new MigrationTask(options, Log.None)).Message, StringComparison.Ordinal);

        await _target.RunAsync($"CREATE DATABASE {_db}_new", $"CREATE TABLE {_db}_new.t (src VARCHAR(20), id INT, PRIMARY KEY (src, id))");
        await RunAsync(options with { SourceId = "mysql-replica-01" });

        Assert.Equal("mysql-replica-01", (await _target.QueryAsync($"SELECT src FROM {_db}_new.t"))[0][0]);
    }

    [Fact]
    public async Task Tables_that_filters_keep_from_being_equal_are_not_verified()
    {
        var options = await PrepareAsync("CREATE TABLE {db}.t_1 (id INT PRIMARY KEY)", "CREATE TABLE {db}.t_2 (id INT PRIMARY KEY)", "CREATE TABLE {db}.u (id INT PRIMARY KEY)", "CREATE TABLE {db}.ddl (id INT PRIMARY KEY)");
        await RunAsync(options);
        options = options with
        {
            Rules = MigrationOptions.NoRules with
            {
                Filters =
                [
                    new BinlogEventRule { Name = "f", SchemaPattern = _db, TablePattern = "t_2", Events = ["delete"], Action = FilterAction.Ignore },
                    new BinlogEventRule { Name = "d", SchemaPattern = _db, TablePattern = "ddl", Events = ["add column"], Action = FilterAction.Ignore },
                ],
                ExpressionFilters = [new ExpressionRule(_db, "u", InsertValueExpr: "id < 5")],
            },
        };

        var (verified, left) = await VerifyAsync(options);
        Assert.Equal(["ddl", "t_1"], verified);
        Assert.Equal(["t_2: a binlog event filter that leaves out changes of rows", "u: an expression filter"], left);

        await _target.RunAsync($"CREATE TABLE {_db}.t (id INT PRIMARY KEY)");
        (verified, left) = await VerifyAsync(options with
        {
            Rules = options.Rules with { Routes = [new RouteRule { Name = "m", SchemaPattern = _db, TablePattern = "t_*", TargetSchema = _db, TargetTable = "t" }] },
        });
        Assert.Equal(["ddl"], verified);
        Assert.Equal(3, left.Count);
        Assert.StartsWith($"t_1: `{_db}`.`t_2`, which goes to the same table, has", left[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_online_schema_changes_are_left_out()
    {
        var options = await PrepareAsync("CREATE TABLE {db}.t (id INT PRIMARY KEY)", "CREATE TABLE {db}._t_del (id INT PRIMARY KEY)");

        await RunAsync(options with { Rules = new SyncRules() });

        Assert.Equal("t", Assert.Single(await _target.QueryAsync($"SHOW TABLES FROM {_db}"))[0]);
        Assert.Equal(["t"], (await VerifyAsync(options with { Rules = new SyncRules() })).Verified);
    }

    private static async Task<(List<string> Verified, List<string> LeftOut)> VerifyAsync(MigrationOptions options)
    {
        var progress = new MigrationProgress();
        var result = await Verification.RunAsync(options, progress, Log.None, default);
        Assert.True(result.IsEqual, string.Join('\n', result.Differences));
        return ([.. result.Tables.Select(t => t.Table.Source.Name)], [.. progress.NotVerified.Select(t => $"{t.Name.Name}: {t.Reason}").Order(StringComparer.Ordinal)]);
    }

    private async Task<MigrationOptions> PrepareAsync(params string[] statements)
    {
        _source = await servers.SourceAsync(ServerKind.MariaDb);
        _target = await servers.TargetAsync(ServerKind.MariaDb);
        _db = ServerFixture.NewDatabaseName("rules");
        await _source.RunAsync([$"CREATE DATABASE {_db}", .. statements.Select(s => s.Replace("{db}", _db, StringComparison.Ordinal))]);
        return new MigrationOptions
        {
            Source = _source.ConnectionOptions,
            Target = _target.ConnectionOptions,
            Mode = MigrationMode.Full,
            Filter = [$"{_db}.*"],
            TaskName = _db,
            MetaSchema = $"meta_{_db}",
        };
    }

    private static async Task RunAsync(MigrationOptions options)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.True(await new MigrationTask(options, Log.None).RunAsync(deadline.Token));
    }
}
