namespace TiFerry.Dm.Checks;

/// <summary>The names that <c>ignore-checking-items</c> takes (DM's <c>config/checking_item.go</c>), with what they stand for.</summary>
public static class CheckingItems
{
    /// <summary>All items at once.</summary>
    public const string All = "all";

    internal const string DumpPrivilege = "dump_privilege";
    internal const string ReplicationPrivilege = "replication_privilege";
    internal const string Version = "version";
    internal const string ServerId = "server_id";
    internal const string BinlogEnable = "binlog_enable";
    internal const string BinlogFormat = "binlog_format";
    internal const string BinlogRowImage = "binlog_row_image";
    internal const string TableSchema = "table_schema";
    internal const string ShardTableSchema = "schema_of_shard_tables";
    internal const string ShardAutoIncrement = "auto_increment_ID";
    internal const string OnlineDdl = "online_ddl";
    internal const string BinlogDb = "binlog_db";
    internal const string MetaPosition = "meta_position";
    internal const string ConnNumber = "conn_number";
    internal const string TargetPrivilege = "target_privilege";
    internal const string FreeSpace = "free_space";
    internal const string TargetTableEmpty = "downstream_table_empty";
    internal const string PrimaryKey = "primary_key";
    internal const string GtidMode = "gtid_mode";
    internal const string TargetSettings = "target_settings";

    /// <summary>Names and descriptions. Items of physical import are known and have nothing to check.</summary>
    public static IReadOnlyDictionary<string, string> Descriptions { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [All] = "all checking items",
        [DumpPrivilege] = "privileges to read the source's tables",
        [ReplicationPrivilege] = "privileges to read the source's binlog",
        [Version] = "versions of source and target",
        [ServerId] = "the source's server_id",
        [BinlogEnable] = "whether the source writes a binlog, of all it holds, and keeps it",
        [BinlogFormat] = "binlog_format",
        [BinlogRowImage] = "binlog_row_image",
        [TableSchema] = "table structures: keys, types, collations, engines, foreign keys, what the target has already",
        [ShardTableSchema] = "whether tables that are merged are alike",
        [ShardAutoIncrement] = "AUTO_INCREMENT keys of tables that are merged",
        [OnlineDdl] = "online schema changes under way",
        [BinlogDb] = "binlog_do_db and binlog_ignore_db",
        [MetaPosition] = "whether the source still has its binlog from the start position on",
        [ConnNumber] = "how many connections source and target allow",
        [TargetPrivilege] = "privileges on the target",
        [FreeSpace] = "room for dump files and relay log",
        [TargetTableEmpty] = "whether the target's tables are empty",
        [PrimaryKey] = "whether every table has a primary key; only where it is asked for",
        [GtidMode] = "whether the source has GTIDs where enable-gtid asks for them",
        [TargetSettings] = "the target's settings: read_only, max_allowed_packet, letter case of names, triggers",
        ["empty_region"] = "physical import: empty regions",
        ["region_distribution"] = "physical import: distribution of regions",
        ["downstream_version"] = "physical import: versions of TiDB, PD and TiKV",
        ["downstream_mutex_features"] = "physical import: features that exclude it",
    };

    /// <summary>Whether <c>ignore-checking-items</c> may hold the name.</summary>
    /// <param name="item">The name.</param>
    public static bool IsKnown(string item) => Descriptions.ContainsKey(item);

    /// <summary>Whether an item is checked.</summary>
    /// <param name="item">The item.</param>
    /// <param name="ignored">What <c>ignore-checking-items</c> holds.</param>
    internal static bool IsChecked(string item, IReadOnlyCollection<string> ignored) => !ignored.Contains(All) && !ignored.Contains(item);
}
