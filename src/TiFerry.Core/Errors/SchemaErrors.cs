namespace TiFerry.Core.Errors;

/// <summary>Errors about SQL text, table definitions, character sets. DM's class <c>functional</c> (11000 to 11999) and own ones.</summary>
public static class SchemaErrors
{
    /// <summary>A statement cannot be understood.</summary>
    public static readonly ErrorCode CannotParseStatement = new(11006, "functional", "high");

    /// <summary>A DDL statement of a kind that cannot be carried over.</summary>
    public static readonly ErrorCode UnknownDdl = new(11007, "functional", "high");

    /// <summary>A table name is not valid.</summary>
    public static readonly ErrorCode BadTableName = new(11042, "functional", "high");

    /// <summary>The text of an sql_mode holds an unknown name.</summary>
    public static readonly ErrorCode BadSqlMode = new(11016, "functional", "high");
}
