namespace TiFerry.Dump.Layout;

/// <summary>
/// Whose a dump is: two lines of its metadata, which are there as soon as it begins. What has no mark, or another owner's, is never deleted.
/// </summary>
/// <param name="Owner">Who may dump into the folder again, without line ends; empty for any caller that gives no name.</param>
/// <param name="Run">Which of the owner's dumps it is, without line ends; empty where that makes no difference.</param>
public sealed record DumpMark(string Owner, string Run)
{
    internal const string OwnerKey = "TiFerry dump of:";
    internal const string RunKey = "TiFerry run:";

    /// <summary>The mark of callers that give no name.</summary>
    public static DumpMark Anonymous { get; } = new("", "");

    internal string Lines => $"{OwnerKey} {Owner}\n{RunKey} {Run}\n";
}
