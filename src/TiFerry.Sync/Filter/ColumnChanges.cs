using System.Globalization;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Tracking;

namespace TiFerry.Sync.Filter;

/// <summary>Tells the kinds of an ALTER TABLE that show only when a column's old and new definition are compared.</summary>
internal static class ColumnChanges
{
    /// <summary>The kinds where both definitions of the table are known.</summary>
    public static BinlogEventKind Between(TableDefinition before, TableDefinition after, AlterTable alter)
    {
        var oldNames = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var added = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var restated = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        var kinds = BinlogEventKind.None;
        foreach (var specification in alter.Specifications)
        {
            switch (specification)
            {
                case AddColumn add:
                    added.Add(add.Column.Name);
                    break;
                case AddColumns add:
                    added.UnionWith(add.Elements.OfType<ColumnDefinition>().Select(c => c.Name));
                    break;
                case ModifyColumn modify:
                    restated[modify.Column.Name] = IsPlaced(modify.Position);
                    break;
                case ChangeColumn change:
                    restated[change.Column.Name] = IsPlaced(change.Position);
                    oldNames[change.Column.Name] = change.OldName;
                    break;
                case RenameColumn rename:
                    oldNames[rename.NewName] = rename.OldName;
                    break;
            }
        }

        var lastPlace = -1;
        foreach (var column in after.Columns)
        {
            var place = added.Contains(column.Name) ? -1 : PlaceOf(before, oldNames.GetValueOrDefault(column.Name, column.Name));
            if (place < 0)
                continue;
            var old = before.Columns[place];
            if (place < lastPlace)
                kinds |= BinlogEventKind.ModifyColumnsOrder;
            lastPlace = Math.Max(lastPlace, place);
            kinds |= Compare(old, column);
            var isRenamed = !string.Equals(old.Name, column.Name, StringComparison.Ordinal);
            if (isRenamed)
                kinds |= BinlogEventKind.RenameColumn;
            if (restated.TryGetValue(column.Name, out var isPlaced) && (old with { Name = column.Name } != column || !(isRenamed || isPlaced)))
                kinds |= BinlogEventKind.ModifyColumn;
        }

        return kinds;
    }

    /// <summary>The kinds as far as the statement alone tells.</summary>
    public static BinlogEventKind Assumed(AlterTable alter)
    {
        var kinds = BinlogEventKind.None;
        foreach (var specification in alter.Specifications)
        {
            kinds |= specification switch
            {
                ModifyColumn modify => BinlogEventKind.ModifyColumn | Order(modify.Position),
                ChangeColumn change => BinlogEventKind.ModifyColumn | Order(change.Position)
                    | (string.Equals(change.OldName, change.Column.Name, StringComparison.Ordinal) ? BinlogEventKind.None : BinlogEventKind.RenameColumn),
                ConvertToCharset => BinlogEventKind.ModifyCharset | BinlogEventKind.ModifyCollation,
                _ => BinlogEventKind.None,
            };
        }

        return kinds;
    }

    private static BinlogEventKind Compare(ColumnDefinition old, ColumnDefinition now)
    {
        var kinds = BinlogEventKind.None;
        if (TypeChange.HoldsFewerValues(old.Type, now.Type))
            kinds |= BinlogEventKind.ValueRangeDecrease;
        if (TypeChange.IsLessExact(old.Type, now.Type))
            kinds |= BinlogEventKind.PrecisionDecrease;
        if (old.Type.Charset is not null && now.Type.Charset is not null && old.Type.Charset != now.Type.Charset)
            kinds |= BinlogEventKind.ModifyCharset;
        if (old.Type.Collation is not null && now.Type.Collation is not null && old.Type.Collation != now.Type.Collation)
            kinds |= BinlogEventKind.ModifyCollation;
        if (!IsSame(old.Default, now.Default))
            kinds |= BinlogEventKind.ModifyDefaultValue;
        if (old.IsAutoIncrement && !now.IsAutoIncrement)
            kinds |= BinlogEventKind.RemoveAutoIncrement;
        return kinds;
    }

    // 1.00 and 1.0 are the default 1 with the column's scale.
    private static bool IsSame(ColumnDefault? a, ColumnDefault? b) =>
        a == b || (decimal.TryParse(a?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
            && decimal.TryParse(b?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && x == y);

    private static BinlogEventKind Order(ColumnPosition position) => IsPlaced(position) ? BinlogEventKind.ModifyColumnsOrder : BinlogEventKind.None;

    private static bool IsPlaced(ColumnPosition position) => position.IsFirst || position.After is not null;

    private static int PlaceOf(TableDefinition table, string column)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (table.Columns[i].Name.Equals(column, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}
