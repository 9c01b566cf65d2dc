using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Ddl;

/// <summary>The corpus is read, printed and read again; servers make the same tables of a statement and of its printed form.</summary>
[Collection(Servers.Name)]
public class CorpusTests(ServerFixture servers)
{
    private const string Missing = "missing";

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [Fact]
    public void Every_statement_is_read_and_printed_alike()
    {
        var count = 0;
        var failures = new List<string>();
        foreach (var statement in CorpusFile.All())
        {
            foreach (var server in statement.Servers)
            {
                var dialect = new SqlDialect(server.Flavour, Math.Min(server.Last, Newest(server.Flavour)), statement.Mode);
                count++;
                try
                {
                    var tree = DdlParser.Parse(Encoding.UTF8.GetBytes(statement.Sql), dialect);
                    var printed = DdlPrinter.Print(tree, dialect);
                    var again = DdlParser.Read(printed, dialect);
                    if (again is UnknownStatement unknown || !again.Equals(tree))
                        failures.Add($"{statement.Sql}\n  printed: {Encoding.UTF8.GetString(printed)}\n  {(again as UnknownStatement)?.Error}");
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    failures.Add($"{statement.Sql}\n  {error.Message}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.InRange(count, 500, int.MaxValue);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Printed_statements_do_the_same(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var probe = await server.ConnectAsync();
        var dialect = SqlDialect.Of(probe.Server);
        var failures = new List<string>();
        foreach (var section in CorpusFile.All().Where(s => s.IsRun && s.IsFor(dialect)).GroupBy(s => s.Section, StringComparer.Ordinal))
            await RunSectionAsync(server, dialect, [.. section], failures);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static int Newest(ServerFlavour flavour) => flavour switch
    {
        ServerFlavour.MySql => SqlDialect.MySql.Version,
        ServerFlavour.MariaDb => SqlDialect.MariaDb.Version,
        _ => 80511,
    };

    private static async Task RunSectionAsync(TestServer server, SqlDialect dialect, IReadOnlyList<CorpusStatement> statements, List<string> failures)
    {
        var left = ServerFixture.NewDatabaseName("corpus");
        var right = ServerFixture.NewDatabaseName("corpus");
        await server.RunAsync($"CREATE DATABASE {left} CHARACTER SET utf8mb4", $"CREATE DATABASE {right} CHARACTER SET utf8mb4");
        await using var original = await server.ConnectAsync(left);
        await using var printed = await server.ConnectAsync(right);
        var mode = SqlModes.ToNames(statements[0].Mode, dialect.Flavour);
        foreach (var session in new[] { original, printed })
            await session.ExecuteAsync($"SET SESSION sql_mode = '{mode}'", CancellationToken.None);
        var sectionDialect = dialect with { Mode = statements[0].Mode };
        foreach (var statement in statements)
        {
            if (await FailureOfAsync(original, statement.Sql) is { } failure)
            {
                failures.Add($"{statement.Section}: {statement.Sql}\n  {failure}");
                continue;
            }

            var tree = DdlParser.Parse(Encoding.UTF8.GetBytes(statement.Sql), sectionDialect);
            var text = Encoding.UTF8.GetString(DdlPrinter.Print(tree, sectionDialect));
            if (await FailureOfAsync(printed, text) is { } printedFailure)
            {
                failures.Add($"{statement.Section}: printed {text}\n  {printedFailure}");
                continue;
            }

            foreach (var name in tree.Objects.Where(_ => tree.Kind.IsTableChange))
            {
                var (before, after) = (await ShowAsync(original, name), await ShowAsync(printed, name));
                if (before != Missing && DdlParser.Read(Encoding.UTF8.GetBytes(before), sectionDialect) is not CreateTable)
                    failures.Add($"{statement.Section}: the server's definition can't be read: {before}");
                if (before.Replace(left, right, StringComparison.Ordinal) != after)
                    failures.Add($"{statement.Section}: {statement.Sql}\n  printed {text}\n{before}\n{after}");
            }
        }

        await server.RunAsync($"DROP DATABASE {left}", $"DROP DATABASE {right}");
    }

    private static async Task<string?> FailureOfAsync(MySqlConnection session, string sql)
    {
        try
        {
            await session.QueryRowsAsync(sql, CancellationToken.None);
            return null;
        }
        catch (MySqlServerException error)
        {
            return error.Message;
        }
    }

    private static async Task<string> ShowAsync(MySqlConnection session, ObjectName name)
    {
        try
        {
            return (await session.QueryRowsAsync($"SHOW CREATE TABLE {name}", CancellationToken.None))[0][1]!;
        }
        catch (MySqlServerException error) when (error.Code == 1146)
        {
            return Missing;
        }
    }
}
