namespace TiFerry.Core.Errors;

/// <summary>Errors while the source is read. DM's class <c>dump-unit</c> (32000 to 32999) and own numbers from 90501.</summary>
public static class DumpErrors
{
    /// <summary>Reading failed.</summary>
    public static readonly ErrorCode Failed = new(32001, "dump-unit", "high");

    /// <summary>The lock that a consistent snapshot begins with could not be had.</summary>
    public static readonly ErrorCode CannotLock = new(32004, "dump-unit", "high");

    /// <summary>A table's definition changed while it was read.</summary>
    public static readonly ErrorCode DefinitionChanged = new(90501, "dump-unit", "high");
}
