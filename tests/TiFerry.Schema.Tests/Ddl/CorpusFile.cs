using System.Globalization;
using TiFerry.MySql;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Ddl;

/// <summary>A statement of the corpus and how to run it.</summary>
/// <param name="Sql">The text.</param>
/// <param name="Section">Statements of a section build on each other.</param>
/// <param name="Servers">Who runs it: flavour, first and last version.</param>
/// <param name="Mode">The sql_mode it is written for.</param>
/// <param name="IsRun">Whether a server can run it just so.</param>
public sealed record CorpusStatement(string Sql, string Section, IReadOnlyList<CorpusServer> Servers, SqlMode Mode, bool IsRun)
{
    public bool IsFor(SqlDialect dialect) => Servers.Any(s => s.Flavour == dialect.Flavour && s.First <= dialect.Version && dialect.Version <= s.Last);

    public override string ToString() => Sql;
}

/// <summary>A range of versions, both ends included.</summary>
public sealed record CorpusServer(ServerFlavour Flavour, int First, int Last);

/// <summary>
/// Reads <c>Corpus/*/*.sql</c>. A statement ends with a semicolon at the end of a line. Lines with directives:
/// <c>-- section: title</c> begins a new, empty database; <c>-- servers: mysql 8.0+, mariadb 10.6-10.11</c> says who runs what follows;
/// <c>-- mode: ANSI_QUOTES</c> sets the section's sql_mode; <c>-- parse only</c> leaves the run out for the rest of the section.
/// </summary>
public static class CorpusFile
{
    private const int NoLimit = int.MaxValue;

    public static IEnumerable<CorpusStatement> All() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Ddl", "Corpus"), "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(Read);

    private static IEnumerable<CorpusStatement> Read(string path)
    {
        var section = "";
        IReadOnlyList<CorpusServer> servers = [];
        var mode = SqlMode.None;
        var isRun = true;
        var statement = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            if (statement.Count == 0 && Directive(line, "section") is { } title)
                (section, mode, isRun) = ($"{Path.GetFileNameWithoutExtension(path)}: {title}", SqlMode.None, true);
            else if (statement.Count == 0 && Directive(line, "servers") is { } names)
                servers = [.. names.Split(',').Select(Server)];
            else if (statement.Count == 0 && Directive(line, "mode") is { } modes)
                mode = SqlModes.Parse(modes, ServerFlavour.MariaDb);
            else if (statement.Count == 0 && line == "-- parse only")
                isRun = false;
            else if (statement.Count > 0 || (line.Length > 0 && !line.StartsWith("-- ", StringComparison.Ordinal)))
                statement.Add(line);
            if (statement.Count == 0 || !line.EndsWith(';'))
                continue;
            yield return new CorpusStatement(string.Join('\n', statement)[..^1], section, servers, mode, isRun);
            statement.Clear();
        }
    }

    private static string? Directive(string line, string name) =>
        line.StartsWith($"-- {name}: ", StringComparison.Ordinal) ? line[(name.Length + 5)..] : null;

    // "mysql 8.0+", "mariadb 10.6-10.11"
    private static CorpusServer Server(string text)
    {
        var words = text.Trim().Split(' ');
        var flavour = words[0] switch { "mysql" => ServerFlavour.MySql, "mariadb" => ServerFlavour.MariaDb, _ => ServerFlavour.TiDb };
        var range = words[1].TrimEnd('+').Split('-');
        return new CorpusServer(flavour, Version(range[0], 0), range.Length > 1 ? Version(range[1], 99) : NoLimit);
    }

    private static int Version(string text, int missing)
    {
        var parts = text.Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return (parts[0] * 10_000) + (parts[1] * 100) + (parts.Length > 2 ? parts[2] : missing);
    }
}
