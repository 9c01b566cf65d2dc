using TiFerry.Core.Errors;
using TiFerry.Migration.Checks;
using TiFerry.MySql;

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

    /// <summary>Whether an exception says something about a server or the task, and not about this program.</summary>
    public static bool IsAnswer(Exception error) => error is MySqlServerException or MySqlConnectionLostException or TiFerryException;

    /// <summary>What stands for a rule that could not come to its end.</summary>
    public static CheckResult Unanswered(string name, Exception error) => error switch
    {
        TiFerryException known => CheckResult.Error(name, known.Summary, known.Workaround ?? "correct the task's configuration"),
        MySqlServerException refused => CheckResult.Error(name, $"this could not be checked: {refused.Message}", "grant the account what the server's message asks for"),
        _ => CheckResult.Error(name, $"this could not be checked: {error.Message}", "see that the server runs, and check again"),
    };

    private static CheckState StateOf(CheckSeverity severity) => severity == CheckSeverity.Error ? CheckState.Fail : CheckState.Warn;
}
