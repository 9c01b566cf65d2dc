namespace TiFerry.Dm.Checks;

/// <summary>The checking items that something is behind here, by the names that <c>ignore-checking-items</c> takes. Those of physical import have nothing to check.</summary>
internal static class Items
{
    public const string DumpPrivilege = "dump_privilege";
    public const string ReplicationPrivilege = "replication_privilege";
    public const string Version = "version";
    public const string ServerId = "server_id";
    public const string BinlogEnable = "binlog_enable";
    public const string BinlogFormat = "binlog_format";
    public const string BinlogRowImage = "binlog_row_image";
    public const string TableSchema = "table_schema";
    public const string ShardTableSchema = "schema_of_shard_tables";
    public const string ShardAutoIncrement = "auto_increment_ID";
    public const string OnlineDdl = "online_ddl";
    public const string BinlogDb = "binlog_db";
    public const string MetaPosition = "meta_position";
    public const string ConnNumber = "conn_number";
    public const string TargetPrivilege = "target_privilege";
    public const string FreeSpace = "free_space";
    public const string TargetTableEmpty = "downstream_table_empty";
    public const string PrimaryKey = "primary_key";
}
