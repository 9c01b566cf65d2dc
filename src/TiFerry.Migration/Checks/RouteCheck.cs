using System.Runtime.CompilerServices;
using TiFerry.Migration.Copy;

namespace TiFerry.Migration.Checks;

/// <summary>Whether every object has one place to go to, and whether what goes to one table can be told apart there.</summary>
public static class RouteCheck
{
    /// <summary>The name of its results.</summary>
    internal const string Name = "routes";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (context.Names.AreSame)
            yield break;
        var objects = await context.ObjectsAsync(ct);
        var isClean = true;
        var merges = await MergedTable.FindAsync([context], ct);
        await foreach (var result in ObstaclesAsync(context, objects, merges, ct))
        {
            isClean = false;
            yield return result;
        }
        if (isClean)
            yield return CheckResult.Pass(Name, $"{objects.Count(o => context.Names.Of(o.Name) != o.Name)} tables and views get other names{(merges.Count == 0 ? "" : $"; {merges.Count} tables of the target are merged from several")}");
        var views = objects.Where(o => o.IsView).GroupBy(o => context.Names.Of(o.Name)).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        if (views.Count > 0)
            yield return CheckResult.Warning(Name, views, list => $"several views go to each of these: {list}; it stops the migration if they don't say the same there", "route them to different names, or leave all but one of them out");
    }

    private static async IAsyncEnumerable<CheckResult> ObstaclesAsync(
        CheckContext context, List<SourceObject> objects, List<MergedTable> merges, [EnumeratorCancellation] CancellationToken ct)
    {
        var existing = await context.TargetObjectsAsync(ct);
        var mixed = objects.GroupBy(o => context.Names.Of(o.Name)).Where(g => g.Any(o => o.IsTable) && g.Any(o => !o.IsTable)).Select(g => g.Key).ToList();
        if (mixed.Count > 0)
            yield return CheckResult.Error(Name, mixed, list => $"a table and a view go to the same name: {list}", "route one of the two to another name, or leave it out");

        var homeless = objects.Where(o => o.IsTable && context.Names.ExtractedFrom(o.Name).Count > 0).Select(o => context.Names.Of(o.Name)).Distinct().Where(n => !existing.ContainsKey(n)).ToList();
        if (homeless.Count > 0)
        {
            yield return CheckResult.Error(Name, homeless, list => $"columns are extracted into these tables, which the target does not have: {list}",
                "create them on the target with the source's columns and the extracted ones, and with keys that tell the source's tables apart");
        }

        var uneven = merges.Where(m => m.Parts.Select(p => string.Join(',', context.Names.ExtractedFrom(p.Table.Name).Select(e => e.Name).Order(StringComparer.OrdinalIgnoreCase))).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1).Select(m => m.Target).ToList();
        if (uneven.Count > 0)
            yield return CheckResult.Error(Name, uneven, list => $"the routes to these tables don't all extract the same columns: {list}", "let them extract the same columns, so that the rows of each source table can be told apart");

        var isOneSnapshot = !RowImages.AreFull((await context.SourceVariablesAsync(ct)).GetValueOrDefault("binlog_row_image"));
        var inseparable = merges.Where(m => m.Parts.Any(p => isOneSnapshot || p.Table.RowKey is null) && !m.AreApart).Select(m => m.Target).ToList();
        if (inseparable.Count > 0)
        {
            yield return CheckResult.Error(Name, inseparable, list => $"tables without a key, or of a source whose binlog_row_image is not FULL, are merged, and nothing tells their rows apart: {list}",
                "let the routes extract columns that tell the source's tables apart (extract-table, extract-schema), give the tables a primary key, or route them to tables of their own");
        }
    }
}
