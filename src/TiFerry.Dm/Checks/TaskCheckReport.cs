using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Checks;

/// <summary>What the prechecks of a task found, in DM's layout (<c>results</c>, <c>summary</c>).</summary>
public sealed record TaskCheckReport
{
    /// <summary>How many errors, and how many warnings, are shown where nothing else is asked for.</summary>
    public const int DefaultLimit = 10;

    private const string Header = "fail to check synchronization configuration with type";

    // The class is the one that users of the original see: its master adds it.
    private static readonly ErrorCode Failed = CheckErrors.PrecheckFailed with { Class = "dm-master" };

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All checks in order, those that found nothing included.</summary>
    [JsonPropertyName("results")]
    public required IReadOnlyList<CheckOutcome> Results { get; init; }

    /// <summary>The counts.</summary>
    [JsonPropertyName("summary")]
    public required CheckSummary Summary { get; init; }

    internal static TaskCheckReport Of(IEnumerable<CheckOutcome> outcomes)
    {
        var results = outcomes.Select((o, i) => o with { Id = i }).ToList();
        var failed = results.Count(r => r.State == CheckState.Fail);
        var warning = results.Count(r => r.State == CheckState.Warn);
        return new TaskCheckReport
        {
            Results = results,
            Summary = new CheckSummary { Passed = failed == 0, Total = results.Count, Successful = results.Count - failed - warning, Failed = failed, Warning = warning },
        };
    }

    /// <summary>What is shown: only checks that found something, with so many findings at most; the counts stay.</summary>
    /// <param name="errors">How many errors, over all checks.</param>
    /// <param name="warnings">How many warnings, over all checks.</param>
    public TaskCheckReport Limit(long errors = DefaultLimit, long warnings = DefaultLimit)
    {
        var shown = new List<CheckOutcome>();
        foreach (var result in Results.Where(r => r.State != CheckState.Success))
        {
            var findings = (result.Errors ?? []).Where(f => (f.Severity == CheckState.Fail ? errors-- : warnings--) > 0).ToList();
            if (findings.Count > 0)
                shown.Add(result with { Errors = findings });
        }
        return this with { Results = shown };
    }

    /// <summary>The report as JSON on several lines, each but the first with a tab before it, as DM prints it.</summary>
    public string ToJson() => new StringBuilder(JsonSerializer.Serialize(this, Layout)).Replace("\n", "\n\t").ToString();

    /// <summary>What <c>check-task</c> and <c>start-task</c> answer where nothing failed.</summary>
    /// <param name="errors">How many errors are shown.</param>
    /// <param name="warnings">How many warnings are shown.</param>
    /// <exception cref="TiFerryException"><see cref="CheckErrors.PrecheckFailed"/>, with the report in its message, where a check failed.</exception>
    public string Message(long errors = DefaultLimit, long warnings = DefaultLimit)
    {
        if (Summary.Total == 0)
            return "";
        if (Summary.Successful == Summary.Total)
            return "pre-check is passed. ";
        var detail = Limit(errors, warnings).ToJson();
        if (Summary.Passed)
            return $"{Header}: no errors but some warnings\n detail: {detail}";
        throw new TiFerryException(Failed, ErrorScope.Internal, $"{Header}: check was failed, please see detail\n detail: {detail}");
    }
}
