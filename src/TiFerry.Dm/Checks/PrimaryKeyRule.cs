using System.Runtime.CompilerServices;
using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>Whether every table has a primary key; some hosted databases can't be followed without.</summary>
internal static class PrimaryKeyRule
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(SubTaskContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var keyless = (await context.Servers.TablesAsync(ct)).Where(t => !t.UniqueKeys.Any(k => k.IsPrimary)).Select(t => t.Name).ToList();
        if (keyless.Count > 0)
        {
            yield return CheckResult.Error("primary key", keyless, list => $"table {list} primary key does not exist",
                "give the tables a primary key, or leave them out with block-allow-list");
        }
    }
}
