using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Route;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Finds rows that a replay wrote again although a cascade had taken them away by way of another table's row. The cascade can't reach them a second time when that row, taken away in silence
/// like them, is not on the target any more. Once changes are no longer replayed, they are the rows without a parent that the source does not have.
/// </summary>
/// <param name="target">A session on the target.</param>
/// <param name="source">A session on the source.</param>
/// <param name="tables">The target's tables.</param>
/// <param name="names">Which tables of the source stand for which of the target.</param>
/// <param name="cascades">Takes the rows away.</param>
internal sealed class LostParents(MySqlConnection target, MySqlConnection source, TargetTables tables, RoutedNames names, CascadeApplier cascades)
{
    /// <summary>Does to the rows what the source's engine did.</summary>
    /// <param name="session">The session, whose transaction gets the changes.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="TiFerryException">A row refers to something else on the source.</exception>
    public async ValueTask SettleAsync(ApplySession session, CancellationToken ct)
    {
        foreach (var name in await ParentsThatAreChildrenAsync(ct))
        {
            if (await tables.FindAsync(name, ct) is not { } parent)
                continue;
            foreach (var rule in parent.Cascades.Where(rule => rule.OnDelete != CascadeAction.None))
                await SettleAsync(session, parent, rule, ct);
        }
    }

    private async ValueTask<IEnumerable<TableName>> ParentsThatAreChildrenAsync(CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync("""
            SELECT CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
            WHERE DELETE_RULE IN ('CASCADE', 'SET NULL') OR UPDATE_RULE IN ('CASCADE', 'SET NULL')
            """, ct);
        var children = rows.Select(row => new TableName(row[0]!, row[1]!)).ToHashSet();
        return rows.Select(row => new TableName(row[2]!, row[3]!)).Distinct().Where(children.Contains);
    }

    private async ValueTask SettleAsync(ApplySession session, TargetTable parent, CascadeRule rule, CancellationToken ct)
    {
        var sources = await names.SourcesOfAsync(rule.Child, ct);
        if (sources.Count == 0)
            return;
        var child = await tables.GetAsync(rule.Child, ct);
        var reference = rule.ChildColumns.Select(name => child.Table.Columns.First(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))).ToArray();
        var key = child.Table.RowKey is { } rowKey ? rowKey.Columns.Select(c => child.Table.Columns[c]).ToArray() : [];
        var isSame = string.Join(" AND ", reference.Select((c, i) => $"m.{TableName.Quote(parent.Table.Columns[rule.ParentColumns[i]].Name)} = c.{TableName.Quote(c.Name)}"));
        var rows = await session.Connection.QueryRowsAsync(
            $"SELECT {string.Join(", ", reference.Concat(key).Select(CascadeApplier.TextLiteral))} FROM {rule.Child} c WHERE {string.Join(" AND ", reference.Select(c => $"c.{TableName.Quote(c.Name)} IS NOT NULL"))} AND NOT EXISTS (SELECT 1 FROM {parent.Table.Name} m WHERE {isSame})", ct);
        foreach (var row in rows)
        {
            var refers = Condition(reference, row.AsSpan(0, reference.Length));
            var isRow = key.Length == 0 ? refers : Condition(key, row.AsSpan(reference.Length));
            if (await IsLeftOverAsync(rule, sources, reference, refers, isRow, ct))
                await cascades.ApplyToAsync(session, rule, child, $"{isRow} AND {refers}", new string?[reference.Length], rule.OnDelete, isDelete: true, ct);
        }
    }

    // A row that the source has too is one of its own, written with foreign_key_checks = 0.
    private async ValueTask<bool> IsLeftOverAsync(CascadeRule rule, IReadOnlyList<TableName> sources, Column[] reference, string refers, string isRow, CancellationToken ct)
    {
        var isNull = string.Join(" OR ", reference.Select(c => $"{TableName.Quote(c.Name)} IS NULL"));
        foreach (var name in sources)
        {
            var found = await source.QueryRowsAsync($"SELECT COALESCE({refers}, 0), {isNull} FROM {name} WHERE {isRow} LIMIT 1", ct);
            if (found.Count == 0)
                continue;
            if (found[0][0] == "1")
                return false;
            if (rule.OnDelete == CascadeAction.SetNull && found[0][1] == "1")
                return true;
            throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"a row of table {rule.Child} refers to a row that is gone, and on the source to another one: foreign keys changed it by way of rows that are gone while the table was copied or changes were replayed",
                "run the same command again; if the error stays, begin again with an empty target while no referenced keys change");
        }
        return true;
    }

    private static string Condition(Column[] columns, ReadOnlySpan<string?> literals)
    {
        var conditions = new string[columns.Length];
        for (var i = 0; i < conditions.Length; i++)
            conditions[i] = $"{TableName.Quote(columns[i].Name)} = {literals[i]}";
        return string.Join(" AND ", conditions);
    }
}
