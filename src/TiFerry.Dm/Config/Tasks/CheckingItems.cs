namespace TiFerry.Dm.Config.Tasks;

/// <summary>The checks that <c>ignore-checking-items</c> can leave out, by DM's names.</summary>
public static class CheckingItems
{
    /// <summary>Leaves all of them out.</summary>
    public const string All = "all";

    /// <summary>Names and what is checked, <see cref="All"/> not among them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Descriptions = new OrderedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["dump_privilege"] = "privileges on the source for the copy",
        ["replication_privilege"] = "privileges on the source for its binlog",
        ["version"] = "the source's version",
        ["server_id"] = "the source's server_id",
        ["binlog_enable"] = "whether the source writes a binlog",
        ["binlog_format"] = "the binlog's format",
        ["binlog_row_image"] = "whether the binlog holds whole rows",
        ["table_schema"] = "the definitions of tables",
        ["schema_of_shard_tables"] = "whether tables that are merged have the same definition",
        ["auto_increment_ID"] = "whether keys of tables that are merged can collide",
        ["online_ddl"] = "whether an online schema change is under way",
        ["binlog_db"] = "whether the binlog leaves databases out",
        ["meta_position"] = "whether the start position exists",
        ["conn_number"] = "whether the servers allow as many connections as the task needs",
        ["target_privilege"] = "privileges on the target",
        ["empty_region"] = "empty regions of the target (physical import)",
        ["region_distribution"] = "regions of the target (physical import)",
        ["downstream_version"] = "the target's version (physical import)",
        ["free_space"] = "whether the worker's disk has room for a dump into files",
        ["downstream_mutex_features"] = "features of the target that get in the way (physical import)",
        ["downstream_table_empty"] = "whether the target's tables are empty (physical import)",
        ["primary_key"] = "whether tables have primary keys; only done where it is asked for",
    };

    /// <summary>The names of the checks to do: those that are done unasked, without the ignored ones.</summary>
    /// <param name="ignored"><c>ignore-checking-items</c>.</param>
    public static IReadOnlySet<string> Without(IReadOnlyCollection<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(ignored);
        return ignored.Contains(All) ? new HashSet<string>() : Descriptions.Keys.Where(item => item != "primary_key" && !ignored.Contains(item)).ToHashSet(StringComparer.Ordinal);
    }
}
