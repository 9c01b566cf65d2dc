namespace TiFerry.Core.Errors;

/// <summary>Errors found before anything is touched. DM's class <c>task-check</c> (26000 to 26999) and own numbers from 90401.</summary>
public static class CheckErrors
{
    /// <summary>Tables whose names differ in letter case only.</summary>
    public static readonly ErrorCode SameNameInOtherCase = new(26001, "task-check", "medium");

    /// <summary>One or more prechecks failed.</summary>
    public static readonly ErrorCode PrecheckFailed = new(26005, "task-check", "medium");

    /// <summary>A table of the target already holds rows that are not this task's.</summary>
    public static readonly ErrorCode TargetNotEmpty = new(90401, "task-check", "high");

    /// <summary>A table has no primary or unique key that rows can be told apart by.</summary>
    public static readonly ErrorCode NoUsableKey = new(90402, "task-check", "high");

    /// <summary>An account lacks privileges.</summary>
    public static readonly ErrorCode MissingPrivileges = new(90403, "task-check", "high");

    /// <summary>The source does not write a binlog in the way that is needed.</summary>
    public static readonly ErrorCode BinlogSettings = new(90404, "task-check", "high");
}
