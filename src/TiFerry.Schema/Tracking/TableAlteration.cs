using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Tracking;

/// <summary>
/// ALTER TABLE. Servers don't carry out the specifications one after another: what exists is dropped and changed first, at its place; new and moved
/// columns come next, in the order of the text; new keys are named at the end (mysql_prepare_alter_table of the servers).
/// </summary>
internal sealed partial class TableAlteration
{
    private readonly TableDefinition _table;
    private readonly ColumnRules _rules;
    private readonly TableOptions _options;
    private readonly TableDraft _draft;

    private readonly HashSet<string> _droppedColumns = new(TableDefinition.ColumnNames);
    private readonly HashSet<string> _droppedKeys = new(TableDefinition.ColumnNames);
    private readonly HashSet<string> _droppedForeignKeys = new(TableDefinition.ColumnNames);
    private readonly HashSet<string> _droppedChecks = new(TableDefinition.ColumnNames);
    private readonly Dictionary<string, bool> _enforcedChecks = new(TableDefinition.ColumnNames);
    private readonly List<(string Name, Func<ColumnDefinition, ColumnDefinition> Change)> _alteredColumns = [];
    private readonly Dictionary<string, string> _renamedColumns = new(TableDefinition.ColumnNames);
    private readonly Dictionary<string, Func<KeyDefinition, KeyDefinition>> _alteredKeys = new(TableDefinition.ColumnNames);
    private readonly List<NewColumn> _newColumns = [];
    private readonly List<TableElement> _newConstraints = [];
    private readonly List<PeriodDefinition> _periods;

    // The names under which keys look for the columns of the draft, at the same places.
    private readonly List<string> _oldNames = [];
    private ConvertToCharset? _conversion;
    private Partitioning? _partitioning;
    private bool? _isVersioned;
    private bool _isOnlyConversion = true;

    private TableAlteration(TableDefinition table, ColumnRules rules, Func<CharsetChoice> database)
    {
        _table = table;
        _rules = rules;
        _options = new TableOptions(rules, database);
        _draft = new TableDraft(table.Name, rules);
        _periods = [.. table.Periods];
        _partitioning = table.Partitioning;
    }

    /// <summary>The table after the statement, under its old name.</summary>
    /// <param name="table">The table before.</param>
    /// <param name="specifications">The changes. RENAME is left to the caller.</param>
    /// <param name="rules">The server and the session.</param>
    /// <param name="database">The default character set of the database.</param>
    public static TableDefinition Apply(TableDefinition table, IEnumerable<AlterSpecification> specifications, ColumnRules rules, Func<CharsetChoice> database)
    {
        var alteration = new TableAlteration(table, rules, database);
        foreach (var specification in specifications)
        {
            alteration.Gather(specification);
            alteration._isOnlyConversion &= specification is ConvertToCharset;
        }

        return alteration.Finish(database);
    }

    private void Gather(AlterSpecification specification)
    {
        switch (specification)
        {
            case AddColumn add:
                Add(add.Column, add.Position, add.IfNotExists);
                break;
            case AddColumns add:
                foreach (var element in add.Elements)
                    Add(element, add.IfNotExists);
                break;
            case DropColumn drop:
                if (Has(drop.Name, "DROP COLUMN", drop.IfExists))
                    _droppedColumns.Add(drop.Name);
                break;
            case ModifyColumn modify:
                Change(modify.Column.Name, modify.Column, modify.Position, "MODIFY COLUMN", modify.IfExists);
                break;
            case ChangeColumn change:
                Change(change.OldName, change.Column, change.Position, "CHANGE COLUMN", change.IfExists);
                break;
            case RenameColumn rename:
                if (Has(rename.OldName, "RENAME COLUMN", rename.IfExists))
                    _renamedColumns[rename.OldName] = rename.NewName;
                break;
            case SetColumnDefault set:
                Alter(set.Name, set.IfExists, c => c with { Default = DefaultRules.Complete(set.Default, c.Type, _rules.Dialect) });
                break;
            case DropColumnDefault drop:
                Alter(drop.Name, drop.IfExists, c => c with { Default = null });
                break;
            case SetColumnVisibility set:
                Alter(set.Name, ifExists: false, c => c with { IsVisible = set.IsVisible ? null : false });
                break;
            default:
                GatherConstraint(specification);
                break;
        }
    }

    private void GatherConstraint(AlterSpecification specification)
    {
        switch (specification)
        {
            case AddKey add:
                Add(add.Key, ifNotExists: false);
                break;
            case DropKey drop:
                DropKey(drop.Name, drop.IfExists);
                break;
            case DropPrimaryKey:
                DropKey("PRIMARY", ifExists: false);
                break;
            case RenameKey rename:
                if (HasKey(rename.OldName, "RENAME KEY", rename.IfExists))
                    AlterKey(rename.OldName, k => k with { Name = rename.NewName });
                break;
            case SetKeyVisibility set:
                if (HasKey(set.Name, "ALTER INDEX", ifExists: false))
                    AlterKey(set.Name, k => k with { IsVisible = set.IsVisible ? null : false });
                break;
            case SetKeyIgnored set:
                if (HasKey(set.Name, "ALTER KEY", set.IfExists))
                    AlterKey(set.Name, k => k with { IsIgnored = set.IsIgnored ? true : null });
                break;
            case AddForeignKey add:
                Add(add.ForeignKey, ifNotExists: false);
                break;
            case DropForeignKey drop:
                if (_table.ForeignKeys.Any(f => Same(f.ConstraintName, drop.Name)))
                    _droppedForeignKeys.Add(drop.Name);
                else if (!drop.IfExists)
                    throw TrackerErrors.CannotFollow(_table.Name, "DROP FOREIGN KEY", $"it has no foreign key {TableName.Quote(drop.Name)}");
                break;
            case AddCheck add:
                Add(add.Check, ifNotExists: false);
                break;
            case DropCheck drop:
                DropConstraint(drop.Name, ifExists: false);
                break;
            case DropConstraint drop:
                DropConstraint(drop.Name, drop.IfExists);
                break;
            case SetCheckEnforced set:
                _enforcedChecks[set.Name] = set.IsEnforced;
                break;
            case AddPeriod add:
                Add(add.Period, ifNotExists: false);
                break;
            case DropPeriod drop:
                if (_periods.RemoveAll(p => Same(p.Name, drop.Name)) == 0 && !drop.IfExists)
                    throw TrackerErrors.CannotFollow(_table.Name, "DROP PERIOD", $"it has no period {TableName.Quote(drop.Name)}");
                break;
            default:
                GatherTable(specification);
                break;
        }
    }

    private void GatherTable(AlterSpecification specification)
    {
        switch (specification)
        {
            case SetTableOption set:
                _options.Set(set.Option);
                break;
            case ConvertToCharset convert:
                _conversion = convert;
                break;
            case PartitionBy partition:
                _partitioning = Partitions.Complete(partition.Partitioning, _rules.Dialect);
                break;
            case RemovePartitioning:
                _partitioning = null;
                break;
            case AddPartition or DropPartition or CoalescePartition or ReorganizePartition { Partitions.Count: > 0 } or ConvertPartitionToTable or ConvertTableToPartition:
                if (_partitioning is null)
                    throw TrackerErrors.CannotFollow(_table.Name, "the change of partitions", "it has no partitions");
                _partitioning = Partitions.Apply(_partitioning, specification, _table.Name, _rules.Dialect) ?? _partitioning;
                break;
            case SetSystemVersioning set:
                _isVersioned = set.IsAdded;
                break;
            case TruncatePartition or ExchangePartition or MaintainPartition or ReorganizePartition:
            case RenameTo or OrderRowsBy or SetKeysEnabled or MoveTablespace or Force or AlgorithmClause or LockClause or ValidationClause or OtherSpecification:
                break;
            default:
                throw TrackerErrors.CannotFollow(_table.Name, specification.GetType().Name, "this change is not known");
        }
    }
}
