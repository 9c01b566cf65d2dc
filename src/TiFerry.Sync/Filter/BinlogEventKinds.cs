using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Tracking;

namespace TiFerry.Sync.Filter;

/// <summary>Says which kinds of DM's binlog event filter a statement is.</summary>
public static class BinlogEventKinds
{
    /// <summary>All kinds of a statement.</summary>
    /// <param name="statement">The statement, or a piece of it.</param>
    /// <param name="before">The table as it was; null where it isn't known, which leaves out the kinds that need it.</param>
    /// <param name="after">The table as the statement leaves it; null where it isn't known.</param>
    /// <returns>The kinds; <see cref="BinlogEventKind.None"/> for a statement that can be filtered by its text only.</returns>
    public static BinlogEventKind Of(SqlStatement statement, TableDefinition? before = null, TableDefinition? after = null)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return statement switch
        {
            CreateDatabase => BinlogEventKind.CreateDatabase,
            DropDatabase => BinlogEventKind.DropDatabase,
            AlterDatabase alter => BinlogEventKind.AlterDatabase | If(alter.Options.Any(IsCharset), BinlogEventKind.ModifySchemaCharsetAndCollate),
            CreateTable => BinlogEventKind.CreateTable,
            DropTable => BinlogEventKind.DropTable,
            TruncateTable => BinlogEventKind.TruncateTable,
            RenameTable => BinlogEventKind.RenameTable,
            CreateIndex => BinlogEventKind.CreateIndex,
            DropIndex drop => OfDroppedKey(drop.Name, before),
            AlterTable alter => OfAlter(alter, before, after),
            _ => statement.Kind switch
            {
                StatementKind.CreateView => BinlogEventKind.CreateView,
                StatementKind.DropView => BinlogEventKind.DropView,
                _ => BinlogEventKind.None,
            },
        };
    }

    private static BinlogEventKind OfAlter(AlterTable alter, TableDefinition? before, TableDefinition? after)
    {
        var kinds = BinlogEventKind.AlterTable;
        var changes = 0;
        foreach (var specification in alter.Specifications)
        {
            if (specification is AlgorithmClause or LockClause or ValidationClause)
                continue;
            changes++;
            kinds |= OfSpecification(specification, before);
        }

        kinds |= before is not null && after is not null ? ColumnChanges.Between(before, after, alter) : ColumnChanges.Assumed(alter);
        return kinds | If(changes > 1, BinlogEventKind.MultiSchemaChange);
    }

    private static BinlogEventKind OfSpecification(AlterSpecification specification, TableDefinition? before) => specification switch
    {
        AddColumn add => OfElement(add.Column),
        AddColumns add => add.Elements.Aggregate(BinlogEventKind.None, (kinds, element) => kinds | OfElement(element)),
        DropColumn => BinlogEventKind.DropColumn,
        ModifyColumn modify => OfAttributes(modify.Column),
        ChangeColumn change => OfAttributes(change.Column),
        RenameColumn => BinlogEventKind.RenameColumn,
        SetColumnDefault or DropColumnDefault => BinlogEventKind.SetDefaultValue | BinlogEventKind.ModifyDefaultValue,
        AddKey add => OfElement(add.Key),
        DropKey drop => OfDroppedKey(drop.Name, before),
        DropPrimaryKey => BinlogEventKind.DropPrimaryKey,
        RenameKey => BinlogEventKind.RenameIndex,
        SetKeyVisibility or SetKeyIgnored => BinlogEventKind.AlterIndexVisibility,
        AddForeignKey => BinlogEventKind.AddForeignKey,
        DropForeignKey => BinlogEventKind.DropForeignKey,
        DropConstraint drop => OfDroppedConstraint(drop.Name, before),
        AddCheck or DropCheck or SetCheckEnforced => BinlogEventKind.ModifyConstraint,
        RenameTo => BinlogEventKind.RenameTable,
        ConvertToCharset => BinlogEventKind.ModifyTableCharsetAndCollate,
        SetTableOption option => OfOption(option.Option),
        AddPartition or ConvertTableToPartition => BinlogEventKind.AddTablePartition,
        DropPartition or ConvertPartitionToTable => BinlogEventKind.DropTablePartition,
        TruncatePartition => BinlogEventKind.TruncateTablePartition,
        CoalescePartition => BinlogEventKind.CoalescePartition,
        ReorganizePartition => BinlogEventKind.ReorganizePartition,
        ExchangePartition => BinlogEventKind.ExchangePartition,
        MaintainPartition { Operation: "REBUILD" } => BinlogEventKind.RebuildPartition,
        PartitionBy => BinlogEventKind.AlterTablePartitioning,
        RemovePartitioning => BinlogEventKind.RemovePartitioning,
        OtherSpecification { Keyword: "REMOVE TTL" } => BinlogEventKind.AlterTtlRemove,
        OtherSpecification other when other.Keyword.StartsWith("SPLIT", StringComparison.Ordinal) => BinlogEventKind.SplitPartition,
        _ => BinlogEventKind.None,
    };

    // What changes in the column itself is told by ColumnChanges.
    private static BinlogEventKind OfAttributes(ColumnDefinition column) =>
        If(column.IsPrimaryKey, BinlogEventKind.AddPrimaryKey) | If(column.IsUniqueKey, BinlogEventKind.CreateIndex);

    private static BinlogEventKind OfElement(TableElement element) => element switch
    {
        ColumnDefinition column => BinlogEventKind.AddColumn
            | If(column.IsPrimaryKey, BinlogEventKind.AddPrimaryKey)
            | If(column.IsUniqueKey, BinlogEventKind.CreateIndex)
            | If(column.References is not null, BinlogEventKind.AddForeignKey),
        KeyDefinition key => key.Type == KeyType.Primary ? BinlogEventKind.AddPrimaryKey : BinlogEventKind.CreateIndex,
        ForeignKeyDefinition => BinlogEventKind.AddForeignKey,
        CheckDefinition => BinlogEventKind.ModifyConstraint,
        _ => BinlogEventKind.None,
    };

    private static BinlogEventKind OfDroppedKey(string name, TableDefinition? before)
    {
        if (name.Equals("PRIMARY", StringComparison.OrdinalIgnoreCase))
            return BinlogEventKind.DropPrimaryKey | BinlogEventKind.DropIndex;
        return BinlogEventKind.DropIndex | If(IsUnique(before, name), BinlogEventKind.DropUniqueKey);
    }

    private static BinlogEventKind OfDroppedConstraint(string name, TableDefinition? before) =>
        BinlogEventKind.ModifyConstraint
        | If(name.Equals("PRIMARY", StringComparison.OrdinalIgnoreCase), BinlogEventKind.DropPrimaryKey)
        | If(IsUnique(before, name), BinlogEventKind.DropUniqueKey)
        | If(before?.ForeignKeys.Any(k => name.Equals(k.ConstraintName, StringComparison.OrdinalIgnoreCase)) == true, BinlogEventKind.DropForeignKey);

    private static BinlogEventKind OfOption(OptionClause option) => option.Name switch
    {
        "CHARACTER SET" or "COLLATE" => BinlogEventKind.ModifyTableCharsetAndCollate,
        "COMMENT" => BinlogEventKind.ModifyTableComment,
        "ENGINE" => BinlogEventKind.ModifyStorageEngine,
        "AUTO_INCREMENT" or "FORCE AUTO_INCREMENT" or "AUTO_RANDOM_BASE" or "FORCE AUTO_RANDOM_BASE" => BinlogEventKind.RebaseAutoId,
        "TTL" or "TTL_ENABLE" or "TTL_JOB_INTERVAL" => BinlogEventKind.AlterTtlInfo,
        _ => BinlogEventKind.None,
    };

    private static bool IsCharset(OptionClause option) => option.Name is "CHARACTER SET" or "COLLATE";

    private static bool IsUnique(TableDefinition? table, string key) =>
        table?.Keys.Any(k => k.Type == KeyType.Unique && key.Equals(k.Name, StringComparison.OrdinalIgnoreCase)) == true;

    private static BinlogEventKind If(bool condition, BinlogEventKind kind) => condition ? kind : BinlogEventKind.None;
}
