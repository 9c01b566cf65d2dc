using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the servers treat letter case in names differently (MySQL manual, "Identifier Case Sensitivity").</summary>
public static class NameCaseCheck
{
    private const string Name = "lower_case_table_names";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var source = (await context.SourceVariablesAsync(ct)).GetValueOrDefault(Name, "0");
        var target = (await context.TargetVariablesAsync(ct)).GetValueOrDefault(Name, "0");
        if (source == target)
        {
            yield return CheckResult.Pass(Name, $"it is {source} on both sides");
            yield break;
        }
        var names = (await context.ObjectsAsync(ct)).Select(o => context.Names.Of(o.Name).ToString()).Distinct(StringComparer.Ordinal).ToList();
        if (target != "0")
        {
            var twins = names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => string.Join(" and ", g)).ToList();
            var upper = names.FindAll(n => n.Any(char.IsUpper));
            if (twins.Count > 0 || upper.Count > 0)
            {
                yield return CheckResult.Error(Name, twins.Count > 0
                        ? $"the target takes these names for one: {NameList.Of(twins)}"
                        : $"the target stores names in lower case, and these have capitals: {NameList.Of(upper)}",
                    $"use a target with lower_case_table_names = {source}, or rename the tables");
                yield break;
            }
        }
        yield return CheckResult.Warning(Name, $"it is {source} on the source and {target} on the target: a definition statement that spells a name in other letter case than its table fails on one side only",
            $"use a target with lower_case_table_names = {source}");
    }
}
