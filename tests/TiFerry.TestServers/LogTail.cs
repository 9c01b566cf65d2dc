namespace TiFerry.TestServers;

internal static class LogTail
{
    /// <summary>The last lines of a server's log, for error messages.</summary>
    public static string Of(string logFile) =>
        File.Exists(logFile) ? string.Join('\n', File.ReadLines(logFile).TakeLast(40)) : $"({logFile} was not written)";
}
