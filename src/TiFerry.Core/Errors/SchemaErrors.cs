namespace TiFerry.Core.Errors;

/// <summary>
/// Errors about SQL text, table definitions, character sets. DM's class <c>functional</c> (11000 to 11999), <c>schema-tracker</c>
/// (44000 to 44999) and own numbers from 90701.
/// </summary>
public static class SchemaErrors
{
    /// <summary>A statement cannot be understood.</summary>
    public static readonly ErrorCode CannotParseStatement = new(11006, "functional", "high");

    /// <summary>A DDL statement of a kind that cannot be carried over.</summary>
    public static readonly ErrorCode UnknownDdl = new(11007, "functional", "high");

    /// <summary>The text of an sql_mode holds an unknown name.</summary>
    public static readonly ErrorCode BadSqlMode = new(11016, "functional", "high");

    /// <summary>A table name is not valid.</summary>
    public static readonly ErrorCode BadTableName = new(11042, "functional", "high");

    /// <summary>A table's definition cannot be had.</summary>
    public static readonly ErrorCode CannotReadTable = new(44005, "schema-tracker", "high");

    /// <summary>A statement doesn't fit the tracked tables.</summary>
    public static readonly ErrorCode CannotTrack = new(44006, "schema-tracker", "high");

    /// <summary>A definition that was given for a table can't be used.</summary>
    public static readonly ErrorCode InvalidCreateTable = new(44009, "schema-tracker", "medium");

    /// <summary>The target has no such data type.</summary>
    public static readonly ErrorCode UnsupportedType = new(90701, "functional", "high");

    /// <summary>The target has neither a character set nor one that could stand for it.</summary>
    public static readonly ErrorCode UnsupportedCharset = new(90702, "functional", "high");

    /// <summary>The target has neither a collation nor one that could stand for it.</summary>
    public static readonly ErrorCode UnsupportedCollation = new(90703, "functional", "high");
}
