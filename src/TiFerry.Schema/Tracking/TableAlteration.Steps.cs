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
        if (ifNotExists && exists)
            return;
        _newColumns.Add(new NewColumn(null, column, position));
        _newConstraints.Add(column);
    }

    private void Change(string oldName, ColumnDefinition column, ColumnPosition position, string clause, bool ifExists)
    {
        if (!Has(oldName, clause, ifExists))
            return;
        _newColumns.Add(new NewColumn(oldName, column, position));
        _newConstraints.Add(column);
    }

    private void Alter(string name, string clause, bool ifExists, Func<ColumnDefinition, ColumnDefinition> change)
    {
        if (Has(name, clause, ifExists))
            _alteredColumns[name] = change(_alteredColumns.GetValueOrDefault(name) ?? _table.Columns[_table.IndexOf(name)]);
    }

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
        (_table.Keys.Any(k => Same(k.Name, name)) && !_droppedKeys.Contains(name!)) || _newConstraints.Exists(c => c is KeyDefinition key && Same(key.Name, name));

    private TableDefinition Finish(Func<CharsetChoice> database)
    {
        var converted = _conversion is null ? (CharsetChoice?)null : TargetOf(_conversion, database);
        // MySQL converts the columns to DEFAULT, but leaves the table's own default.
        var setsDefault = _rules.Dialect.Flavour == ServerFlavour.MariaDb || !CharsetRules.IsDefault(_conversion?.Charset ?? "default");
        var charset = (setsDefault ? converted : null) ?? _options.Charset(_table.DefaultCharset);
        var completed = _newColumns.ConvertAll(c => _rules.Complete(c.Written, charset));
        if (converted is { } target)
            _rules.Convert(completed, target);
        PlaceColumns(completed, converted);
        KeepKeys();
        KeepConstraints();
        AddConstraints();
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

    private CharsetChoice TargetOf(ConvertToCharset conversion, Func<CharsetChoice> database)
    {
        var charsets = new CharsetRules(_rules.Dialect, _rules.Context);
        return conversion.Charset is { } charset && !CharsetRules.IsDefault(charset)
            ? charsets.Resolve(charset, conversion.Collation, _table.DefaultCharset)
            : charsets.Resolve(null, conversion.Collation, charsets.Default(database()));
    }

    private void PlaceColumns(List<ColumnDefinition> completed, CharsetChoice? converted)
    {
        foreach (var column in _table.Columns)
        {
            if (_droppedColumns.Contains(column.Name))
                continue;
            var change = _newColumns.FindIndex(c => Same(c.OldName, column.Name));
            if (change >= 0)
            {
                if (_newColumns[change].StaysInPlace)
                    _draft.Columns.Add(completed[change]);
                if (!Same(column.Name, completed[change].Name))
                    _renamedColumns[column.Name] = completed[change].Name;
                continue;
            }

            var kept = _alteredColumns.GetValueOrDefault(column.Name) ?? column;
            _draft.Columns.Add(kept with { Name = _renamedColumns.GetValueOrDefault(column.Name) ?? kept.Name });
        }

        if (converted is { } target)
            _rules.Convert(_draft.Columns, target);
        for (var i = 0; i < _newColumns.Count; i++)
        {
            if (!_newColumns[i].StaysInPlace)
                _draft.Columns.Insert(PlaceOf(_newColumns[i]), completed[i]);
        }

        if (_draft.Columns.GroupBy(c => c.Name, TableDefinition.ColumnNames).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TrackerErrors.CannotFollow(_table.Name, $"column {TableName.Quote(twice.Key)}", "there is a column of that name already");
        for (var i = 0; i < _draft.Columns.Count; i++)
            _draft.Columns[i] = RenameColumns(_draft.Columns[i]);
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
        if (_droppedColumns.Contains(name))
            return null;
        var renamed = part with { Column = _renamedColumns.GetValueOrDefault(name) ?? name };
        if (part.PrefixLength is not { } prefix || key.Type is KeyType.Fulltext or KeyType.Spatial)
            return renamed;
        var before = _table.Columns[_table.IndexOf(name)].Type;
        var after = _draft.Columns.Find(c => Same(c.Name, renamed.Column))?.Type ?? before;
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
