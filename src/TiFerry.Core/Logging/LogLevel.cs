namespace TiFerry.Core.Logging;

/// <summary>How much a log line matters.</summary>
public enum LogLevel
{
    /// <summary>For developers.</summary>
    Debug,

    /// <summary>The normal course of things.</summary>
    Info,

    /// <summary>Something to look at, the work goes on.</summary>
    Warn,

    /// <summary>Something failed.</summary>
    Error,

    /// <summary>The process ends because of it.</summary>
    Fatal,
}
