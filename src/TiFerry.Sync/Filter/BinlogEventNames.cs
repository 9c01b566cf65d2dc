using System.Collections.Frozen;

namespace TiFerry.Sync.Filter;

/// <summary>The names that a task file has for kinds of events.</summary>
internal static class BinlogEventNames
{
    private static readonly FrozenDictionary<string, BinlogEventKind> Kinds = new Dictionary<string, BinlogEventKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["all"] = BinlogEventKind.All,
        ["all dml"] = BinlogEventKind.AllDml,
        ["all ddl"] = BinlogEventKind.AllDdl,
        ["incompatible ddl changes"] = BinlogEventKind.IncompatibleDdlChanges,
        ["insert"] = BinlogEventKind.Insert,
        ["update"] = BinlogEventKind.Update,
        ["delete"] = BinlogEventKind.Delete,
        ["create database"] = BinlogEventKind.CreateDatabase,
        ["create schema"] = BinlogEventKind.CreateDatabase,
        ["alter database"] = BinlogEventKind.AlterDatabase,
        ["alter schema"] = BinlogEventKind.AlterDatabase,
        ["drop database"] = BinlogEventKind.DropDatabase,
        ["drop schema"] = BinlogEventKind.DropDatabase,
        ["create table"] = BinlogEventKind.CreateTable,
        ["drop table"] = BinlogEventKind.DropTable,
        ["truncate table"] = BinlogEventKind.TruncateTable,
        ["rename table"] = BinlogEventKind.RenameTable,
        ["alter table"] = BinlogEventKind.AlterTable,
        ["create index"] = BinlogEventKind.CreateIndex,
        ["drop index"] = BinlogEventKind.DropIndex,
        ["create view"] = BinlogEventKind.CreateView,
        ["drop view"] = BinlogEventKind.DropView,
        ["add table partition"] = BinlogEventKind.AddTablePartition,
        ["drop table partition"] = BinlogEventKind.DropTablePartition,
        ["truncate table partition"] = BinlogEventKind.TruncateTablePartition,
        ["add foreign key"] = BinlogEventKind.AddForeignKey,
        ["drop foreign key"] = BinlogEventKind.DropForeignKey,
        ["value range decrease"] = BinlogEventKind.ValueRangeDecrease,
        ["precision decrease"] = BinlogEventKind.PrecisionDecrease,
        ["modify column"] = BinlogEventKind.ModifyColumn,
        ["rename column"] = BinlogEventKind.RenameColumn,
        ["rename index"] = BinlogEventKind.RenameIndex,
        ["drop column"] = BinlogEventKind.DropColumn,
        ["drop primary key"] = BinlogEventKind.DropPrimaryKey,
        ["drop unique key"] = BinlogEventKind.DropUniqueKey,
        ["modify default value"] = BinlogEventKind.ModifyDefaultValue,
        ["modify constraint"] = BinlogEventKind.ModifyConstraint,
        ["modify columns order"] = BinlogEventKind.ModifyColumnsOrder,
        ["modify charset"] = BinlogEventKind.ModifyCharset,
        ["modify collation"] = BinlogEventKind.ModifyCollation,
        ["remove auto increment"] = BinlogEventKind.RemoveAutoIncrement,
        ["modify storage engine"] = BinlogEventKind.ModifyStorageEngine,
        ["reorganize table partition"] = BinlogEventKind.ReorganizePartition,
        ["rebuild table partition"] = BinlogEventKind.RebuildPartition,
        ["coalesce table partition"] = BinlogEventKind.CoalescePartition,
        ["split table partition"] = BinlogEventKind.SplitPartition,
        ["exchange table partition"] = BinlogEventKind.ExchangePartition,
        ["modify schema charset and collate"] = BinlogEventKind.ModifySchemaCharsetAndCollate,
        ["modify table charset and collate"] = BinlogEventKind.ModifyTableCharsetAndCollate,
        ["modify table comment"] = BinlogEventKind.ModifyTableComment,
        ["recover table"] = BinlogEventKind.RecoverTable,
        ["alter table partitioning"] = BinlogEventKind.AlterTablePartitioning,
        ["remove table partitioning"] = BinlogEventKind.RemovePartitioning,
        ["add column"] = BinlogEventKind.AddColumn,
        ["set default value"] = BinlogEventKind.SetDefaultValue,
        ["rebase auto id"] = BinlogEventKind.RebaseAutoId,
        ["add primary key"] = BinlogEventKind.AddPrimaryKey,
        ["alter index visibility"] = BinlogEventKind.AlterIndexVisibility,
        ["alter ttl info"] = BinlogEventKind.AlterTtlInfo,
        ["alter ttl remove"] = BinlogEventKind.AlterTtlRemove,
        ["multi schema change"] = BinlogEventKind.MultiSchemaChange,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // A name here ends the list for the kinds it stands for.
    private static readonly FrozenDictionary<string, BinlogEventKind> Exclusions = new Dictionary<string, BinlogEventKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = BinlogEventKind.All,
        ["none dml"] = BinlogEventKind.AllDml,
        ["none ddl"] = BinlogEventKind.AllDdl,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>All names that a task file may have.</summary>
    public static IEnumerable<string> All => Kinds.Keys.Concat(Exclusions.Keys).Order(StringComparer.Ordinal);

    /// <summary>Whether a task file may have this name.</summary>
    public static bool IsKnown(string name) => Kinds.ContainsKey(name) || Exclusions.ContainsKey(name);

    /// <summary>The kinds that a list of known names stands for: the first entry that speaks of a kind decides.</summary>
    public static BinlogEventKind Combine(IEnumerable<string> names)
    {
        BinlogEventKind included = BinlogEventKind.None, excluded = BinlogEventKind.None;
        foreach (var name in names)
        {
            if (Exclusions.TryGetValue(name, out var exclusion))
                excluded |= exclusion & ~included;
            else
                included |= Kinds[name] & ~excluded;
        }

        return included;
    }

    /// <summary>The names of single kinds, for messages.</summary>
    public static string Describe(BinlogEventKind kinds)
    {
        var names = Kinds.Where(k => ulong.PopCount((ulong)k.Value) == 1 && (kinds & k.Value) != BinlogEventKind.None).Select(k => k.Key).Where(n => !n.EndsWith(" schema", StringComparison.Ordinal));
        return kinds == BinlogEventKind.None ? "statement" : string.Join(", ", names.Order(StringComparer.Ordinal));
    }
}
