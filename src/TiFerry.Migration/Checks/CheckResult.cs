namespace TiFerry.Migration.Checks;

/// <summary>What one check found.</summary>
/// <param name="Name">Side and subject, for example <c>source binlog_format</c>.</param>
/// <param name="Severity">What it means for the migration.</param>
/// <param name="Message">What was found, naming the objects; never a password.</param>
/// <param name="WayOut">What can be done about it; null where nothing needs to be done.</param>
public sealed record CheckResult(string Name, CheckSeverity Severity, string Message, string? WayOut = null)
{
    /// <summary>The same said of each object by itself, so that no name is cut off; only <see cref="Message"/> where it isn't about several objects.</summary>
    public IReadOnlyList<string> Details { get; init; } = [Message];

    /// <summary>All is well.</summary>
    public static CheckResult Pass(string name, string message) => new(name, CheckSeverity.Pass, message);

    /// <summary>Someone should know this.</summary>
    public static CheckResult Warning(string name, string message, string? wayOut = null) => new(name, CheckSeverity.Warning, message, wayOut);

    /// <summary>Someone should know this of these objects.</summary>
    public static CheckResult Warning<T>(string name, IReadOnlyCollection<T> objects, Func<string, string> message, string? wayOut = null) =>
        Of(name, CheckSeverity.Warning, objects, message, wayOut);

    /// <summary>It can't be done as asked.</summary>
    public static CheckResult Error(string name, string message, string wayOut) => new(name, CheckSeverity.Error, message, wayOut);

    /// <summary>It can't be done as asked, because of these objects.</summary>
    public static CheckResult Error<T>(string name, IReadOnlyCollection<T> objects, Func<string, string> message, string wayOut) =>
        Of(name, CheckSeverity.Error, objects, message, wayOut);

    private static CheckResult Of<T>(string name, CheckSeverity severity, IReadOnlyCollection<T> objects, Func<string, string> message, string? wayOut) =>
        new(name, severity, message(NameList.Of(objects)), wayOut) { Details = [.. objects.Select(o => message($"{o}"))] };
}
