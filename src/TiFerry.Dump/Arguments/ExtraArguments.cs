using System.Buffers;
using System.Globalization;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump.Consistency;

namespace TiFerry.Dump.Arguments;

/// <summary>
/// <c>extra-args</c> of DM's <c>mydumpers</c> section: flags of Dumpling, of which DM takes those below. A flag that is not known, or that can't be obeyed, is an
/// error, never passed over.
/// </summary>
public static class ExtraArguments
{
    private const long MiB = 1024 * 1024;
    private static readonly SearchValues<char> NumberSigns = SearchValues.Create("0123456789.");

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["B"] = "database",
        ["T"] = "tables-list",
        ["t"] = "threads",
        ["F"] = "filesize",
        ["s"] = "statement-size",
        ["W"] = "no-views",
        ["r"] = "rows",
        ["f"] = "filter",
    };

    /// <summary>Reads the flags.</summary>
    /// <param name="options">What the other settings say; <c>--filter</c> and <c>--tables-list</c> take the place of their tables, as in DM.</param>
    /// <param name="arguments">The text; values with spaces stand in quotes.</param>
    /// <param name="caseSensitive">Whether letter case counts in <c>--filter</c>.</param>
    /// <param name="log">Told of flags that need not be obeyed.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>: names the flag and those that are known.</exception>
    public static DumpOptions Apply(DumpOptions options, string arguments, bool caseSensitive, Log log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(log);
        var filters = new List<string>();
        var tables = new List<string>();
        var databases = new List<string>();
        var noLocks = false;
        DumpConsistency? consistency = null;
        foreach (var (flag, value) in Flags(Words(arguments)))
        {
            switch (flag)
            {
                case "database":
                    databases.AddRange(value.Split(','));
                    break;
                case "tables-list":
                    tables.AddRange(value.Split(','));
                    break;
                case "filter":
                    filters.Add(value);
                    break;
                case "threads":
                    options = options with { Threads = (int)Number(flag, value, 1, 1024) };
                    break;
                case "rows":
                    options = options with { Rows = (int)Number(flag, value, 0, int.MaxValue) };
                    break;
                case "filesize":
                    options = options with { FileBytes = FileSize(value) };
                    break;
                case "statement-size":
                    options = options with { StatementBytes = Number(flag, value, 0, 1 << 30) };
                    break;
                case "where":
                    options = options with { Where = value };
                    break;
                case "no-views":
                    options = options with { Views = !Boolean(flag, value) };
                    break;
                case "consistency":
                    consistency = ConsistencyOf(value);
                    break;
                case "no-locks":
                    noLocks = Boolean(flag, value);
                    break;
                case "skip-tz-utc":
                    log.Info("--skip-tz-utc has no effect: time stamps are dumped in UTC, and every file says so");
                    break;
                case "escape-backslash" or "transactional-consistency":
                    if (!Boolean(flag, value))
                        throw Bad($"--{flag}=false is not supported", "leave it out");
                    break;
                default:
                    throw Bad($"--{flag} is not supported", flag == "snapshot" ? "leave it out: only TiDB keeps the past to read from" : Known);
            }
        }
        if (noLocks && consistency is not (null or DumpConsistency.Auto or DumpConsistency.None))
            throw Bad("--no-locks and --consistency contradict each other", "leave one of them out");
        if (noLocks || consistency is not null)
            options = options with { Consistency = noLocks ? DumpConsistency.None : consistency!.Value };
        return WithTables(options, filters, tables, databases, caseSensitive);
    }

    /// <summary>A file size as <c>chunk-filesize</c> and <c>-F</c> give it.</summary>
    /// <param name="text">A number of MiB, or a number with a unit: <c>64</c>, <c>64MB</c>, <c>1GiB</c>; empty for no limit. Units count in steps of 1024.</param>
    /// <returns>Bytes; 0 for no limit.</returns>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>.</exception>
    public static long FileSize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.Length == 0)
            return 0;
        var unitAt = text.AsSpan().IndexOfAnyExcept(NumberSigns);
        var number = unitAt < 0 ? text : text[..unitAt];
        var scale = (unitAt < 0 ? "M" : text[unitAt..].Trim().ToUpperInvariant().TrimEnd('B').TrimEnd('I')) switch
        {
            "" => 1L,
            "K" => 1024L,
            "M" => MiB,
            "G" => 1024 * MiB,
            "T" => 1024 * 1024 * MiB,
            _ => 0L,
        };
        if (scale == 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value * scale > long.MaxValue / 2)
            throw Bad($"'{text}' is no file size", "write a number of MiB, or a number with a unit, as in 64MiB");
        return (long)(value * scale);
    }

    private static DumpOptions WithTables(DumpOptions options, List<string> filters, List<string> tables, List<string> databases, bool caseSensitive)
    {
        if (filters.Count > 0 && tables.Count > 0)
            throw Bad("--tables-list and --filter can't stand together", "say all with --filter");
        if (filters.Count > 0)
            options = options with { Tables = TableFilter.Parse(filters, caseSensitive) };
        if (tables.Count > 0)
        {
            var names = tables.ConvertAll(t => t.Split('.', 2));
            if (names.Find(n => n.Length < 2) is { } lonely)
                throw Bad($"--tables-list names '{lonely[0]}' without its database", "write database.table");
            options = options with { Tables = new NamedTables([.. names.Select(n => (n[0], n[1]))]) };
        }
        return databases.Count == 0 ? options : options with { Tables = new TablesOfDatabases(options.Tables, [.. databases]) };
    }

    private sealed class NamedTables(HashSet<(string Schema, string Table)> names) : ITableSelector
    {
        public bool MatchSchema(string schema) => names.Any(n => n.Schema == schema);

        public bool MatchTable(string schema, string table) => names.Contains((schema, table));
    }

    private sealed class TablesOfDatabases(ITableSelector tables, HashSet<string> databases) : ITableSelector
    {
        public bool MatchSchema(string schema) => databases.Contains(schema) && tables.MatchSchema(schema);

        public bool MatchTable(string schema, string table) => databases.Contains(schema) && tables.MatchTable(schema, table);
    }

    // --flag value, --flag=value, -f value, -fvalue; a switch has no value of its own unless it stands behind '='.
    private static IEnumerable<(string Flag, string Value)> Flags(List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            string flag;
            string? value = null;
            if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            {
                var equals = word.IndexOf('=', StringComparison.Ordinal);
                flag = equals < 0 ? word[2..] : word[2..equals];
                value = equals < 0 ? null : word[(equals + 1)..];
            }
            else if (word.StartsWith('-') && word.Length > 1 && ShortNames.TryGetValue(word[1..2], out var name))
            {
                flag = name;
                value = word.Length == 2 ? null : word[2..].TrimStart('=');
            }
            else
            {
                throw Bad($"'{word}' is not supported", Known);
            }
            if (value is null && flag is not ("no-views" or "no-locks" or "skip-tz-utc" or "escape-backslash" or "transactional-consistency"))
                value = ++i < words.Count ? words[i] : throw Bad($"--{flag} has no value", "give it one");
            yield return (flag, value ?? "true");
        }
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        foreach (var c in text)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
                (quote, isWord) = (quote == '\0' ? c : '\0', true);
            else if (quote == '\0' && char.IsWhiteSpace(c))
                End();
            else
                (_, isWord) = (word.Append(c), true);
        }
        if (quote != '\0')
            throw Bad($"a quote ({quote}) is not closed", "close it");
        End();
        return words;

        void End()
        {
            if (isWord)
                words.Add(word.ToString());
            word.Clear();
            isWord = false;
        }
    }

    private static long Number(string flag, string value, long least, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Bad($"--{flag} is '{value}'", $"give a whole number from {least} to {most}");

    private static bool Boolean(string flag, string value) => value switch
    {
        "true" or "1" or "t" => true,
        "false" or "0" or "f" => false,
        _ => throw Bad($"--{flag} is '{value}'", "give true or false"),
    };

    private static DumpConsistency ConsistencyOf(string value) => value switch
    {
        "auto" => DumpConsistency.Auto,
        "flush" => DumpConsistency.Flush,
        "lock" => DumpConsistency.Lock,
        "none" => DumpConsistency.None,
        "snapshot" => throw Bad("--consistency snapshot is not supported", "only TiDB keeps the past to read from; give auto, flush, lock or none"),
        _ => throw Bad($"--consistency is '{value}'", "give auto, flush, lock or none"),
    };

    private const string Known =
        "the flags are -B --database, -T --tables-list, -t --threads, -F --filesize, -s --statement-size, -r --rows, -W --no-views, -f --filter, --where, --consistency, --no-locks";

    private static TiFerryException Bad(string what, string wayOut) => new(ConfigErrors.BadOption, ErrorScope.Internal, $"extra-args: {what}", wayOut);
}
