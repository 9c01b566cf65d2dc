using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the tables of one source that go to one table of the target are alike.</summary>
public static class MergedTableCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (context.Names.AreSame)
            yield break;
        var existing = await context.TargetObjectsAsync(ct);
        var merges = await MergedTable.FindAsync([context], ct);
        var differing = merges.Where(m => !existing.ContainsKey(m.Target))
            .SelectMany(m => m.Parts.Skip(1), (m, p) => (First: m.Parts[0].Table, Other: p.Table, Difference: TableDifference.Between(m.Parts[0].Table, p.Table)))
            .Where(p => p.Difference is not null).Select(p => $"{p.First.Name} and {p.Other.Name} ({p.Difference})").ToList();
        if (differing.Count > 0)
        {
            yield return CheckResult.Error(RouteCheck.Name, differing, list => $"tables that go to one have different columns or keys: {list}",
                "make them the same on the source, or create the target's table by hand with all columns, those that some lack with default values");
        }

        // The keys of rows that only the extracted columns tell apart are no danger.
        var numbered = new List<Schema.Tables.TableName>();
        foreach (var merge in merges.Where(m => !m.AreApart))
        {
            if ((await merge.NumberedAsync(ct)).Count > 0)
                numbered.Add(merge.Target);
        }
        if (numbered.Count > 0)
        {
            yield return CheckResult.Warning(RouteCheck.Name, numbered, list => $"merged tables have AUTO_INCREMENT keys, whose numbers may be the same in several of them: {list}",
                "let the routes extract columns that tell the tables apart into columns of the target's keys, or see that the numbers differ; equal ones stop the migration");
        }
    }
}
