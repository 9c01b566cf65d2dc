using TiFerry.Core.Errors;

namespace TiFerry.Migration.Checks;

/// <summary>What the prechecks found.</summary>
/// <param name="IsNewTask">Whether the task never began; a known task's tables on the target are its own, and most checks are no longer asked.</param>
/// <param name="Results">In the order of the checks.</param>
public sealed record PrecheckReport(bool IsNewTask, IReadOnlyList<CheckResult> Results)
{
    /// <summary>How many results stand in the way.</summary>
    public int Errors => Results.Count(r => r.Severity == CheckSeverity.Error);

    /// <summary>How many results someone should know.</summary>
    public int Warnings => Results.Count(r => r.Severity == CheckSeverity.Warning);

    /// <summary>Stops where a result stands in the way.</summary>
    /// <exception cref="TiFerryException"><see cref="CheckErrors.PrecheckFailed"/>, naming every error and its way out.</exception>
    public void ThrowIfFailed()
    {
        if (Errors == 0)
            return;
        var failures = Results.Where(r => r.Severity == CheckSeverity.Error).Select(r => $"{r.Name}: {r.Message} ({r.WayOut})");
        throw new TiFerryException(CheckErrors.PrecheckFailed, ErrorScope.NotSet, $"{Errors} of the prechecks failed: {string.Join("; ", failures)}",
            "see all of them with tiferry check");
    }
}
