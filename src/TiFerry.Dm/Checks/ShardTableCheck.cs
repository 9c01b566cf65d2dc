using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>Whether tables that go to one table of the target are alike, over all sources of the task.</summary>
internal static class ShardTableCheck
{
    private const string Description = "check consistency of sharding table structures";

    /// <summary>One outcome for each table of the target that several tables go to.</summary>
    /// <param name="sources">The task's sources; those that began earlier count too, because a new one joins them.</param>
    /// <param name="checksStructure">Whether differences are looked for.</param>
    /// <param name="checksNumbers">Whether AUTO_INCREMENT keys are looked for.</param>
    /// <param name="ct">Stops the check.</param>
    public static async ValueTask<List<CheckOutcome>> RunAsync(IReadOnlyList<SubTaskContext> sources, bool checksStructure, bool checksNumbers, CancellationToken ct)
    {
        var outcomes = new List<CheckOutcome>();
        if (sources.All(s => !s.IsNew))
            return outcomes;
        var byServers = sources.ToDictionary(s => s.Servers);
        foreach (var merge in await MergedTable.FindAsync([.. sources.Select(s => s.Servers)], ct))
        {
            var findings = new List<CheckFinding>();
            var instructions = new List<string>();
            if (checksStructure && !(await merge.Parts[0].Context.TargetObjectsAsync(ct)).ContainsKey(merge.Target))
                AddDifferences(merge, byServers, findings, instructions);
            if (checksNumbers && !merge.AreApart)
                AddNumbered(merge, await merge.NumberedAsync(ct), byServers, findings, instructions);
            outcomes.Add(Outcomes.Of($"sharding table {merge.Target} consistency checking", Description, findings, instructions, $"sharding {merge.Target}"));
        }
        return outcomes;
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
