using System.Text;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Ddl;

[Collection(Servers.Name)]
public class TargetDialectTests(ServerFixture servers)
{
    /// <summary>What a source leaves to its defaults must not become the target's defaults.</summary>
    [SkippableTheory]
    [InlineData(ServerKind.MySql56, ServerKind.MySql97, "utf8mb4_general_ci", "utf8mb3_general_ci")]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql97, "utf8mb4_general_ci", "utf8mb3_general_ci")]
    [InlineData(ServerKind.MySql97, ServerKind.MariaDb, "utf8mb4_uca1400_nopad_ai_ci", "utf8mb3_general_ci")]
    [InlineData(ServerKind.MySql97, ServerKind.MySql56, "utf8mb4_unicode_520_ci", "utf8_general_ci")]
    [InlineData(ServerKind.MySql56, ServerKind.MariaDb, "utf8mb4_general_ci", "utf8mb3_general_ci")]
    public async Task Default_collations_cross_over(ServerKind sourceKind, ServerKind targetKind, string ofTable, string ofColumn)
    {
        const string Definition = "CREATE TABLE t (a VARCHAR(9), b VARCHAR(9) CHARACTER SET utf8) CHARSET=utf8mb4";
        var database = ServerFixture.NewDatabaseName("dialect");
        var source = await servers.SourceAsync(sourceKind);
        var target = await servers.SourceAsync(targetKind);
        await source.RunAsync($"CREATE DATABASE {database}");
        await target.RunAsync($"CREATE DATABASE {database}");
        await using var from = await source.ConnectAsync(database);
        await using var to = await target.ConnectAsync(database);
        var dialect = await TargetDialect.CreateAsync(from.Server, to, CancellationToken.None);

        await from.RunAsync(Definition);
        var shown = (await from.QueryRowsAsync("SHOW CREATE TABLE t", CancellationToken.None))[0][1]!;
        var rewritten = new[] { dialect.RewriteDefinition(shown).Text, Encoding.UTF8.GetString(Assert.Single(dialect.RewriteStatement(Encoding.UTF8.GetBytes(Definition), SqlMode.None))) };
        foreach (var statement in rewritten)
        {
            await to.RunAsync("DROP TABLE IF EXISTS t", statement);
            var collations = await to.QueryRowsAsync(
                $"SELECT COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{database}' AND TABLE_NAME = 't' ORDER BY ORDINAL_POSITION", CancellationToken.None);
            Assert.Equal((statement, ofTable, ofColumn), (statement, collations[0][0], collations[1][0]));
        }
    }
}
