using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Sequences and system-versioned tables, which are not carried: their contents are more than rows.</summary>
internal static class ObjectKindCheck
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var kind in (await context.ObjectsAsync(ct)).Where(o => !o.IsTable && !o.IsView).GroupBy(o => o.Type, StringComparer.Ordinal))
        {
            var names = kind.Select(o => o.Name).ToList();
            var filter = context.Options.Filter.Count == 0 ? "--filter '*.*' " : "";
            yield return CheckResult.Error($"source {kind.Key.ToLowerInvariant()} objects", $"these can't be carried: {NameList.Of(names)}",
                $"leave them out with {filter}--filter '!{names[0].Schema}.{names[0].Name}' for each, and create them on the target by hand");
        }
    }
}
