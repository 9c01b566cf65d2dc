using System.Runtime.CompilerServices;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Foreign keys: actions that the source does not log, and parents that are not carried.</summary>
public static class ForeignKeyCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var schemas = await context.SchemasAsync(ct);
        if (schemas.Count == 0)
            yield break;
        var rows = await context.Source.QueryRowsAsync(
            "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME, UPDATE_RULE, DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS"
            + $" WHERE CONSTRAINT_SCHEMA IN {SqlText.List(schemas)} ORDER BY CONSTRAINT_SCHEMA, TABLE_NAME", ct);
        var keys = rows.ConvertAll(r => new ForeignKey(new TableName(r[0]!, r[1]!), new TableName(r[2]!, r[3]!), ChangesRows(r[4]!) || ChangesRows(r[5]!)))
            .FindAll(k => context.Filter.MatchTable(k.Child.Schema, k.Child.Name));
        var actions = keys.FindAll(k => k.ChangesRows).ConvertAll(k => k.Child).Distinct().ToList();
        if (actions.Count > 0)
            yield return CheckResult.Pass("source foreign keys", $"CASCADE and SET NULL change rows that the source does not log; they are applied here too: {NameList.Of(actions)}");

        var orphans = keys.FindAll(k => !context.Filter.MatchTable(k.Parent.Schema, k.Parent.Name)).ConvertAll(k => $"{k.Child} -> {k.Parent}").Distinct(StringComparer.Ordinal).ToList();
        if (orphans.Count > 0)
        {
            yield return CheckResult.Warning("source foreign keys", orphans, list => $"the filter leaves out the parents of foreign keys: {list}; changes that CASCADE or SET NULL make from there are not logged and would be missing",
                "carry the parent tables too");
        }
    }

    private sealed record ForeignKey(TableName Child, TableName Parent, bool ChangesRows);

    private static bool ChangesRows(string rule) => rule is "CASCADE" or "SET NULL" or "SET DEFAULT";
}
