using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Tables;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Tracking;

/// <content>The single steps, and putting their outcome together.</content>
internal sealed partial class TableAlteration
{
    private const string SystemVersioning = "WITH SYSTEM VERSIONING";

    /// <summary>A column that is added, changed or moved.</summary>
    /// <param name="OldName">The column it takes the place of; null for a new one.</param>
    /// <param name="Written">Its definition.</param>
    /// <param name="Position">Where it goes.</param>
    private sealed record NewColumn(string? OldName, ColumnDefinition Written, ColumnPosition Position)
    {
        /// <summary>The name under which keys look for it.</summary>
        public string KeyName { get; init; } = OldName ?? Written.Name;

        public bool StaysInPlace => OldName is not null && Position == default;
    }

    private static bool Same(string? a, string? b) => TableDefinition.ColumnNames.Equals(a, b);

    private void Add(TableElement element, bool ifNotExists)
    {
        switch (element)
        {
            case ColumnDefinition column:
                Add(column, default, ifNotExists);
                break;
            case KeyDefinition key when !(ifNotExists || key.IfNotExists) || !HasKeyNow(key.Type == KeyType.Primary ? "PRIMARY" : key.Name ?? key.Parts[0].Column):
                _newConstraints.Add(key);
                break;
            case ForeignKeyDefinition foreignKey when !(ifNotExists || foreignKey.IfNotExists) || !_table.ForeignKeys.Any(f => Same(f.ConstraintName, foreignKey.ConstraintName ?? foreignKey.IndexName)):
                _newConstraints.Add(foreignKey);
                break;
            case CheckDefinition check when !(ifNotExists || check.IfNotExists) || !_table.Checks.Any(c => Same(c.ConstraintName, check.ConstraintName)):
                _newConstraints.Add(check);
                break;
            case PeriodDefinition period when !(ifNotExists || period.IfNotExists) || !_periods.Exists(p => Same(p.Name, period.Name)):
                _periods.Add(period with { IfNotExists = false, Span = default });
                _newConstraints.Add(period);
                break;
            default:
                break;
        }
    }

    private void Add(ColumnDefinition column, ColumnPosition position, bool ifNotExists)
    {
        var exists = (_table.IndexOf(column.Name) >= 0 && !_droppedColumns.Contains(column.Name)) || _newColumns.Exists(c => c.OldName is null && Same(c.Written.Name, column.Name));
        AddKeysOf(column, ifNotExists);
        if (!ifNotExists || !exists)
            _newColumns.Add(new NewColumn(null, column, position));
    }

    private void Change(string oldName, ColumnDefinition column, ColumnPosition position, string clause, bool ifExists)
    {
        AddKeysOf(column, ifExists);
        // MariaDB lets a statement change the column that it adds.
        var isGone = _table.IndexOf(oldName) < 0 || _droppedColumns.Contains(oldName) || _newColumns.Exists(c => Same(c.OldName, oldName));
        var added = isGone && !ifExists ? _newColumns.FindIndex(c => c.OldName is null && Same(c.Written.Name, column.Name)) : -1;
        if (added >= 0)
            _newColumns.RemoveAt(added);
        if (added >= 0 || Has(oldName, clause, ifExists))
            _newColumns.Add(new NewColumn(added >= 0 ? null : oldName, column, position) { KeyName = oldName });
    }

    // With IF [NOT] EXISTS, MariaDB looks for the keys that are written with a column by their own names, whether the column is there or not.
    private void AddKeysOf(ColumnDefinition column, bool ifNotExists) => _newConstraints.Add(!ifNotExists ? column : column with
    {
        IsPrimaryKey = column.IsPrimaryKey && !HasKeyNow("PRIMARY"),
        IsUniqueKey = column.IsUniqueKey && !HasKeyNow(column.Name),
    });

    // New and moved columns can be altered in the same statement.
    private void Alter(string name, bool ifExists, Func<ColumnDefinition, ColumnDefinition> change)
    {
        if (_newColumns.Exists(c => Same(c.Written.Name, name)) || Has(name, "ALTER COLUMN", ifExists))
            _alteredColumns.Add((name, change));
    }

    private ColumnDefinition Altered(ColumnDefinition column) =>
        _alteredColumns.Where(a => Same(a.Name, column.Name)).Aggregate(column, (altered, a) => a.Change(altered));

    private void AlterKey(string name, Func<KeyDefinition, KeyDefinition> change)
    {
        var before = _alteredKeys.GetValueOrDefault(name);
        _alteredKeys[name] = before is null ? change : k => change(before(k));
    }

    private void DropKey(string name, bool ifExists)
    {
        if (HasKey(name, "DROP KEY", ifExists))
            _droppedKeys.Add(name);
    }

    private void DropConstraint(string name, bool ifExists)
    {
        if (_table.Checks.Any(c => Same(c.ConstraintName, name)))
            _droppedChecks.Add(name);
        else if (_table.ForeignKeys.Any(f => Same(f.ConstraintName, name)))
            _droppedForeignKeys.Add(name);
        else if (_table.Keys.Any(k => k.Type is KeyType.Primary or KeyType.Unique && Same(k.Name, name)))
            _droppedKeys.Add(name);
        else if (!ifExists)
            throw TrackerErrors.CannotFollow(_table.Name, "DROP CONSTRAINT", $"it has no constraint {TableName.Quote(name)}");
    }

    private bool Has(string column, string clause, bool ifExists)
    {
        if (_table.IndexOf(column) >= 0)
            return true;
        return ifExists ? false : throw TrackerErrors.NoColumn(_table.Name, clause, column);
    }

    private bool HasKey(string name, string clause, bool ifExists)
    {
        if (_table.Keys.Any(k => Same(k.Name, name)))
            return true;
        return ifExists ? false : throw TrackerErrors.CannotFollow(_table.Name, clause, $"it has no key {TableName.Quote(name)}");
    }

    private bool HasKeyNow(string? name) =>
        (_table.Keys.Any(k => Same(k.Name, name)) && !_droppedKeys.Contains(name!)) || _newConstraints.Exists(c => c is KeyDefinition key ? Same(key.Name, name) : c is ColumnDefinition { IsUniqueKey: true } column && Same(column.Name, name));

    private TableDefinition Finish(Func<CharsetChoice> database)
    {
        var converted = _conversion is null ? (CharsetChoice?)null : TargetOf(_conversion, database);
        var charset = converted ?? _options.Charset(_table.DefaultCharset);
        var completed = _newColumns.ConvertAll(c => _rules.Complete(c.Written, charset));
        PlaceColumns(completed);
        if (converted is { } target)
            _rules.Convert(_draft.Columns, target);
        KeepKeys();
        KeepConstraints();
        AddConstraints();
        if (LeavesCharset())
            charset = _table.DefaultCharset;
        return _draft.Finish(_table with
        {
            Periods = [.. _periods.Select(RenameColumns)],
            Engine = _options.Engine ?? _table.Engine,
            Charset = charset.Name,
            Collation = charset.Collation,
            Comment = _options.Comment ?? _table.Comment,
            Options = Versioned(_options.Others(_table.Options)),
            Partitioning = _partitioning,
        });
    }

    // MySQL 5.6 converts the columns to DEFAULT, but not the table's own default; and it does nothing where there is no column to convert.
    private bool LeavesCharset()
    {
        if (_conversion is null || _rules.Dialect is not { Flavour: ServerFlavour.MySql, Version: < 50700 })
            return false;
        return CharsetRules.IsDefault(_conversion.Charset ?? "default") || (_isOnlyConversion && _draft.Columns.SequenceEqual(_table.Columns));
    }

    private CharsetChoice TargetOf(ConvertToCharset conversion, Func<CharsetChoice> database)
    {
        var charsets = new CharsetRules(_rules.Dialect, _rules.Context);
        return conversion.Charset is { } charset && !CharsetRules.IsDefault(charset)
            ? charsets.Resolve(charset, conversion.Collation, _table.DefaultCharset)
            : charsets.Resolve(null, conversion.Collation, charsets.Default(database()));
    }

    private void PlaceColumns(List<ColumnDefinition> completed)
    {
        foreach (var column in _table.Columns)
        {
            if (_droppedColumns.Contains(column.Name))
                continue;
            var change = _newColumns.FindIndex(c => Same(c.OldName, column.Name));
            if (change >= 0)
            {
                Place(_draft.Columns.Count, completed[change], column.Name);
                if (!Same(column.Name, completed[change].Name))
                    _renamedColumns[column.Name] = completed[change].Name;
                continue;
            }

            var kept = Altered(column);
            Place(_draft.Columns.Count, kept with { Name = _renamedColumns.GetValueOrDefault(column.Name) ?? kept.Name }, column.Name);
        }

        for (var i = 0; i < _newColumns.Count; i++)
        {
            if (_newColumns[i].StaysInPlace)
                continue;
            var before = _draft.Columns.FindIndex(c => ReferenceEquals(c, completed[i]));
            if (before >= 0)
                Displace(before);
            Place(PlaceOf(_newColumns[i]), Altered(completed[i]), _newColumns[i].KeyName);
        }

        if (_draft.Columns.GroupBy(c => c.Name, TableDefinition.ColumnNames).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TrackerErrors.CannotFollow(_table.Name, $"column {TableName.Quote(twice.Key)}", "there is a column of that name already");
        for (var i = 0; i < _draft.Columns.Count; i++)
            _draft.Columns[i] = RenameColumns(_draft.Columns[i]);
    }

    private void Place(int index, ColumnDefinition column, string oldName)
    {
        _draft.Columns.Insert(index, column);
        _oldNames.Insert(index, oldName);
    }

    private void Displace(int index)
    {
        _draft.Columns.RemoveAt(index);
        _oldNames.RemoveAt(index);
    }

    private int PlaceOf(NewColumn column)
    {
        if (column.Position.IsFirst)
            return HasRowId ? 1 : 0;
        if (column.Position.After is not { } after)
            return _draft.Columns.Count;
        var place = _draft.Columns.FindIndex(c => Same(c.Name, after));
        return place >= 0 ? place + 1 : throw TrackerErrors.NoColumn(_table.Name, $"AFTER {TableName.Quote(after)}", after);
    }

    // Nothing comes before the primary key that MySQL made.
    private bool HasRowId => _rules.Dialect.Flavour == ServerFlavour.MySql && _draft.Columns is [{ Name: TableCreation.RowIdColumn, IsVisible: false, IsAutoIncrement: true }, ..];

    private void KeepKeys()
    {
        foreach (var key in _table.Keys)
        {
            if (_droppedKeys.Contains(key.Name!))
                continue;
            var parts = key.Parts.Select(p => Keep(p, key)).OfType<KeyPart>().ToList();
            if (parts.Count == 0)
                continue;
            var isAltered = _alteredKeys.TryGetValue(key.Name!, out var alter);
            var kept = key with { Parts = [.. parts] };
            _draft.Keep(isAltered ? alter!(kept) : kept, isServerMade: _table.ServerMadeKeys.Contains(key.Name!, TableDefinition.ColumnNames));
        }
    }

    private KeyPart? Keep(KeyPart part, KeyDefinition key)
    {
        if (part.Column is not { } name)
            return part with { Expression = ExpressionText.RenameColumns(part.Expression!, _renamedColumns, _rules.Dialect) };
        // The first column that had the name, or is new and has it, takes the part.
        var place = _oldNames.FindIndex(n => Same(n, name));
        if (place < 0)
            return null;
        var renamed = part with { Column = _draft.Columns[place].Name };
        var before = _table.Columns[_table.IndexOf(name)].Type;
        var after = _draft.Columns[place].Type;
        var isNew = _newColumns.Exists(c => c.OldName is null && Same(c.Written.Name, renamed.Column));
        // A column that replaces a dropped one is covered as far as the bytes of the old one went.
        if (isNew && TypeRules.CanHavePrefix(after.Name))
            return renamed with { PrefixLength = part.PrefixLength ?? TypeRules.KeyLength(before) };
        if (part.PrefixLength is not { } prefix || key.Type is KeyType.Fulltext or KeyType.Spatial)
            return renamed;
        var canKeep = TypeRules.CanHavePrefix(before.Name) && TypeRules.CanHavePrefix(after.Name)
            && prefix <= (TypeRules.IsLong(after.Name) ? TypeRules.MaxBytesOf(after.Name) : after.Length ?? long.MaxValue);
        return canKeep ? renamed : renamed with { PrefixLength = null };
    }

    private void KeepConstraints()
    {
        foreach (var foreignKey in _table.ForeignKeys)
        {
            if (!_droppedForeignKeys.Contains(foreignKey.ConstraintName!))
                _draft.Keep(foreignKey with { Columns = [.. foreignKey.Columns.Select(c => _renamedColumns.GetValueOrDefault(c) ?? c)] });
        }

        foreach (var check in _table.Checks)
        {
            if (_droppedChecks.Contains(check.ConstraintName!) || IsOnlyAbout(check, _droppedColumns))
                continue;
            var kept = check with { Expression = ExpressionText.RenameColumns(check.Expression, _renamedColumns, _rules.Dialect) };
            _draft.Keep(_enforcedChecks.TryGetValue(check.ConstraintName!, out var isEnforced) ? kept with { IsEnforced = isEnforced ? null : false } : kept);
        }
    }

    // MySQL drops a check together with the one column that it is about.
    private bool IsOnlyAbout(CheckDefinition check, HashSet<string> columns) =>
        columns.Count > 0 && _rules.Dialect.Flavour != ServerFlavour.MariaDb && ExpressionText.Mentions(check.Expression, columns, _rules.Dialect);

    private void AddConstraints()
    {
        foreach (var element in _newConstraints)
        {
            switch (element)
            {
                case ColumnDefinition column:
                    _draft.AddInline(column);
                    break;
                case KeyDefinition key:
                    _draft.Add(key);
                    break;
                case ForeignKeyDefinition foreignKey:
                    _draft.Add(foreignKey);
                    break;
                case CheckDefinition check:
                    _draft.Add(check);
                    break;
                case PeriodDefinition period:
                    _draft.MakeNotNull(period.Start);
                    _draft.MakeNotNull(period.End);
                    break;
                default:
                    break;
            }
        }
    }

    private ColumnDefinition RenameColumns(ColumnDefinition column)
    {
        if (_renamedColumns.Count == 0)
            return column;
        return column with
        {
            Generated = column.Generated is { } generated ? generated with { Expression = ExpressionText.RenameColumns(generated.Expression, _renamedColumns, _rules.Dialect) } : null,
            Default = column.Default is { Kind: DefaultKind.Expression } value ? value with { Expression = ExpressionText.RenameColumns(value.Expression, _renamedColumns, _rules.Dialect) } : column.Default,
            Checks = [.. column.Checks.Select(c => c with { Expression = ExpressionText.RenameColumns(c.Expression, _renamedColumns, _rules.Dialect) })],
        };
    }

    private PeriodDefinition RenameColumns(PeriodDefinition period) =>
        period with { Start = _renamedColumns.GetValueOrDefault(period.Start) ?? period.Start, End = _renamedColumns.GetValueOrDefault(period.End) ?? period.End };

    private NodeList<OptionClause> Versioned(NodeList<OptionClause> options)
    {
        if (_isVersioned is not { } isVersioned)
            return options;
        var others = options.Where(o => o.Name != SystemVersioning);
        return isVersioned ? [.. others, new OptionClause(SystemVersioning, "", OptionValueKind.None)] : [.. others];
    }
}
