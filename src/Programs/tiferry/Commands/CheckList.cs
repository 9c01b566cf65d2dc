using TiFerry.Core.Secrets;
using TiFerry.Migration.Checks;

namespace TiFerry.Programs.Ferry.Commands;

/// <summary>Prints what prechecks found.</summary>
internal static class CheckList
{
    /// <summary>One line for a result, one more for its way out, then the counts.</summary>
    public static void Write(TextWriter output, PrecheckReport report, bool withPasses)
    {
        foreach (var result in report.Results)
        {
            if (result.Severity == CheckSeverity.Pass && !withPasses)
                continue;
            output.WriteLine(SecretText.Mask($"{Word(result.Severity),-8} {result.Name}: {result.Message}"));
            if (result.WayOut is not null)
                output.WriteLine(SecretText.Mask($"{"",-8}   way out: {result.WayOut}"));
        }
        var passed = report.Results.Count - report.Warnings - report.Errors;
        output.WriteLine($"checks: {passed} passed, {report.Warnings} warnings, {report.Errors} errors");
    }

    private static string Word(CheckSeverity severity) => severity switch
    {
        CheckSeverity.Pass => "ok",
        CheckSeverity.Warning => "WARNING",
        _ => "ERROR",
    };
}
