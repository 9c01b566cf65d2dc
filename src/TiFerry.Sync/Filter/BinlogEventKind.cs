namespace TiFerry.Sync.Filter;

/// <summary>
/// What an event does, in the terms of DM's binlog event filter (https://docs.pingcap.com/tidb/stable/dm-binlog-event-filter).
/// One statement can do several things: each ALTER TABLE is <see cref="AlterTable"/> and whatever its specifications are.
/// </summary>
[Flags]
public enum BinlogEventKind : ulong
{
    /// <summary>A statement that is none of the kinds: only its text can be filtered.</summary>
    None = 0,

    /// <summary><c>insert</c>.</summary>
    Insert = 1UL << 0,

    /// <summary><c>update</c>.</summary>
    Update = 1UL << 1,

    /// <summary><c>delete</c>.</summary>
    Delete = 1UL << 2,

    /// <summary><c>create database</c>, <c>create schema</c>.</summary>
    CreateDatabase = 1UL << 3,

    /// <summary><c>alter database</c>, <c>alter schema</c>.</summary>
    AlterDatabase = 1UL << 4,

    /// <summary><c>create table</c>.</summary>
    CreateTable = 1UL << 5,

    /// <summary><c>create index</c>.</summary>
    CreateIndex = 1UL << 6,

    /// <summary><c>create view</c>.</summary>
    CreateView = 1UL << 7,

    /// <summary><c>drop view</c>.</summary>
    DropView = 1UL << 8,

    /// <summary><c>alter table</c>.</summary>
    AlterTable = 1UL << 9,

    /// <summary><c>add table partition</c>.</summary>
    AddTablePartition = 1UL << 10,

    /// <summary><c>drop database</c>, <c>drop schema</c>.</summary>
    DropDatabase = 1UL << 11,

    /// <summary><c>drop table</c>.</summary>
    DropTable = 1UL << 12,

    /// <summary><c>drop index</c>.</summary>
    DropIndex = 1UL << 13,

    /// <summary><c>rename table</c>.</summary>
    RenameTable = 1UL << 14,

    /// <summary><c>truncate table</c>.</summary>
    TruncateTable = 1UL << 15,

    /// <summary><c>drop table partition</c>.</summary>
    DropTablePartition = 1UL << 16,

    /// <summary><c>truncate table partition</c>.</summary>
    TruncateTablePartition = 1UL << 17,

    /// <summary><c>add foreign key</c>.</summary>
    AddForeignKey = 1UL << 18,

    /// <summary><c>drop foreign key</c>.</summary>
    DropForeignKey = 1UL << 19,

    /// <summary><c>value range decrease</c>: a column's new type holds fewer values.</summary>
    ValueRangeDecrease = 1UL << 20,

    /// <summary><c>precision decrease</c>: a column's new type is less exact.</summary>
    PrecisionDecrease = 1UL << 21,

    /// <summary><c>modify column</c>: a column's type changes.</summary>
    ModifyColumn = 1UL << 22,

    /// <summary><c>rename column</c>.</summary>
    RenameColumn = 1UL << 23,

    /// <summary><c>rename index</c>.</summary>
    RenameIndex = 1UL << 24,

    /// <summary><c>drop column</c>.</summary>
    DropColumn = 1UL << 25,

    /// <summary><c>drop primary key</c>.</summary>
    DropPrimaryKey = 1UL << 26,

    /// <summary><c>drop unique key</c>.</summary>
    DropUniqueKey = 1UL << 27,

    /// <summary><c>modify default value</c>: an existing column's default changes.</summary>
    ModifyDefaultValue = 1UL << 28,

    /// <summary><c>modify constraint</c>.</summary>
    ModifyConstraint = 1UL << 29,

    /// <summary><c>modify columns order</c>.</summary>
    ModifyColumnsOrder = 1UL << 30,

    /// <summary><c>modify charset</c>: a column's character set changes.</summary>
    ModifyCharset = 1UL << 31,

    /// <summary><c>modify collation</c>: a column's collation changes.</summary>
    ModifyCollation = 1UL << 32,

    /// <summary><c>remove auto increment</c>.</summary>
    RemoveAutoIncrement = 1UL << 33,

    /// <summary><c>modify storage engine</c>.</summary>
    ModifyStorageEngine = 1UL << 34,

    /// <summary><c>reorganize table partition</c>.</summary>
    ReorganizePartition = 1UL << 35,

    /// <summary><c>rebuild table partition</c>.</summary>
    RebuildPartition = 1UL << 36,

    /// <summary><c>coalesce table partition</c>.</summary>
    CoalescePartition = 1UL << 37,

    /// <summary><c>split table partition</c>.</summary>
    SplitPartition = 1UL << 38,

    /// <summary><c>exchange table partition</c>.</summary>
    ExchangePartition = 1UL << 39,

    /// <summary><c>modify schema charset and collate</c>.</summary>
    ModifySchemaCharsetAndCollate = 1UL << 40,

    /// <summary><c>modify table charset and collate</c>.</summary>
    ModifyTableCharsetAndCollate = 1UL << 41,

    /// <summary><c>modify table comment</c>.</summary>
    ModifyTableComment = 1UL << 42,

    /// <summary><c>recover table</c>.</summary>
    RecoverTable = 1UL << 43,

    /// <summary><c>alter table partitioning</c>.</summary>
    AlterTablePartitioning = 1UL << 44,

    /// <summary><c>remove table partitioning</c>.</summary>
    RemovePartitioning = 1UL << 45,

    /// <summary><c>add column</c>.</summary>
    AddColumn = 1UL << 46,

    /// <summary><c>set default value</c>: ALTER COLUMN ... SET or DROP DEFAULT.</summary>
    SetDefaultValue = 1UL << 47,

    /// <summary><c>rebase auto id</c>: AUTO_INCREMENT = n.</summary>
    RebaseAutoId = 1UL << 48,

    /// <summary><c>add primary key</c>.</summary>
    AddPrimaryKey = 1UL << 49,

    /// <summary><c>alter index visibility</c>.</summary>
    AlterIndexVisibility = 1UL << 50,

    /// <summary><c>alter ttl info</c>.</summary>
    AlterTtlInfo = 1UL << 51,

    /// <summary><c>alter ttl remove</c>.</summary>
    AlterTtlRemove = 1UL << 52,

    /// <summary><c>multi schema change</c>: an ALTER TABLE with more than one specification.</summary>
    MultiSchemaChange = 1UL << 53,

    /// <summary><c>all dml</c>.</summary>
    AllDml = Insert | Update | Delete,

    /// <summary><c>all ddl</c>.</summary>
    AllDdl = (1UL << 54) - 1 - AllDml,

    /// <summary><c>all</c>.</summary>
    All = AllDml | AllDdl,

    /// <summary><c>incompatible ddl changes</c>: the changes that the manual lists as such, which lose data or break readers of the old table.</summary>
    IncompatibleDdlChanges = DropDatabase | DropTable | DropIndex | RenameTable | TruncateTable | DropTablePartition | TruncateTablePartition
        | AddForeignKey | DropForeignKey | ValueRangeDecrease | PrecisionDecrease | ModifyColumn | RenameColumn | RenameIndex | DropColumn
        | DropPrimaryKey | DropUniqueKey | ModifyDefaultValue | ModifyConstraint | ModifyColumnsOrder | ModifyCharset | ModifyCollation
        | RemoveAutoIncrement | ModifyStorageEngine | ReorganizePartition | RebuildPartition | CoalescePartition | SplitPartition | ExchangePartition,
}
