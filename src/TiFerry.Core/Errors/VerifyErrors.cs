namespace TiFerry.Core.Errors;

/// <summary>Errors of comparing both sides. DM's class <c>validator</c> with own numbers from 90801.</summary>
public static class VerifyErrors
{
    /// <summary>Rows differ.</summary>
    public static readonly ErrorCode RowsDiffer = new(90801, "validator", "high");

    /// <summary>Definitions differ, so that rows cannot be compared.</summary>
    public static readonly ErrorCode DefinitionsDiffer = new(90802, "validator", "high");
}
