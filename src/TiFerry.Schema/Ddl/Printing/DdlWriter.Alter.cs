using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Printing;

internal sealed partial class DdlWriter
{
    public void Specification(AlterSpecification specification)
    {
        switch (specification)
        {
            case AddColumn add:
                Write("ADD COLUMN ");
                WriteIf(add.IfNotExists, "IF NOT EXISTS ");
                Column(add.Column);
                Position(add.Position);
                break;
            case AddColumns add:
                Write(add.IfNotExists ? "ADD COLUMN IF NOT EXISTS (" : "ADD (").List(add.Elements, Element).Write(")");
                break;
            case DropColumn drop:
                Drop("DROP COLUMN ", drop.IfExists).Name(drop.Name);
                break;
            case ModifyColumn modify:
                Drop("MODIFY COLUMN ", modify.IfExists);
                Column(modify.Column);
                Position(modify.Position);
                break;
            case ChangeColumn change:
                Drop("CHANGE COLUMN ", change.IfExists).Name(change.OldName).Write(" ");
                Column(change.Column);
                Position(change.Position);
                break;
            case RenameColumn rename:
                Drop("RENAME COLUMN ", rename.IfExists).Name(rename.OldName).Write(" TO ").Name(rename.NewName);
                break;
            case SetColumnDefault set:
                Drop("ALTER COLUMN ", set.IfExists).Name(set.Name).Write(" SET DEFAULT ").Write(set.Default.Expression.Text);
                break;
            case DropColumnDefault drop:
                Drop("ALTER COLUMN ", drop.IfExists).Name(drop.Name).Write(" DROP DEFAULT");
                break;
            case SetColumnVisibility set:
                Write("ALTER COLUMN ").Name(set.Name).Write(set.IsVisible ? " SET VISIBLE" : " SET INVISIBLE");
                break;
            default:
                KeySpecification(specification);
                break;
        }
    }

    // "DROP COLUMN IF EXISTS " and its likes.
    private DdlWriter Drop(string words, bool ifExists) => Write(words).Write(ifExists ? "IF EXISTS " : "");

    private void Position(ColumnPosition position)
    {
        WriteIf(position.IsFirst, " FIRST");
        if (position.After is { } after)
            Write(" AFTER ").Name(after);
    }

    private void KeySpecification(AlterSpecification specification)
    {
        switch (specification)
        {
            case AddKey add:
                Write("ADD ").Key(add.Key);
                break;
            case AddForeignKey add:
                Write("ADD ").ForeignKey(add.ForeignKey);
                break;
            case AddCheck add:
                Write("ADD ").Check(add.Check);
                break;
            case AddPeriod add:
                Write("ADD ").Period(add.Period);
                break;
            case DropKey drop:
                Drop("DROP KEY ", drop.IfExists).Name(drop.Name);
                break;
            case DropPrimaryKey drop:
                Write(drop.IfExists ? "DROP PRIMARY KEY IF EXISTS" : "DROP PRIMARY KEY");
                break;
            case DropForeignKey drop:
                Drop("DROP FOREIGN KEY ", drop.IfExists).Name(drop.Name);
                break;
            case DropCheck drop:
                Write("DROP CHECK ").Name(drop.Name);
                break;
            case DropConstraint drop:
                Drop("DROP CONSTRAINT ", drop.IfExists).Name(drop.Name);
                break;
            case DropPeriod drop:
                Write(drop.IfExists ? "DROP PERIOD IF EXISTS FOR " : "DROP PERIOD FOR ").PeriodName(drop.Name);
                break;
            case RenameKey rename:
                Drop("RENAME KEY ", rename.IfExists).Name(rename.OldName).Write(" TO ").Name(rename.NewName);
                break;
            case SetKeyVisibility set:
                Write("ALTER INDEX ").Name(set.Name).Write(set.IsVisible ? " VISIBLE" : " INVISIBLE");
                break;
            case SetKeyIgnored set:
                Drop("ALTER KEY ", set.IfExists).Name(set.Name).Write(set.IsIgnored ? " IGNORED" : " NOT IGNORED");
                break;
            case SetCheckEnforced set:
                Write("ALTER CHECK ").Name(set.Name).Write(set.IsEnforced ? " ENFORCED" : " NOT ENFORCED");
                break;
            default:
                TableSpecification(specification);
                break;
        }
    }

    private void TableSpecification(AlterSpecification specification)
    {
        switch (specification)
        {
            case SetKeysEnabled set:
                Write(set.IsEnabled ? "ENABLE KEYS" : "DISABLE KEYS");
                break;
            case RenameTo rename:
                Write("RENAME TO ").Name(rename.NewName);
                break;
            case ConvertToCharset convert:
                Write("CONVERT TO CHARACTER SET ").Write(convert.Charset ?? "DEFAULT");
                if (convert.Collation is { } collation)
                    Write(" COLLATE ").Write(collation);
                break;
            case SetTableOption set:
                Option(set.Option);
                break;
            case SetSystemVersioning set:
                Write(set.IsAdded ? "ADD SYSTEM VERSIONING" : "DROP SYSTEM VERSIONING");
                break;
            case OrderRowsBy order:
                Write("ORDER BY ").List(order.Columns, KeyPart);
                break;
            case MoveTablespace move:
                Write(move.IsImport ? "IMPORT TABLESPACE" : "DISCARD TABLESPACE");
                break;
            case Force:
                Write("FORCE");
                break;
            case AlgorithmClause algorithm:
                Write("ALGORITHM=").Write(algorithm.Value);
                break;
            case LockClause @lock:
                Write("LOCK=").Write(@lock.Value);
                break;
            case ValidationClause validation:
                Validation(validation.IsWith);
                break;
            case OtherSpecification other:
                Write(other.Text.Text);
                break;
            default:
                PartitionSpecification(specification);
                break;
        }
    }

    private void Validation(bool? isWith)
    {
        if (isWith is { } value)
            Write(value ? "WITH VALIDATION" : "WITHOUT VALIDATION");
    }

    private void PartitionSpecification(AlterSpecification specification)
    {
        switch (specification)
        {
            case PartitionBy by:
                Partitioning(by.Partitioning);
                break;
            case RemovePartitioning:
                Write("REMOVE PARTITIONING");
                break;
            case AddPartition add:
                Write("ADD PARTITION ");
                WriteIf(add.IfNotExists, "IF NOT EXISTS ");
                if (add.Count is { } count)
                    Write("PARTITIONS ").Write(count);
                else
                    PartitionList(add.Partitions);
                break;
            case DropPartition drop:
                Drop("DROP PARTITION ", drop.IfExists).Names(drop.Names);
                break;
            case TruncatePartition truncate:
                Write("TRUNCATE PARTITION ").PartitionNames(truncate.Names);
                break;
            case CoalescePartition coalesce:
                Write("COALESCE PARTITION ").Write(coalesce.Count);
                break;
            case ReorganizePartition reorganize:
                Write("REORGANIZE PARTITION");
                if (reorganize.Names.Count > 0)
                    Write(" ").Names(reorganize.Names).Write(" INTO ").PartitionList(reorganize.Partitions);
                break;
            case ExchangePartition exchange:
                Write("EXCHANGE PARTITION ").Name(exchange.Name).Write(" WITH TABLE ").Name(exchange.Table);
                WriteIf(exchange.HasValidation is not null, " ");
                Validation(exchange.HasValidation);
                break;
            case ConvertPartitionToTable convert:
                Write("CONVERT PARTITION ").Name(convert.Name).Write(" TO TABLE ").Name(convert.Table);
                break;
            case ConvertTableToPartition convert:
                Write("CONVERT TABLE ").Name(convert.Table).Write(" TO ").Partition(convert.Partition);
                WriteIf(convert.HasValidation is not null, " ");
                Validation(convert.HasValidation);
                break;
            default:
                var maintain = (MaintainPartition)specification;
                Write(maintain.Operation).Write(" PARTITION ").PartitionNames(maintain.Names);
                if (maintain.Tail is { } tail)
                    Write(" ").Write(tail.Text);
                break;
        }
    }

    private void PartitionNames(NodeList<string> names)
    {
        if (names.Count == 0)
            Write("ALL");
        else
            Names(names);
    }
}
