namespace TiFerry.Migration.Checks;

/// <summary>What a check's result means for the migration.</summary>
public enum CheckSeverity
{
    /// <summary>All is well; the message may say what to expect.</summary>
    Pass,

    /// <summary>The migration can be done; someone should know this.</summary>
    Warning,

    /// <summary>The migration can't be done as asked.</summary>
    Error,
}
