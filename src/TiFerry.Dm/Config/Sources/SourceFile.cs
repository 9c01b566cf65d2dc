using System.Text.RegularExpressions;
using TiFerry.Binlog.Gtid;
using TiFerry.Core.Config;
using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Rules;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Sources;

/// <summary>Reads and writes source files.</summary>
internal static partial class SourceFile
{
    /// <summary>Reads a file.</summary>
    public static SourceConfig Read(ConfigValue file)
    {
        var map = file.AsMap(
            "enable", "enable-gtid", "auto-fix-gtid", "relay-dir", "meta-dir", "flavor", "charset", "enable-relay", "relay-binlog-name", "relay-binlog-gtid",
            "source-id", "from", "purge", "checker", "server-id", "tracer", "case-sensitive", "filters");
        var notices = new List<string>();
        foreach (var key in (ReadOnlySpan<string>)["auto-fix-gtid", "meta-dir", "charset", "tracer"])
        {
            if (map[key] is { } old)
                notices.Add($"{old.Position}: '{old.Path}' does nothing any more");
        }

        return new SourceConfig
        {
            Enable = map.Flag("enable", ifMissing: true),
            EnableGtid = map.Flag("enable-gtid"),
            RelayDir = map.Text("relay-dir"),
            Flavor = Flavor(map),
            EnableRelay = map.Flag("enable-relay"),
            RelayBinlogName = RelayBinlogName(map),
            RelayBinlogGtid = RelayBinlogGtid(map),
            SourceId = SourceId(map),
            From = DatabaseSection.Read(map["from"] ?? throw file.Bad("'from' is missing", "say there how the source is reached: host, port, user, password"), notices),
            Purge = Purge(map["purge"]),
            Checker = Checker(map["checker"]),
            ServerId = (uint)map.Long("server-id", 0, max: uint.MaxValue),
            CaseSensitive = map.Flag("case-sensitive"),
            Filters = [.. map.List("filters").Select((rule, i) => RuleSections.Filter($"filters[{i}]", rule))],
            Notices = notices,
        };
    }

    /// <summary>What stands in the file.</summary>
    public static OrderedDictionary<string, object?> Write(SourceConfig source) => new()
    {
        ["enable"] = source.Enable,
        ["enable-gtid"] = source.EnableGtid,
        ["relay-dir"] = source.RelayDir,
        ["flavor"] = source.Flavor,
        ["enable-relay"] = source.EnableRelay,
        ["relay-binlog-name"] = source.RelayBinlogName,
        ["relay-binlog-gtid"] = source.RelayBinlogGtid,
        ["source-id"] = source.SourceId,
        ["from"] = DatabaseSection.Write(source.From),
        ["purge"] = new OrderedDictionary<string, object?>
        {
            ["interval"] = (long)source.Purge.Interval.TotalSeconds,
            ["expires"] = (long)source.Purge.Expires.TotalHours,
            ["remain-space"] = source.Purge.RemainSpaceGiB,
        },
        ["checker"] = new OrderedDictionary<string, object?>
        {
            ["check-enable"] = source.Checker.CheckEnable,
            ["backoff-rollback"] = GoDuration.Format(source.Checker.BackoffRollback),
            ["backoff-max"] = GoDuration.Format(source.Checker.BackoffMax),
        },
        ["server-id"] = source.ServerId,
        ["case-sensitive"] = source.CaseSensitive,
        ["filters"] = source.Filters.Select(object? (rule) => RuleTexts.Filter(rule)).ToList(),
    };

    private static string SourceId(ConfigMap map)
    {
        var id = map.Text("source-id");
        if (id.Length == 0)
            throw (map["source-id"] ?? map.Owner).Bad("the source has no 'source-id'", "give it a name that no other source of the cluster has", TaskFileErrors.SourceNeedsId);
        if (id.Length > SourceConfig.MaxIdLength)
            throw map["source-id"]!.Bad($"'{id}' has {id.Length} characters", $"give a name of {SourceConfig.MaxIdLength} characters at most", TaskFileErrors.SourceIdTooLong);
        return id;
    }

    private static string Flavor(ConfigMap map) => map.Text("flavor") is var flavor && flavor is "" or "mysql" or "mariadb"
        ? flavor
        : throw map["flavor"]!.Bad($"there is no flavor '{map.Text("flavor")}'", "write mysql or mariadb, or leave it out and the server is asked", TaskFileErrors.BadFlavor);

    private static string RelayBinlogName(ConfigMap map) => map.Text("relay-binlog-name") is var name && (name.Length == 0 || BinlogFileName().IsMatch(name))
        ? name
        : throw map["relay-binlog-name"]!.Bad($"'{name}' is no name of a binlog file", "write it as SHOW BINARY LOGS does, as in mysql-bin.000042", TaskFileErrors.BadRelayBinlogName);

    private static string RelayBinlogGtid(ConfigMap map)
    {
        if (map["relay-binlog-gtid"] is not { } value || value.AsText() is not { Length: > 0 } text)
            return "";
        // Without a flavor, the colon tells a MySQL set from MariaDB's.
        if (map.Text("flavor") == "mysql" || (map.Text("flavor").Length == 0 && text.Contains(':', StringComparison.Ordinal)))
            value.Build(() => MySqlGtidSet.Parse(text));
        else
            value.Build(() => MariaDbGtidSet.Parse(text));
        return text;
    }

    private static PurgeConfig Purge(ConfigValue? section)
    {
        var map = section?.AsMap("interval", "expires", "remain-space");
        return map is null ? new PurgeConfig() : new PurgeConfig
        {
            Interval = TimeSpan.FromSeconds(map.Number("interval", 3600)),
            Expires = TimeSpan.FromHours(map.Number("expires", 0, max: 1_000_000)),
            RemainSpaceGiB = map.Number("remain-space", 15),
        };
    }

    private static CheckerConfig Checker(ConfigValue? section)
    {
        if (section is null)
            return new CheckerConfig();
        // As in DM, what isn't meant for users can stand there and has no effect.
        var map = section.AsMap("check-enable", "backoff-rollback", "backoff-max", "check-interval", "backoff-min", "backoff-jitter", "backoff-factor");
        var defaults = new CheckerConfig();
        var checker = new CheckerConfig
        {
            CheckEnable = map.Flag("check-enable", ifMissing: true),
            BackoffRollback = map.Duration("backoff-rollback", defaults.BackoffRollback),
            BackoffMax = map.Duration("backoff-max", defaults.BackoffMax),
        };
        return checker.BackoffMax >= CheckerConfig.BackoffMin
            ? checker
            : throw map["backoff-max"]!.Bad($"{map.Text("backoff-max")} is less than the shortest wait, {GoDuration.Format(CheckerConfig.BackoffMin)}", "give a longer one", TaskFileErrors.BackoffTooSmall);
    }

    [GeneratedRegex(@"^[^/\\|\s]+\.[0-9]{6,10}\z")]
    private static partial Regex BinlogFileName();
}
