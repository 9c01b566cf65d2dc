using TiFerry.Migration.Checks;
using TiFerry.Schema.Tables;

namespace TiFerry.Dm.Checks;

/// <summary>Whether tables that go to one table of the target are alike, over all sources of the task.</summary>
internal static class ShardTableCheck
{
    private const string Description = "check consistency of sharding table structures";

    /// <summary>One outcome for each table of the target that several tables go to.</summary>
    /// <param name="sources">The task's sources; those that began earlier count too, because a new one joins them.</param>
    /// <param name="items">The items to check.</param>
    /// <param name="ct">Stops the check.</param>
    public static async ValueTask<List<CheckOutcome>> RunAsync(IReadOnlyList<SubTaskContext> sources, IReadOnlySet<string> items, CancellationToken ct)
    {
        var outcomes = new List<CheckOutcome>();
        if (sources.All(s => !s.IsNew))
            return outcomes;
        try
        {
            if (items.Contains(Items.ShardTableSchema) && await NamesInOtherCaseAsync(sources, ct) is { Count: > 0 } names)
                outcomes.Add(Outcomes.Of("sharding table names", Description, [CheckResult.Error("names", names, list => $"[code=26001] same table name in case-insensitive {list}", "correct target-table of the routes")], extra: null));
            foreach (var merge in await MergedTable.FindAsync([.. sources.Select(s => s.Servers)], ct))
                outcomes.Add(await CompareAsync(merge, sources.ToDictionary(s => s.Servers), items, ct));
        }
        catch (Exception error) when (Outcomes.IsAnswer(error))
        {
            outcomes.Add(Outcomes.Of("sharding tables", Description, [Outcomes.Unanswered("sharding tables", error)], extra: null));
        }
        return outcomes;
    }

    private static async ValueTask<CheckOutcome> CompareAsync(MergedTable merge, Dictionary<CheckContext, SubTaskContext> sources, IReadOnlySet<string> items, CancellationToken ct)
    {
        var findings = new List<CheckFinding>();
        var instructions = new List<string>();
        if (items.Contains(Items.ShardTableSchema) && !(await merge.Parts[0].Context.TargetObjectsAsync(ct)).ContainsKey(merge.Target))
            AddDifferences(merge, sources, findings, instructions);
        if (items.Contains(Items.ShardAutoIncrement) && !merge.AreApart)
            AddNumbered(merge, await merge.NumberedAsync(ct), sources, findings, instructions);
        return Outcomes.Of($"sharding table {merge.Target} consistency checking", Description, findings, instructions, $"sharding {merge.Target}");
    }

    // A target that stores names in lower case, or compares them so, takes them for one.
    private static async ValueTask<List<string>> NamesInOtherCaseAsync(IReadOnlyList<SubTaskContext> sources, CancellationToken ct)
    {
        if ((await sources[0].Servers.TargetVariablesAsync(ct)).GetValueOrDefault("lower_case_table_names", "0") == "0")
            return [];
        var names = new HashSet<TableName>();
        foreach (var source in sources)
            names.UnionWith((await source.Servers.ObjectsAsync(ct)).Select(o => source.Servers.TargetOf(o.Name)));
        return [.. names.GroupBy(n => n.ToString(), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => string.Join(" vs ", g.Order()))];
    }

    private static void AddDifferences(MergedTable merge, Dictionary<CheckContext, SubTaskContext> sources, List<CheckFinding> findings, List<string> instructions)
    {
        var first = merge.Parts[0];
        foreach (var other in merge.Parts.Skip(1))
        {
            if (TableDifference.Between(first.Table, other.Table) is not { } difference)
                continue;
            findings.Add(new CheckFinding
            {
                Severity = CheckState.Fail,
                ShortError = $"different table definitions: {difference}",
                Self = sources[first.Context].Describe(first.Table.Name),
                Other = sources[other.Context].Describe(other.Table.Name),
            });
        }
        if (findings.Count > 0)
            instructions.Add("make the tables the same on the sources, or create the target's table by hand with all columns, those that some lack with default values");
    }

    private static void AddNumbered(MergedTable merge, List<SourceTable> numbered, Dictionary<CheckContext, SubTaskContext> sources, List<CheckFinding> findings, List<string> instructions)
    {
        findings.AddRange(numbered.Select(part => new CheckFinding
        {
            Severity = CheckState.Warn,
            ShortError = $"{sources[part.Context].Describe(part.Table.Name)} of sharding {merge.Target} has an AUTO_INCREMENT key, whose numbers may be the same in another table",
        }));
        if (numbered.Count > 0)
            instructions.Add("let the routes extract columns that tell the tables apart into columns of the target's keys (extract-table, extract-schema, extract-source), or see that the numbers differ; equal ones stop the task");
    }
}
