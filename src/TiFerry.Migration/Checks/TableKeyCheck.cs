using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Tables without a key that names a row.</summary>
public static class TableKeyCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        const string name = "source keys";
        var keyless = (await context.TablesAsync(ct)).Where(t => t.RowKey is null).ToList();
        if (keyless.Count == 0)
        {
            yield return CheckResult.Pass(name, "every table has a primary key, or a unique key over NOT NULL columns");
            yield break;
        }
        var names = keyless.ConvertAll(t => t.Name);
        yield return CheckResult.Warning(name, names,
            list => $"these tables have no primary key and no unique key over NOT NULL columns: {list}; each is copied by one thread under one snapshot, begins again when interrupted, and its changes are applied slowly",
            "give them a primary key");
        var targetVariables = await context.TargetVariablesAsync(ct);
        var withoutPrimary = (await context.TablesAsync(ct)).Where(t => !t.UniqueKeys.Any(k => k.IsPrimary)).Select(t => t.Name).ToList();
        if (CheckContext.IsOn(targetVariables.GetValueOrDefault("sql_require_primary_key")) && withoutPrimary.Count > 0)
        {
            yield return CheckResult.Error("target sql_require_primary_key", withoutPrimary, list => $"the target refuses tables without a primary key: {list}",
                "SET GLOBAL sql_require_primary_key = OFF on the target, or give the tables a primary key");
        }
    }
}
