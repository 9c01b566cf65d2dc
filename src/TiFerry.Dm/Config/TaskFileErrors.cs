using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config;

/// <summary>Errors in task files and source files, with DM's codes (dm/errors.toml).</summary>
public static class TaskFileErrors
{
    /// <summary>A source's <c>flavor</c> is unknown.</summary>
    public static readonly ErrorCode BadFlavor = new(11010, "functional", "high");

    /// <summary>An item of <c>ignore-checking-items</c> is unknown.</summary>
    public static readonly ErrorCode BadCheckingItem = new(20001, "config", "medium");

    /// <summary>An instance names no source.</summary>
    public static readonly ErrorCode NoSourceId = new(20005, "config", "medium");

    /// <summary>A source's id is too long.</summary>
    public static readonly ErrorCode LongSourceId = new(20006, "config", "medium");

    /// <summary>A start position has neither file nor GTID set.</summary>
    public static readonly ErrorCode BadMeta = new(20011, "config", "medium");

    /// <summary>The file has no instances.</summary>
    public static readonly ErrorCode NoInstances = new(20013, "config", "medium");

    /// <summary>Two instances name the same source.</summary>
    public static readonly ErrorCode SameSourceId = new(20014, "config", "medium");

    /// <summary>An instance has <c>mydumper-config-name</c> and <c>mydumper</c>.</summary>
    public static readonly ErrorCode TwoMydumpers = new(20015, "config", "medium");

    /// <summary>An instance has <c>loader-config-name</c> and <c>loader</c>.</summary>
    public static readonly ErrorCode TwoLoaders = new(20016, "config", "medium");

    /// <summary>An instance has <c>syncer-config-name</c> and <c>syncer</c>.</summary>
    public static readonly ErrorCode TwoSyncers = new(20017, "config", "medium");

    /// <summary>The task has no name.</summary>
    public static readonly ErrorCode NoTaskName = new(20019, "config", "medium");

    /// <summary>There is no such <c>task-mode</c>.</summary>
    public static readonly ErrorCode BadTaskMode = new(20020, "config", "medium");

    /// <summary>The file has no target.</summary>
    public static readonly ErrorCode NoTarget = new(20021, "config", "medium");

    /// <summary>A route rule isn't in <c>routes</c>.</summary>
    public static readonly ErrorCode NoSuchRoute = new(20023, "config", "medium");

    /// <summary>A filter rule isn't in <c>filters</c>.</summary>
    public static readonly ErrorCode NoSuchFilter = new(20024, "config", "medium");

    /// <summary>A list isn't in <c>block-allow-list</c>.</summary>
    public static readonly ErrorCode NoSuchBlockAllowList = new(20026, "config", "medium");

    /// <summary>An entry isn't in <c>mydumpers</c>.</summary>
    public static readonly ErrorCode NoSuchMydumper = new(20027, "config", "medium");

    /// <summary>An entry isn't in <c>loaders</c>.</summary>
    public static readonly ErrorCode NoSuchLoader = new(20029, "config", "medium");

    /// <summary>An entry isn't in <c>syncers</c>.</summary>
    public static readonly ErrorCode NoSuchSyncer = new(20030, "config", "medium");

    /// <summary>The cluster has no such source.</summary>
    public static readonly ErrorCode NoSuchSource = new(20031, "config", "medium");

    /// <summary>An instance names a rule twice.</summary>
    public static readonly ErrorCode DuplicateRule = new(20032, "config", "medium");

    /// <summary>A <c>shard-mode</c> that isn't known or can't be done.</summary>
    public static readonly ErrorCode BadShardMode = new(20033, "config", "medium");

    /// <summary>Rules that no instance uses.</summary>
    public static readonly ErrorCode UnusedRules = new(20038, "config", "high");

    /// <summary>An expression filter isn't in <c>expression-filter</c>.</summary>
    public static readonly ErrorCode NoSuchExpressionFilter = new(20040, "config", "high");

    /// <summary>A checker's greatest back-off is less than its least.</summary>
    public static readonly ErrorCode BackoffTooSmall = new(20043, "config", "high");

    /// <summary>A <c>chunk-filesize</c> can't be read.</summary>
    public static readonly ErrorCode BadChunkFileSize = new(20047, "config", "high");

    /// <summary>There is no such <c>collation_compatible</c>.</summary>
    public static readonly ErrorCode BadCollationCompatible = new(20052, "config", "medium");

    /// <summary>There is no such <c>import-mode</c>, or it can't be done.</summary>
    public static readonly ErrorCode BadImportMode = new(20053, "config", "medium");

    /// <summary>There is no such <c>on-duplicate-logical</c>.</summary>
    public static readonly ErrorCode BadOnDuplicate = new(20054, "config", "medium");

    /// <summary>A validator's mode is unknown, or can't be done.</summary>
    public static readonly ErrorCode BadValidatorMode = new(20055, "config", "high");

    /// <summary>An entry isn't in <c>validators</c>.</summary>
    public static readonly ErrorCode NoSuchValidator = new(20056, "config", "medium");

    /// <summary>A loader's directory can't be used.</summary>
    public static readonly ErrorCode BadLoaderDir = new(20058, "config", "high");

    /// <summary>There is no such <c>on-duplicate-physical</c>.</summary>
    public static readonly ErrorCode BadOnDuplicatePhysical = new(20062, "config", "medium");

    /// <summary>There is no such <c>checksum-physical</c>.</summary>
    public static readonly ErrorCode BadChecksum = new(20063, "config", "medium");

    /// <summary>Column mappings are gone.</summary>
    public static readonly ErrorCode ColumnMapping = new(20064, "config", "high");

    /// <summary>There is no such <c>analyze</c>.</summary>
    public static readonly ErrorCode BadAnalyze = new(20065, "config", "medium");

    /// <summary><c>strict-optimistic-shard-mode</c> without <c>shard-mode: optimistic</c>.</summary>
    public static readonly ErrorCode StrictWithoutOptimistic = new(20066, "config", "medium");

    /// <summary>A source file names no source.</summary>
    public static readonly ErrorCode SourceNeedsId = new(40005, "dm-worker", "medium");

    /// <summary>A source file's id is too long.</summary>
    public static readonly ErrorCode SourceIdTooLong = new(40006, "dm-worker", "medium");

    /// <summary>A <c>relay-binlog-name</c> is no binlog file's name.</summary>
    public static readonly ErrorCode BadRelayBinlogName = new(40007, "dm-worker", "medium");

    /// <summary>A key asks for something that can't be done yet.</summary>
    public static readonly ErrorCode NotAvailable = new(90005, "config", "high");
}
