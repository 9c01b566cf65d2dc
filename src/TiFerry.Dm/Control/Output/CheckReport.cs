using Google.Protobuf;

namespace TiFerry.Dm.Control.Output;

/// <summary>Answers that hold the report of a check.</summary>
internal static class CheckReport
{
    /// <summary>How such a report begins; the wording is DM's, for scripts look for it.</summary>
    public const string Header = "fail to check synchronization configuration with type";

    private const string Placeholder = "PLACEHOLDER";

    /// <summary>The answer as JSON. A report in it is shown as it is, on many lines, as DM's dmctl does; such output is for people, not for parsers.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="report">Its text that may be a report.</param>
    /// <param name="replace">Puts another text in that place.</param>
    public static string Format<T>(T answer, string report, Action<T, string> replace)
        where T : IMessage<T>, IDeepCloneable<T>
    {
        if (!report.Contains(Header, StringComparison.Ordinal))
            return ProtoJson.Format(answer);
        var copy = answer.Clone();
        replace(copy, Placeholder);
        var text = ReplaceFirst(ProtoJson.Format(copy), Placeholder, report);
        return ReplaceFirst(text, "detail: {", "   \tdetail: {");
    }

    private static string ReplaceFirst(string text, string old, string replacement)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 ? text : string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length));
    }
}
