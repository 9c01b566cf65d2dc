using TiFerry.Core.Errors;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Workers;

/// <summary>Errors that a worker tells of, as one text.</summary>
internal static class WorkerErrorText
{
    /// <summary>The text; empty where there are none.</summary>
    public static string Of(ProcessResult? result) => result is { Errors.Count: > 0 } ? Of(string.Join(", ", result.Errors.Select(Describe))) : "";

    /// <summary>The text for a reason.</summary>
    public static string Of(string reason) =>
        new TiFerryException(MasterErrors.WorkerReportsErrors, ErrorScope.Internal, $"some error occurs in dm-worker: {reason}", "Please execute `query-status` to check status.").Message;

    private static string Describe(ProcessError error)
    {
        var text = $"[code={error.ErrCode}:class={error.ErrClass}:scope={error.ErrScope}:level={error.ErrLevel}], Message: {error.Message}";
        if (error.RawCause.Length > 0)
            text += $", RawCause: {error.RawCause}";
        return error.Workaround.Length > 0 ? $"{text}, Workaround: {error.Workaround}" : text;
    }
}
