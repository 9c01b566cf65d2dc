using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>Turns what rules found into DM's outcomes.</summary>
internal static class Outcomes
{
    /// <summary>An outcome of findings.</summary>
    public static CheckOutcome Of(string name, string description, IReadOnlyList<CheckFinding> findings, IEnumerable<string> instructions, string? extra) => new()
    {
        Name = name,
        Description = description,
        State = findings.Count == 0 ? CheckState.Success : findings.Max(f => f.Severity),
        Errors = findings.Count == 0 ? null : findings,
        Instruction = findings.Count == 0 ? null : string.Join("; ", instructions.Distinct(StringComparer.Ordinal)) is { Length: > 0 } text ? text : null,
        Extra = extra,
    };

    /// <summary>An outcome of rules' results; what passed says nothing in it, and what several sources say of a shared server is said once.</summary>
    public static CheckOutcome Of(string name, string description, IEnumerable<CheckResult> results, string? extra)
    {
        var found = results.Where(r => r.Severity != CheckSeverity.Pass).ToList();
        var findings = found.SelectMany(r => r.Details.Select(d => new CheckFinding { Severity = StateOf(r.Severity), ShortError = d })).Distinct().ToList();
        return Of(name, description, findings, found.Where(r => r.WayOut is not null).Select(r => r.WayOut!), extra);
    }

    private static CheckState StateOf(CheckSeverity severity) => severity == CheckSeverity.Error ? CheckState.Fail : CheckState.Warn;
}
