namespace TiFerry.Core.Errors;

/// <summary>Errors in what the user wrote: options, files, filters. DM's class <c>config</c> (20000 to 20999) and own numbers from 90001.</summary>
public static class ConfigErrors
{
    /// <summary>A configuration file or its contents cannot be used.</summary>
    public static readonly ErrorCode BadConfig = new(20002, "config", "medium");

    /// <summary>A file that an option names cannot be read.</summary>
    public static readonly ErrorCode CannotReadFile = new(20018, "config", "medium");

    /// <summary>A time zone is not known.</summary>
    public static readonly ErrorCode BadTimeZone = new(20008, "config", "medium");

    /// <summary>A table filter pattern cannot be read.</summary>
    public static readonly ErrorCode BadTableFilter = new(90001, "config", "high");

    /// <summary>An option has a value that it cannot have, or options contradict each other.</summary>
    public static readonly ErrorCode BadOption = new(90002, "config", "high");

    /// <summary>A task goes on with other settings than it began with.</summary>
    public static readonly ErrorCode TaskDiffers = new(90003, "config", "high");

    /// <summary>A start position is needed and not given.</summary>
    public static readonly ErrorCode NoStart = new(90004, "config", "high");
}
