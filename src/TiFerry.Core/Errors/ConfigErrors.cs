namespace TiFerry.Core.Errors;

/// <summary>Errors in what the user wrote: options, URLs, files, filters. DM's class <c>config</c> (20000 to 20999).</summary>
public static class ConfigErrors
{
    /// <summary>A table filter pattern cannot be read.</summary>
    public static readonly ErrorCode BadTableFilter = new(90001, "config", "high");
}
