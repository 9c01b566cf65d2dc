using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Reads <c>mydumpers</c>, <c>loaders</c> and <c>validators</c>, and their entries.</summary>
internal static class UnitSections
{
    /// <summary>A section with named entries.</summary>
    public static OrderedDictionary<string, T> Named<T>(ConfigValue? section, Func<ConfigValue, T> read)
    {
        var entries = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in section?.AsMap().Entries ?? [])
            entries.Add(name, read(value));
        return entries;
    }

    /// <summary>An entry of <c>mydumpers</c>.</summary>
    public static MydumperConfig Mydumper(ConfigValue value, TaskMode mode, ICollection<string> notices)
    {
        var map = value.AsMap("mydumper-path", "threads", "chunk-filesize", "statement-size", "rows", "where", "skip-tz-utc", "extra-args");
        TellUseless(map, notices, "there is no program to call", "mydumper-path");
        TellUseless(map, notices, "TIMESTAMPs are exported in UTC, and the files say so", "skip-tz-utc");
        DumpSettings.Check(map, mode);
        var defaults = new MydumperConfig();
        return new MydumperConfig
        {
            Threads = map.Number("threads", defaults.Threads, min: 1, max: 1024),
            ChunkFileSize = map.Text("chunk-filesize") is { Length: > 0 } size ? size : defaults.ChunkFileSize,
            StatementSize = map.Long("statement-size", 0),
            Rows = map.Long("rows", 0),
            Where = map.Text("where"),
            SkipTzUtc = map.Flag("skip-tz-utc", ifMissing: true),
            ExtraArgs = map.Text("extra-args"),
        };
    }

    /// <summary>An entry of <c>loaders</c>.</summary>
    public static LoaderConfig Loader(ConfigValue value, TaskMode mode, ICollection<string> notices)
    {
        var map = value.AsMap(
            "pool-size", "dir", "sorting-dir-physical", "import-mode", "on-duplicate", "on-duplicate-logical", "on-duplicate-physical", "disk-quota-physical",
            "checksum-physical", "analyze", "range-concurrency", "compress-kv-pairs", "pd-addr");
        TellUseless(map, notices, "it is for physical imports only",
            "sorting-dir-physical", "on-duplicate-physical", "disk-quota-physical", "checksum-physical", "analyze", "range-concurrency", "compress-kv-pairs", "pd-addr");
        CheckImportMode(map);
        CheckWord(map, "on-duplicate-physical", TaskFileErrors.BadOnDuplicatePhysical, "none", "manual");
        CheckWord(map, "checksum-physical", TaskFileErrors.BadChecksum, "required", "optional", "off");
        CheckWord(map, "analyze", TaskFileErrors.BadAnalyze, "required", "optional", "off");
        var defaults = new LoaderConfig();
        return new LoaderConfig
        {
            PoolSize = map.Number("pool-size", 0, max: 1024) is > 0 and var size ? size : defaults.PoolSize,
            Dir = Dir(map, defaults.Dir),
            OnDuplicate = OnDuplicateOf(map, map.Text("on-duplicate-logical").Length > 0 ? "on-duplicate-logical" : "on-duplicate", mode),
        };
    }

    /// <summary>An entry of <c>validators</c>, of which there is only mode <c>none</c> until data is compared while it is carried.</summary>
    public static string Validator(ConfigValue value)
    {
        var map = value.AsMap(
            "mode", "worker-count", "validate-interval", "check-interval", "row-error-delay", "meta-flush-interval", "batch-query-size", "max-pending-row-size", "max-pending-row-count");
        return map.Text("mode") switch
        {
            "" or "none" => "none",
            "fast" or "full" => throw map["mode"]!.Bad(
                "comparing rows while they are carried comes later", "write 'mode: none', and compare both sides when the task is in step", TaskFileErrors.BadValidatorMode),
            var other => throw map["mode"]!.Bad($"there is no mode '{other}'", "write 'mode: none'", TaskFileErrors.BadValidatorMode),
        };
    }

    private static void CheckImportMode(ConfigMap map)
    {
        switch (map.Text("import-mode").ToLowerInvariant())
        {
            case "" or "logical" or "sql" or "loader":
                return;
            case "physical" or "import-into":
                throw map["import-mode"]!.Bad($"the import mode '{map.Text("import-mode")}' comes later", "write 'import-mode: logical', which writes through SQL", TaskFileErrors.BadImportMode);
            default:
                throw map["import-mode"]!.Bad($"there is no import mode '{map.Text("import-mode")}'", "write 'import-mode: logical'", TaskFileErrors.BadImportMode);
        }
    }

    private static string Dir(ConfigMap map, string ifMissing)
    {
        var dir = map.Text("dir");
        return dir.Contains("://", StringComparison.Ordinal)
            ? throw map["dir"]!.Bad("exported files can be kept in directories only, and this is object storage", "name a directory of the worker", TaskFileErrors.BadLoaderDir)
            : dir.Length > 0 ? dir : ifMissing;
    }

    private static OnDuplicate OnDuplicateOf(ConfigMap map, string key, TaskMode mode)
    {
        var onDuplicate = map.Text(key).ToLowerInvariant() switch
        {
            "" or "replace" => OnDuplicate.Replace,
            "error" => OnDuplicate.Error,
            "ignore" => OnDuplicate.Ignore,
            var other => throw map[key]!.Bad($"there is no such value as '{other}'", "write replace, error or ignore", TaskFileErrors.BadOnDuplicate),
        };
        // A key that moves from one row to another between two reads comes twice, and is right only if the later row wins.
        return onDuplicate == OnDuplicate.Replace || mode is not (TaskMode.All or TaskMode.Full)
            ? onDuplicate
            : throw map[key]!.Bad(
                $"a copy in mode {mode.Text()} reads rows while others change them, so a key may come twice, and '{map.Text(key)}' would stop the copy or lose the later row",
                "write replace or leave it out: tables that hold rows already are refused by the check downstream_table_empty, and equal keys of merged tables are an error anyway; or export with a task of mode dump, then load",
                TaskFileErrors.BadOnDuplicate);
    }

    private static void CheckWord(ConfigMap map, string key, ErrorCode code, params ReadOnlySpan<string> words)
    {
        var text = map.Text(key).ToLowerInvariant();
        if (text.Length > 0 && !words.Contains(text))
            throw map[key]!.Bad($"there is no such value as '{text}'", $"write one of: {string.Join(", ", words!)}", code);
    }

    private static void TellUseless(ConfigMap map, ICollection<string> notices, string why, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (map[key] is { } value)
                notices.Add($"{value.Position}: '{value.Path}' does nothing: {why}");
        }
    }
}
