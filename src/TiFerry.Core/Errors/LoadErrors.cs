namespace TiFerry.Core.Errors;

/// <summary>Errors while the copy is written. DM's class <c>load-unit</c> (34000 to 34999) and own numbers from 90601.</summary>
public static class LoadErrors
{
    /// <summary>A definition in a file can't be read.</summary>
    public static readonly ErrorCode BadDefinitionFile = new(34005, "load-unit", "high");

    /// <summary>A statement with rows is cut off or not of a form that can be loaded.</summary>
    public static readonly ErrorCode BadStatement = new(34009, "load-unit", "high");

    /// <summary>The folder with the dump is missing.</summary>
    public static readonly ErrorCode NoDirectory = new(34014, "load-unit", "high");

    /// <summary>The checkpoint does not belong to the files.</summary>
    public static readonly ErrorCode CheckpointMismatch = new(34018, "functional", "high");

    /// <summary>A data file or its name makes no sense.</summary>
    public static readonly ErrorCode BadDataFile = new(34013, "load-unit", "high");

    /// <summary>After a physical import the target's checksum is not that of the files.</summary>
    public static readonly ErrorCode ChecksumMismatch = new(34021, "load-unit", "high");

    /// <summary>Writing rows failed.</summary>
    public static readonly ErrorCode WriteFailed = new(90601, "load-unit", "high");

    /// <summary>Source and target differ in a table's columns.</summary>
    public static readonly ErrorCode ColumnsDiffer = new(90602, "load-unit", "high");

    /// <summary>The target took fewer rows than it was given.</summary>
    public static readonly ErrorCode RowsLost = new(90603, "load-unit", "high");

    /// <summary>The target refuses a definition.</summary>
    public static readonly ErrorCode CreateFailed = new(90604, "load-unit", "high");
}
