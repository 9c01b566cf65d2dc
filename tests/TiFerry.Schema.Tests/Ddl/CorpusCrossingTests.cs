using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Ddl;

/// <summary>Whatever one server runs of the corpus, another runs after the rewriting and has the same columns then; or the rewriting stops with a reason.</summary>
[Collection(Servers.Name)]
public class CorpusCrossingTests(ServerFixture servers)
{
    [SkippableTheory]
    [InlineData(ServerKind.MySql97, ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97, ServerKind.MySql56)]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql97)]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql56)]
    [InlineData(ServerKind.MySql56, ServerKind.MySql97)]
    public async Task Rewritten_statements_run_on_the_other_server(ServerKind sourceKind, ServerKind targetKind)
    {
        var source = await servers.SourceAsync(sourceKind);
        var target = await servers.SourceAsync(targetKind);
        await using var from = await source.ConnectAsync();
        await using var to = await target.ConnectAsync();
        var rewriting = await TargetDialect.CreateAsync(from.Server, to, CancellationToken.None);
        var failures = new List<string>();
        var stops = new List<string>();
        foreach (var section in CorpusFile.All().Where(s => s.IsRun && s.IsFor(SqlDialect.Of(from.Server))).GroupBy(s => s.Section, StringComparer.Ordinal))
        {
            var run = new SectionRun(from, to, rewriting, SqlDialect.Of(from.Server, section.First().Mode), failures, stops);
            await run.RunAsync([.. section]);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.All(stops, s => Assert.Contains("the target (", s, StringComparison.Ordinal));
    }

    private sealed class SectionRun(MySqlConnection source, MySqlConnection target, TargetDialect rewriting, SqlDialect dialect, List<string> failures, List<string> stops)
    {
        private readonly string _database = ServerFixture.NewDatabaseName("crossing");

        // Tables that a stopped statement left in another state; what is about them can't be compared any more.
        private readonly HashSet<string> _lost = new(StringComparer.OrdinalIgnoreCase);

        public async Task RunAsync(IReadOnlyList<CorpusStatement> statements)
        {
            foreach (var session in new[] { source, target })
            {
                await session.RunAsync($"CREATE DATABASE {_database} CHARACTER SET utf8mb4", $"USE {_database}");
                await session.RunAsync($"SET SESSION sql_mode = '{SqlModes.ToNames(dialect.Mode & ~SqlMode.Oracle, session.Server.Flavour)}'");
            }

            await target.RunAsync("SET SESSION foreign_key_checks = 0");

            foreach (var statement in statements)
                await RunAsync(statement);
            foreach (var session in new[] { source, target })
                await session.RunAsync($"DROP DATABASE {_database}");
        }

        private async Task RunAsync(CorpusStatement statement)
        {
            await source.RunAsync($"SET SESSION sql_mode = '{SqlModes.ToNames(dialect.Mode, source.Server.Flavour)}'");
            await source.QueryRowsAsync(statement.Sql, CancellationToken.None);
            var sql = Encoding.UTF8.GetBytes(statement.Sql);
            var tree = DdlParser.Read(sql, dialect);
            if (!tree.Kind.IsTableChange || tree.IsTemporary || tree.Kind == StatementKind.CreateTableSelect || tree.References.Any(r => _lost.Contains(r.Name.Name)))
            {
                _lost.UnionWith(tree.Objects.Select(o => o.Name));
                return;
            }

            try
            {
                foreach (var piece in rewriting.RewriteStatement(sql, dialect.Mode))
                    await RunOnTargetAsync(statement, Encoding.UTF8.GetString(piece));
                foreach (var name in tree.Objects.Where(o => !_lost.Contains(o.Name)))
                    await CompareAsync(statement, name.Name);
            }
            catch (TiFerryException stop)
            {
                stops.Add($"{statement.Sql}: {stop.Message}");
                _lost.UnionWith(tree.Objects.Select(o => o.Name));
            }
        }

        private async Task RunOnTargetAsync(CorpusStatement statement, string sql)
        {
            try
            {
                await target.QueryRowsAsync(sql, CancellationToken.None);
            }
            catch (MySqlServerException error)
            {
                // What IF [NOT] EXISTS made of no effect on the source is an error where the target has no such clause.
                if (!statement.Sql.Contains(" IF ", StringComparison.Ordinal))
                    failures.Add($"{statement.Section}: {statement.Sql}\n  {sql}\n  {error.Message}");
                _lost.UnionWith(DdlParser.Read(Encoding.UTF8.GetBytes(statement.Sql), dialect).Objects.Select(o => o.Name));
            }
        }

        private async Task CompareAsync(CorpusStatement statement, string table)
        {
            var (before, after) = (await ColumnsAsync(source, table), await ColumnsAsync(target, table));
            if (before != after)
                failures.Add($"{statement.Section}: {statement.Sql}\n  {before}\n  {after}");
        }

        // What the servers name alike.
        private async Task<string> ColumnsAsync(MySqlConnection session, string table)
        {
            var rows = await session.QueryRowsAsync(
                "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_SET_NAME FROM information_schema.COLUMNS "
                + $"WHERE TABLE_SCHEMA = '{_database}' AND TABLE_NAME = '{table.Replace("'", "''", StringComparison.Ordinal)}' ORDER BY ORDINAL_POSITION", CancellationToken.None);
            return string.Join(", ", rows.Select(r => string.Join('/', r).Replace("utf8mb3", "utf8", StringComparison.Ordinal).Replace("geomcollection", "geometrycollection", StringComparison.Ordinal)
                .Replace("/json////", "/longtext/4294967295///utf8mb4", StringComparison.Ordinal)));
        }
    }
}
