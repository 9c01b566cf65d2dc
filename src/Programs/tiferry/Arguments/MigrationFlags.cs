using System.CommandLine;
using TiFerry.Binlog;
using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Migration;
using TiFerry.Sync.Rules;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>The options that say what a migration is about.</summary>
internal sealed class MigrationFlags
{
    private const int MostThreads = 256;
    private const int MostChunkRows = 10_000_000;
    private const int LongestName = 64;

    // Tables of the meta schema are named after it: <task>_syncer_checkpoint.
    private const int LongestTask = 46;
    private const int MostRelayHours = 87_600;

    private readonly Option<MigrationMode?> _mode = new("--mode")
    {
        HelpName = "mode",
        Description = "all: copy, then follow. full: copy once. incremental: follow from a given position [default: all]",
        CustomParser = Values.Parse<MigrationMode?>(ReadMode, "all, full or incremental"),
    };

    private readonly Option<string[]> _filter = new("--filter")
    {
        HelpName = "pattern",
        Description = "Which tables take part, as 'db.table' with *, ?, ! for not; can be given several times, the last that matches decides [default: all but the system's]",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _rules = new("--rules")
    {
        HelpName = "file",
        Description = "Routes, filters and the other rules, as in the task file of TiDB Data Migration (YAML)",
    };

    private readonly Option<string?> _sourceId = new("--source-id")
    {
        HelpName = "id",
        Description = "The source's name, from which extract-source of a route takes its values",
    };

    private readonly Option<bool> _onlineDdl = new("--online-ddl") { Description = "Recognise gh-ost and pt-online-schema-change, whose tables are then left out" };

    private readonly Option<bool> _safeMode = new("--safe-mode") { Description = "Follow so that a change can be applied to any state of its row: rows are replaced or deleted" };

    private readonly Option<TimeSpan?> _safeModeDuration = new("--safe-mode-duration")
    {
        HelpName = "time",
        Description = "How long after each start that holds, for example 60s [default: as long as the start needs it]",
        CustomParser = Values.Parse<TimeSpan?>(static text => GoDuration.TryParse(text, out var duration) ? duration : null, "a duration, for example 60s or 1m30s"),
    };

    private readonly Option<int> _threads = new("--threads")
    {
        HelpName = "n",
        Description = "Sessions that copy and write at once [default: 4]",
        DefaultValueFactory = static _ => 4,
        CustomParser = Values.Number(1, MostThreads),
    };

    private readonly Option<int> _chunkRows = new("--chunk-rows")
    {
        HelpName = "n",
        Description = "Rows in a chunk of the copy [default: 20000]",
        DefaultValueFactory = static _ => 20_000,
        CustomParser = Values.Number(1, MostChunkRows),
    };

    private readonly Option<BinlogPosition?> _startPosition = new("--start-position")
    {
        HelpName = "file:pos",
        Description = "Mode incremental: where to begin, by binlog file and position",
        CustomParser = Values.Parse(ReadPosition, "a binlog position: write it as file:position, for example binlog.000042:4"),
    };

    private readonly Option<string?> _startGtid = new("--start-gtid")
    {
        HelpName = "gtid",
        Description = "Mode incremental: where to begin, by GTID set (MySQL) or GTID position (MariaDB)",
    };

    private readonly Option<string?> _stopWhen = new("--stop-when")
    {
        HelpName = "event",
        Description = "caught-up: end once what the source had written by then is applied",
        CustomParser = Values.Parse(static text => text == "caught-up" ? text : null, "caught-up"),
    };

    private readonly Option<bool> _verify = new("--verify") { Description = "Compare both sides, row by row, at the end" };

    private readonly Option<string?> _relayDir = new("--relay-dir")
    {
        HelpName = "dir",
        Description = "Keep a relay log there: the source's binlog is pulled as it is written, and followed from the files, so that the source may purge it",
    };

    private readonly Option<int> _relayExpires = new("--relay-expires")
    {
        HelpName = "hours",
        Description = "Delete relay log files that are older, unless the task still needs them [default: keep all]",
        CustomParser = Values.Number(1, MostRelayHours),
    };

    private readonly Option<string?> _redact = new("--redact")
    {
        HelpName = "on|off",
        Description = "Whether errors leave the values of rows out [default: on]",
        CustomParser = Values.Parse(static text => text is "on" or "off" ? text : null, "on or off"),
    };

    private readonly Option<string?> _metaSchema = new("--meta-schema")
    {
        HelpName = "name",
        Description = "Database on the target that holds the checkpoints [default: tiferry_meta]",
        CustomParser = Values.Parse(static text => IsPlainName(text) && !SystemSchemas.Contains(text) ? text : null, "a database name of letters, digits, _ and - that is not a system database"),
    };

    private readonly Option<string?> _task = new("--task")
    {
        HelpName = "name",
        Description = "Name of this migration; others on the same target need other names [default: migrate]",
        CustomParser = Values.Parse(static text => text.Length is > 0 and <= LongestTask ? text : null, "a name of 1 to 46 characters"),
    };

    /// <summary>The source's connection.</summary>
    public ConnectionFlags From { get; } = new("from", "source");

    /// <summary>The target's connection.</summary>
    public ConnectionFlags To { get; } = new("to", "target");

    /// <summary>Gives the options to a command.</summary>
    public void AddTo(Command command)
    {
        From.AddTo(command);
        To.AddTo(command);
        foreach (var option in (Option[])[_mode, _filter, _rules, _sourceId, _onlineDdl, _safeMode, _safeModeDuration, _threads, _chunkRows, _startPosition, _startGtid, _stopWhen, _verify, _relayDir, _relayExpires, _redact, _metaSchema, _task])
            command.Options.Add(option);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">They can't be used.</exception>
    public MigrationOptions Read(ParseResult result)
    {
        var options = new MigrationOptions
        {
            Source = From.Read(result),
            Target = To.Read(result),
            Mode = result.GetValue(_mode) ?? MigrationMode.All,
            Filter = result.GetValue(_filter) ?? [],
            Rules = ReadRules(result),
            SourceId = result.GetValue(_sourceId) ?? "",
            SafeMode = result.GetValue(_safeMode),
            SafeModeDuration = result.GetValue(_safeModeDuration),
            Threads = result.GetValue(_threads),
            ChunkRows = result.GetValue(_chunkRows),
            StartPosition = result.GetValue(_startPosition),
            StartGtid = result.GetValue(_startGtid),
            StopWhenCaughtUp = result.GetValue(_stopWhen) is not null,
            Verify = result.GetValue(_verify),
            RelayDir = result.GetValue(_relayDir),
            RelayExpires = TimeSpan.FromHours(result.GetValue(_relayExpires)),
            Redacts = result.GetValue(_redact) != "off",
            MetaSchema = result.GetValue(_metaSchema) ?? "tiferry_meta",
            TaskName = result.GetValue(_task) ?? "migrate",
        };
        if (options.Mode != MigrationMode.Incremental && (options.StartPosition is not null || options.StartGtid is not null))
            throw new UsageException($"{(options.StartGtid is null ? _startPosition.Name : _startGtid.Name)} is for --mode incremental only; mode {Lower(options.Mode)} finds its start itself");
        if (options.RelayExpires > TimeSpan.Zero && options.RelayDir is null)
            throw new UsageException($"{_relayExpires.Name} is about the relay log: give {_relayDir.Name} too");
        if (options.StartPosition is not null && options.StartGtid is not null)
            throw new UsageException($"{_startPosition.Name} and {_startGtid.Name} both say where to begin; give one");
        if (options.Verify && options.Mode != MigrationMode.Full && !options.StopWhenCaughtUp)
            throw new UsageException($"{_verify.Name} compares at the end, and mode {Lower(options.Mode)} has none: give {_stopWhen.Name} caught-up too");
        Understood(_filter, options.Selection);
        Understood(_rules, options.Router);
        return options;
    }

    private SyncRules ReadRules(ParseResult result)
    {
        var rules = result.GetValue(_rules) is { } file ? Understood(_rules, () => RulesFile.Read(file)) : MigrationOptions.NoRules;
        return result.GetValue(_onlineDdl) ? rules with { OnlineDdl = rules.OnlineDdl with { IsOn = true } } : rules;
    }

    private static T Understood<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TiFerryException error)
        {
            throw new UsageException($"{option.Name}: {error.Summary}{(error.Workaround is null ? "" : $"; {error.Workaround}")}");
        }
    }

    private static MigrationMode? ReadMode(string text) => text switch
    {
        "all" => MigrationMode.All,
        "full" => MigrationMode.Full,
        "incremental" => MigrationMode.Incremental,
        _ => null,
    };

    private static BinlogPosition? ReadPosition(string text)
    {
        try
        {
            return BinlogPosition.Parse(text);
        }
        catch (TiFerryException)
        {
            return null;
        }
    }

    private static bool IsPlainName(string text) => text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static string Lower(MigrationMode mode) => mode.ToString().ToLowerInvariant();
}
