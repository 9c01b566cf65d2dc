using System.Runtime.CompilerServices;
using System.Text;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Tracking;

/// <summary>Runs the sequences of <c>Corpus</c> on real servers and on the tracker; the format is explained in the first lines of each file.</summary>
[Collection(Servers.Name)]
public sealed class TrackerCorpusTests(ServerFixture servers)
{
    public static TheoryData<ServerKind, string> Files
    {
        get
        {
            var data = new TheoryData<ServerKind, string>();
            foreach (var file in Directory.EnumerateFiles(Folder(), "*.sql").Select(Path.GetFileName).Order(StringComparer.Ordinal))
            {
                data.Add(ServerKind.MariaDb, file!);
                data.Add(ServerKind.MySql56, file!);
                data.Add(ServerKind.MySql97, file!);
            }

            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public async Task The_tracker_has_what_the_server_has(ServerKind kind, string file)
    {
        var server = await servers.TargetAsync(kind);
        var report = new StringBuilder();
        var cases = Cases(await File.ReadAllTextAsync(Path.Combine(Folder(), file)), kind).ToList();
        Assert.NotEmpty(cases);
        foreach (var statements in cases)
        {
            await using var tracked = await TrackedServer.OpenAsync(server, ServerFixture.NewDatabaseName("trk"));
            foreach (var sql in statements.Select(s => s.Replace("${db}", tracked.Schema, StringComparison.Ordinal).Replace("$db", tracked.Schema, StringComparison.Ordinal)))
            {
                var difference = await tracked.RunAsync(sql);
                if (difference is null)
                    report.AppendLine($"## {sql}\nthe server: {tracked.ServerError}");
                else if (difference.Length > 0)
                    report.AppendLine($"## {sql}\n{difference}");
            }

            if (await tracked.RecreateAsync() is { Length: > 0 } broken)
                report.AppendLine($"## at the end of the case with {statements[0]}\n{broken}");
        }

        Assert.True(report.Length == 0, $"{kind} {file}\n{report}");
    }

    // A line "-- case" begins a new database. A statement ends with a semicolon at the end of a line; "@mysql97,mariadb " in front of it names the servers that take it.
    private static IEnumerable<List<string>> Cases(string text, ServerKind kind)
    {
        foreach (var part in text.Split("-- case", StringSplitOptions.None).Skip(1))
        {
            var statements = part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..].Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(s => !s.StartsWith("--", StringComparison.Ordinal))
                .Select(s => For(s, kind)).OfType<string>().ToList();
            if (statements.Count > 0)
                yield return statements;
        }
    }

    private static string? For(string statement, ServerKind kind)
    {
        if (!statement.StartsWith('@'))
            return statement;
        var space = statement.IndexOf(' ', StringComparison.Ordinal);
        var names = statement[1..space].Split(',');
        var isMine = names.Contains(kind.ToString(), StringComparer.OrdinalIgnoreCase) || (kind != ServerKind.MariaDb && names.Contains("mysql", StringComparer.Ordinal));
        return isMine ? statement[(space + 1)..] : null;
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Corpus");
}
