using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether there is anything to carry.</summary>
public static class ScopeCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var objects = await context.ObjectsAsync(ct);
        var schemas = await context.SchemasAsync(ct);
        if (schemas.Count > 0)
        {
            yield return CheckResult.Pass("source tables", $"{objects.Count(o => o.IsTable)} tables and {objects.Count(o => o.IsView)} views in {schemas.Count} databases");
            yield break;
        }
        var onlyExcludes = context.Options.Filter.Count > 0 && context.Options.Filter.All(p => p.StartsWith('!'));
        yield return context.TakesAllSchemas
            ? CheckResult.Warning("source tables", "the source has no databases that this account can see, besides the system's", "grant the account SELECT on what is to be carried")
            : CheckResult.Error("source tables", "no database or table of the source matches the filter",
                onlyExcludes ? "a filter that only excludes matches nothing: give --filter '*.*' before the others" : $"correct {context.Wording.Filter}, or grant the account SELECT on the tables so that it sees them");
    }
}
