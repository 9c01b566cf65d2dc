namespace TiFerry.Schema.Ddl.Targets;

/// <summary>Options by who defines them.</summary>
internal static class OptionNames
{
    private static readonly HashSet<string> Server = new(StringComparer.OrdinalIgnoreCase)
    {
        "ENGINE", "AUTO_INCREMENT", "AVG_ROW_LENGTH", "CHARACTER SET", "COLLATE", "CHECKSUM", "COMMENT", "COMPRESSION", "CONNECTION", "DATA DIRECTORY", "INDEX DIRECTORY",
        "DELAY_KEY_WRITE", "ENCRYPTION", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE", "INSERT_METHOD", "KEY_BLOCK_SIZE", "MAX_ROWS", "MIN_ROWS", "PACK_KEYS", "PASSWORD",
        "ROW_FORMAT", "SECONDARY_ENGINE", "STATS_AUTO_RECALC", "STATS_PERSISTENT", "STATS_SAMPLE_PAGES", "TABLESPACE", "STORAGE", "UNION", "AUTOEXTEND_SIZE", "NODEGROUP",
        "TRANSACTIONAL", "PAGE_CHECKSUM", "SEQUENCE", "WITH SYSTEM VERSIONING", "COLUMN_FORMAT", "NOT SECONDARY", "GLOBAL", "LOCAL", "READ ONLY", "UPGRADE DATA DIRECTORY NAME",
    };

    private static readonly HashSet<string> TiDb = new(StringComparer.OrdinalIgnoreCase)
    {
        "SHARD_ROW_ID_BITS", "PRE_SPLIT_REGIONS", "AUTO_ID_CACHE", "AUTO_RANDOM_BASE", "FORCE AUTO_INCREMENT", "FORCE AUTO_RANDOM_BASE", "PLACEMENT POLICY", "TTL", "TTL_ENABLE",
        "TTL_JOB_INTERVAL", "STATS_BUCKETS", "STATS_TOPN", "STATS_SAMPLE_RATE", "STATS_COL_CHOICE", "STATS_COL_LIST", "SET TIFLASH REPLICA", "ADD_COLUMNAR_REPLICA_ON_DEMAND", "WHERE",
    };

    /// <summary>Whether MySQL or MariaDB themselves, or TiDB, define it, not an engine.</summary>
    public static bool AreOfServer(string name) => Server.Contains(name) || TiDb.Contains(name);

    /// <summary>Whether only TiDB defines it.</summary>
    public static bool AreOfTiDb(string name) => TiDb.Contains(name);
}
