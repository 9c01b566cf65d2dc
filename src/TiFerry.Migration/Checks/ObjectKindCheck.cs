using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Sequences and system-versioned tables, which are not carried: their contents are more than rows.</summary>
public static class ObjectKindCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var kind in (await context.ObjectsAsync(ct)).Where(o => !o.IsTable && !o.IsView).GroupBy(o => o.Type, StringComparer.Ordinal))
        {
            var names = kind.Select(o => o.Name).ToList();
            yield return CheckResult.Error($"source {kind.Key.ToLowerInvariant()} objects", names, list => $"these can't be carried: {list}",
                $"leave them out with {context.Wording.LeaveOut(context.Options.Filter.Count == 0, $"{names[0].Schema}.{names[0].Name}")}, and create them on the target by hand");
        }
    }
}
