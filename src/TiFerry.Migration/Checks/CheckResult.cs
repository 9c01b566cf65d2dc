namespace TiFerry.Migration.Checks;

/// <summary>What one check found.</summary>
/// <param name="Name">Side and subject, for example <c>source binlog_format</c>.</param>
/// <param name="Severity">What it means for the migration.</param>
/// <param name="Message">What was found, naming the objects; never a password.</param>
/// <param name="WayOut">What can be done about it; null where nothing needs to be done.</param>
public sealed record CheckResult(string Name, CheckSeverity Severity, string Message, string? WayOut = null)
{
    internal static CheckResult Pass(string name, string message) => new(name, CheckSeverity.Pass, message);

    internal static CheckResult Warning(string name, string message, string? wayOut = null) => new(name, CheckSeverity.Warning, message, wayOut);

    internal static CheckResult Error(string name, string message, string wayOut) => new(name, CheckSeverity.Error, message, wayOut);
}
