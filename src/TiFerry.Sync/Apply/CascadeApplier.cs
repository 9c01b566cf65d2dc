using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Route;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Does on the target what the source's engine did to referencing rows without logging it: ON DELETE and ON UPDATE with CASCADE or SET NULL.
/// The rows are found through the old values of the parent, so that it works even where the target has no such parent any more.
/// Each statement can be repeated without harm.
/// </summary>
/// <param name="tables">The target's tables.</param>
/// <param name="names">Which tables of the source stand for which of the target.</param>
internal sealed class CascadeApplier(TargetTables tables, RoutedNames names)
{
    private readonly Dictionary<string, ReplayedKeys> _replayed = new(StringComparer.Ordinal);
    private bool _keylessDone;
    private bool _safe;

    /// <summary>Whether the copy of a source's table already holds what stands at the current position: then it was read after the action.</summary>
    public Predicate<TableName> IsCopied { get; set; } = static _ => false;

    /// <summary>Applies the actions that the changed parents call for.</summary>
    /// <param name="session">The session, whose transaction gets the changes.</param>
    /// <param name="parent">The changed table.</param>
    /// <param name="rows">Updates or deletes of its rows.</param>
    /// <param name="keylessDone">Whether tables without a key are ahead of this place and must not be touched again.</param>
    /// <param name="safe">Whether the target may already hold what comes later.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask ApplyAsync(ApplySession session, TableMapping parent, RowsEvent rows, bool keylessDone, bool safe, CancellationToken ct)
    {
        _keylessDone = keylessDone;
        _safe = safe;
        if (!safe)
            _replayed.Clear();
        foreach (var (before, after) in LiteralsOf(parent, rows))
            await ApplyAsync(session, parent.Target, before, after, ct);
    }

    /// <summary>Begins to apply what is not replayed.</summary>
    public void EndReplay()
    {
        _safe = _keylessDone = false;
        _replayed.Clear();
    }

    /// <summary>Whether a table's rows, though not its own changes, still matter: some referencing table is not as far as it is.</summary>
    public async ValueTask<bool> HasOpenChildrenAsync(TargetTable parent, CancellationToken ct) => await FindOpenChildAsync(parent, ct) is not null;

    private async ValueTask<TableName?> FindOpenChildAsync(TargetTable parent, CancellationToken ct)
    {
        foreach (var rule in parent.Cascades)
        {
            if ((await names.SourcesOfAsync(rule.Child, ct)).Any(source => !IsCopied(source)))
                return rule.Child;
        }
        return null;
    }

    // The old and new literals of all referenced columns, by ordinal; the new ones are null for a deleted parent.
    private async ValueTask ApplyAsync(ApplySession session, TargetTable parent, string?[] before, string?[]? after, CancellationToken ct)
    {
        foreach (var rule in parent.Cascades)
        {
            var oldKey = rule.ParentColumns.Select(c => before[c]).ToArray();
            // A key with a NULL part is referenced by no row.
            if (oldKey.Contains(null))
                continue;
            var newKey = after is null ? null : rule.ParentColumns.Select(c => after[c]).ToArray();
            if (newKey is not null && newKey.SequenceEqual(oldKey, StringComparer.Ordinal))
                continue;
            var action = newKey is null ? rule.OnDelete : rule.OnUpdate;
            if (action != CascadeAction.None)
                await ApplyAsync(session, rule, oldKey!, action == CascadeAction.Cascade ? newKey : new string?[oldKey.Length], action, newKey is null, ct);
        }
    }

    private void RequireRepeatable(CascadeRule rule, string[] oldKey, string?[]? newKey)
    {
        if (!_safe)
            return;
        var reference = $"{rule.Child} {string.Join(',', rule.ChildColumns)}";
        if (!_replayed.TryGetValue(reference, out var keys))
            _replayed.Add(reference, keys = new ReplayedKeys());
        if (keys.Move(string.Join(',', oldKey), newKey is null || newKey.Contains(null) ? null : string.Join(',', newKey)))
            return;
        throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
            $"a key that table {rule.Child} references was given up and taken by another row with ON UPDATE CASCADE while the table was copied or changes were replayed: its rows can't be told apart any more",
            "begin again with an empty target while no referenced keys change");
    }

    private async ValueTask ApplyAsync(ApplySession session, CascadeRule rule, string[] oldKey, string?[]? newKey, CascadeAction action, bool isDelete, CancellationToken ct)
    {
        var sources = await names.SourcesOfAsync(rule.Child, ct);
        if (sources.Count == 0)
            return;
        var child = await tables.GetAsync(rule.Child, ct);
        if (sources.All(source => IsCopied(source)))
        {
            await RequireNoOpenChildrenAsync(child, ct);
            return;
        }
        if (_keylessDone && child.Table.RowKey is null)
            return;
        RequireRepeatable(rule, oldKey, newKey);
        await ApplyToAsync(session, rule, child, string.Join(" AND ", rule.ChildColumns.Select((c, i) => $"{TableName.Quote(c)} = {oldKey[i]}")), newKey, action, isDelete, ct);
    }

    /// <summary>Applies an action to rows of a referencing table, and what follows from that to rows that refer to them.</summary>
    /// <param name="session">The session, whose transaction gets the changes.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="child">Its referencing table.</param>
    /// <param name="condition">Which rows.</param>
    /// <param name="newKey">The literals they refer to afterwards; null where they are deleted.</param>
    /// <param name="action">What to do.</param>
    /// <param name="isDelete">Whether it is done because the referenced row is gone.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask ApplyToAsync(ApplySession session, CascadeRule rule, TargetTable child, string condition, string?[]? newKey, CascadeAction action, bool isDelete, CancellationToken ct)
    {
        var deletesChild = isDelete && action == CascadeAction.Cascade;
        var changedRows = child.Cascades.Count == 0 ? [] : await ReadChangesAsync(session, rule, child, condition, deletesChild ? null : newKey, ct);
        var statement = deletesChild
            ? $"DELETE FROM {rule.Child} WHERE {condition}"
            : $"UPDATE {rule.Child} SET {string.Join(", ", rule.ChildColumns.Select((c, i) => $"{TableName.Quote(c)} = {newKey![i] ?? "NULL"}"))} WHERE {condition}";
        session.Sql.Append(statement);
        session.Sql.Append(";"u8);
        session.EndStatement(null, null);
        await session.SendAsync(ct);
        // Only now: rows that refer to each other in a circle are no longer found again.
        foreach (var (before, after) in changedRows)
            await ApplyAsync(session, child, before, after, ct);
    }

    // The rows that led to them are gone from both sides.
    private async ValueTask RequireNoOpenChildrenAsync(TargetTable child, CancellationToken ct)
    {
        if (await FindOpenChildAsync(child, ct) is not { } open)
            return;
        throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
            $"foreign keys change rows of table {open} by way of table {child.Table.Name}, which was copied later: they can't be found any more",
            "copy the database again, without schema changes meanwhile");
    }

    // The child's rows that the rule changes are themselves parents.
    private static async ValueTask<List<(string?[] Before, string?[]? After)>> ReadChangesAsync(ApplySession session, CascadeRule rule, TargetTable child, string condition, string?[]? newKey, CancellationToken ct)
    {
        var referenced = child.Cascades.SelectMany(c => c.ParentColumns).Distinct().Order().ToArray();
        var columns = referenced.Select(c => child.Table.Columns[c]).ToArray();
        var rows = await session.Connection.QueryRowsAsync(
            $"SELECT {string.Join(", ", columns.Select(TextLiteral))} FROM {rule.Child} WHERE {condition}", ct);
        var changes = new List<(string?[] Before, string?[]? After)>(rows.Count);
        foreach (var row in rows)
        {
            var before = new string?[child.Table.Columns.Count];
            for (var i = 0; i < referenced.Length; i++)
                before[referenced[i]] = row[i];
            string?[]? after = null;
            if (newKey is not null)
            {
                after = (string?[])before.Clone();
                for (var i = 0; i < rule.ChildColumns.Count; i++)
                {
                    var ordinal = child.Table.Columns.First(c => string.Equals(c.Name, rule.ChildColumns[i], StringComparison.OrdinalIgnoreCase)).Ordinal;
                    after[ordinal] = newKey[i];
                }
            }
            changes.Add((before, after));
        }
        return changes;
    }

    // An expression whose result is the literal to compare the column with.
    internal static string TextLiteral(Column column)
    {
        var name = TableName.Quote(column.Name);
        return column.Kind switch
        {
            ColumnKind.Text => $"CONCAT('_{ExactText.Introducer(column)} x''', HEX({name}), '''')",
            ColumnKind.Binary or ColumnKind.FixedBinary => $"CONCAT('x''', HEX({name}), '''')",
            ColumnKind.Bit => $"{name}+0",
            ColumnKind.Enum or ColumnKind.Set => $"CONCAT('_utf8mb4 x''', HEX(CONVERT({name} USING utf8mb4)), '''')",
            ColumnKind.Float or ColumnKind.Double => $"{name}*1e0",
            ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Year => name,
            _ => $"CONCAT('''', {name}, '''')",
        };
    }

    private static List<(string?[] Before, string?[]? After)> LiteralsOf(TableMapping parent, RowsEvent rows)
    {
        var referenced = parent.Target.Cascades.SelectMany(c => c.ParentColumns).ToHashSet();
        var result = new List<(string?[], string?[]?)>();
        foreach (var row in rows)
        {
            var before = LiteralsOf(parent, referenced, new RowImageReader(rows.TableMap, rows.BeforeColumns, row.Before), null);
            var after = rows.Kind == RowsKind.Delete ? null : LiteralsOf(parent, referenced, new RowImageReader(rows.TableMap, rows.AfterColumns, row.After), before);
            result.Add((before, after));
        }
        if (rows.BeforeColumns.IsFull)
            return result;
        for (var ordinal = 0; ordinal < parent.ColumnCount; ordinal++)
        {
            var matters = parent.ColumnAt(ordinal) is { } column && referenced.Contains(column.Target.Ordinal) && !rows.BeforeColumns[ordinal];
            if (matters && (rows.Kind == RowsKind.Delete || rows.AfterColumns[ordinal]))
                throw new TiFerryException(SyncErrors.PartialRowImage, ErrorScope.Upstream,
                    $"a change of table {parent.Source} does not hold the old value of column {parent.ColumnAt(ordinal)!.Target.Name}, which foreign keys with actions refer to",
                    "SET GLOBAL binlog_row_image = FULL on the source, reconnect its clients, and copy the tables again");
        }
        return result;
    }

    // Columns that a new image does not hold are as they were.
    private static string?[] LiteralsOf(TableMapping mapping, HashSet<int> ordinals, RowImageReader image, string?[]? before)
    {
        var literals = (string?[]?)before?.Clone() ?? new string?[mapping.Target.Table.Columns.Count];
        using var text = new SqlBuffer();
        while (image.Read())
        {
            if (mapping.ColumnAt(image.Ordinal) is not { } column || !ordinals.Contains(column.Target.Ordinal))
                continue;
            text.Clear();
            if (!image.IsNull)
                ValueWriter.WriteComparable(text, column, image.Value);
            literals[column.Target.Ordinal] = image.IsNull ? null : System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
        }
        return literals;
    }
}
