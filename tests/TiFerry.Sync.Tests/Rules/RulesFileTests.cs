using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Rules;

namespace TiFerry.Sync.Tests.Rules;

public sealed class RulesFileTests
{
    [Fact]
    public void An_empty_file_gives_the_defaults_of_DM()
    {
        var rules = Read("# no rules\n");

        Assert.False(rules.CaseSensitive);
        Assert.Null(rules.CompileSelector());
        Assert.Empty(rules.Routes);
        Assert.Empty(rules.Filters);
        Assert.Empty(rules.ExpressionFilters);
        Assert.True(rules.OnlineDdl.IsOn);
        Assert.Equal(OnlineTableKind.Shadow, rules.OnlineDdl.Compile()!.KindOf("_t_gho"));
        Assert.Null(rules.Syncer);
        Assert.Equal(new SyncerSettings(), Read("syncers: {global: {}}").Syncer);
        Assert.Equal(16, new SyncerSettings().WorkerCount);
    }

    [Fact]
    public void All_sections()
    {
        var rules = Read("""
            case-sensitive: true
            online-ddl: true
            shadow-table-rules: ["^_(.+)_(?:pcnew)$"]
            trash-table-rules: ["^_(.+)_(?:pcold)$"]
            routes:
              route-rule-1:
                schema-pattern: "test_*"
                table-pattern: "t_*"
                target-schema: "test"
                target-table: "t"
                extract-table:
                  table-regexp: "t_(.*)"
                  target-column: "c_table"
                extract-schema:
                  schema-regexp: "test_(.*)"
                  target-column: "c_schema"
                extract-source:
                  source-regexp: "(.*)"
                  target-column: "c_source"
              route-rule-2:
                schema-pattern: "test_*"
                target-schema: "test"
            filters:
              filter-rule-1:
                schema-pattern: "test_*"
                table-pattern: "t_*"
                events: ["truncate table", "drop table"]
                sql-pattern: ["^DROP\\s+PROCEDURE"]
                action: Ignore
            expression-filter:
              even_c:
                schema: "expr_filter"
                table: "tbl"
                insert-value-expr: "c % 2 = 0"
            block-allow-list:
              bw-rule-1:
                do-dbs: ["~^test.*", "user"]
                ignore-dbs: ["mysql", "account"]
                do-tables:
                - db-name: "~^test.*"
                  tbl-name: "~^t.*"
                - db-name: "user"
                  tbl-name: "information"
                ignore-tables: [{db-name: user, tbl-name: log}]
            syncers:
              global:
                worker-count: 8
                batch: 200
                checkpoint-flush-interval: 10
                compact: true
                multiple-rows: yes
                enable-ansi-quotes: true
            """);

        Assert.True(rules.CaseSensitive);
        Assert.Equal("route-rule-1 route-rule-2", string.Join(' ', rules.Routes.Select(r => r.Name)));
        Assert.Equal(new ColumnExtractor("t_(.*)", "c_table"), rules.Routes[0].ExtractTable);
        Assert.Equal([new("c_table", "1"), new("c_schema", "2"), new("c_source", "s")], rules.CompileRouter("s").Route("test_2", "t_1").Extracted);
        Assert.Equal(FilterAction.Ignore, rules.CompileFilter().Decide("test_1", "t_1", BinlogEventKind.DropTable, "DROP TABLE t_1"));
        Assert.Equal(new ExpressionRule("expr_filter", "tbl", "c % 2 = 0"), Assert.Single(rules.ExpressionFilters));
        var selector = rules.CompileSelector()!;
        Assert.True(selector.MatchTable("test_1", "t_1"));
        Assert.False(selector.MatchTable("test_1", "T_1"));
        Assert.False(selector.MatchTable("user", "log"));
        Assert.Equal([new TableNamePattern("user", "log")], rules.BlockAllowList!.IgnoreTables);
        Assert.Equal(OnlineTableKind.Trash, rules.OnlineDdl.Compile()!.KindOf("_t_pcold"));
        Assert.Equal(
            new SyncerSettings { WorkerCount = 8, Batch = 200, CheckpointFlushInterval = TimeSpan.FromSeconds(10), Compact = true, MultipleRows = true, SafeModeDuration = TimeSpan.FromSeconds(20) },
            rules.Syncer);
        Assert.Contains("rules.yaml:52:25: 'syncers.global.enable-ansi-quotes' does nothing", Assert.Single(rules.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void The_old_name_of_the_block_allow_list() =>
        Assert.Equal(["a"], Read("black-white-list: {r: {do-dbs: [a]}}").BlockAllowList!.DoSchemas);

    [Theory]
    [InlineData("online-ddl: false", false)]
    [InlineData("online-ddl: false\nonline-ddl-scheme: pt", true)]
    [InlineData("online-ddl-scheme: gh-ost", true)]
    public void Online_ddl(string text, bool isOn) => Assert.Equal(isOn, Read(text).OnlineDdl.Compile() is not null);

    [Theory]
    [InlineData("route: {}", "rules.yaml:1:8: 'route': there is no such key here")]
    [InlineData("routes:\n  r: {schema-patern: a}", "rules.yaml:2:22: 'routes.r.schema-patern': there is no such key here")]
    [InlineData("routes:\n  r: {schema-pattern: a}", "rules.yaml:2:6: 'routes.r': the route 'r' can't be used: target-schema is empty")]
    [InlineData("routes:\n  r: {schema-pattern: 'a*b', target-schema: c}", "rules.yaml:2:6: 'routes.r': the route 'r' can't be used: schema-pattern 'a*b'")]
    [InlineData("filters:\n  f: {schema-pattern: a, events: [drop]}", "rules.yaml:2:6: 'filters.f': it has no action")]
    [InlineData("filters:\n  f: {schema-pattern: a, action: do}", "rules.yaml:2:34: 'filters.f.action': there is no action 'do'")]
    [InlineData("filters:\n  f: {schema-pattern: a, action: Do, events: [drop]}", "'filters.f': the binlog event filter 'f' can't be used: there is no event 'drop'")]
    [InlineData("block-allow-list: {a: {}, b: {}}", "rules.yaml:1:19: 'block-allow-list': it has 2 entries: a, b")]
    [InlineData("block-allow-list: {a: {do-tables: [{db-name: x}]}}", "'block-allow-list.a': the pattern '' in do-tables")]
    [InlineData("block-allow-list: {a: {do-dbs: x}}", "rules.yaml:1:32: 'block-allow-list.a.do-dbs': 'x' stands where a list is expected")]
    [InlineData("expression-filter: {e: {schema: s}}", "'expression-filter.e': table is empty")]
    [InlineData("expression-filter: {e: {schema: s, table: t, insert-value-expr: a, delete-value-expr: b}}", "more than one of insert, update and delete")]
    [InlineData("online-ddl-scheme: osc", "rules.yaml:1:20: 'online-ddl-scheme': there is no scheme 'osc'")]
    [InlineData("shadow-table-rules: ['_(a)(b)']", "'shadow-table-rules': the regular expression '_(a)(b)' of shadow-table-rules can't be used: it needs exactly one group")]
    [InlineData("syncers: {g: {worker-count: 0}}", "rules.yaml:1:29: 'syncers.g.worker-count': 0 is out of range")]
    [InlineData("syncers: {g: {safe-mode-duration: 1x}}", "'1x' is no duration")]
    [InlineData("syncers: {g: {safe-mode: true, safe-mode-duration: 0s}}", "safe-mode is on and safe-mode-duration is 0s")]
    public void What_cannot_be_is_refused_with_its_place(string text, string message) =>
        Assert.Contains(message, Assert.Throws<TiFerryException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static SyncRules Read(string text) => RulesFile.Read(YamlFile.Parse("rules.yaml", text));
}
