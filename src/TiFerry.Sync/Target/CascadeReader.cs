using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Target;

/// <summary>Reads which foreign keys change rows of other tables when a row of a table changes.</summary>
internal static class CascadeReader
{
    /// <summary>The rules of foreign keys that point to a table.</summary>
    /// <param name="connection">A session on the target.</param>
    /// <param name="parent">The referenced table.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<List<CascadeRule>> ReadAsync(MySqlConnection connection, Table parent, CancellationToken ct)
    {
        var rows = await connection.QueryRowsAsync($"""
            SELECT k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
            FROM information_schema.KEY_COLUMN_USAGE k
            JOIN information_schema.REFERENTIAL_CONSTRAINTS r
              ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
            WHERE k.REFERENCED_TABLE_SCHEMA = {SqlText.Literal(parent.Name.Schema)} AND k.REFERENCED_TABLE_NAME = {SqlText.Literal(parent.Name.Name)}
              AND (r.DELETE_RULE IN ('CASCADE', 'SET NULL') OR r.UPDATE_RULE IN ('CASCADE', 'SET NULL'))
            ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
            """, ct);
        var rules = new List<CascadeRule>();
        foreach (var key in rows.GroupBy(r => (r[0], r[1], r[2])))
        {
            var first = key.First();
            rules.Add(new CascadeRule(
                new TableName(first[0]!, first[1]!),
                [.. key.Select(r => r[3]!)],
                [.. key.Select(r => parent.Columns.First(c => string.Equals(c.Name, r[4], StringComparison.OrdinalIgnoreCase)).Ordinal)],
                ActionOf(first[5]),
                ActionOf(first[6])));
        }
        return rules;
    }

    private static CascadeAction ActionOf(string? rule) => rule switch
    {
        "CASCADE" => CascadeAction.Cascade,
        "SET NULL" => CascadeAction.SetNull,
        _ => CascadeAction.None,
    };
}
