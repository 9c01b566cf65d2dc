namespace TiFerry.Schema.Ddl.Ast;

/// <summary>How the value of an option is written.</summary>
public enum OptionValueKind
{
    /// <summary>The option stands alone, for example <c>WITH SYSTEM VERSIONING</c>.</summary>
    None,

    /// <summary>A word or name: <c>ENGINE=InnoDB</c>.</summary>
    Word,

    /// <summary>A string: <c>COMMENT='x'</c>.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Anything else, kept as written: <c>UNION=(a, b)</c>, <c>TTL=`t` + INTERVAL 1 DAY</c>.</summary>
    Raw,
}

/// <summary>An option of a table, database, column, key or partition.</summary>
/// <param name="Name">
/// In upper case, one spelling for synonyms: <c>ENGINE</c>, <c>CHARACTER SET</c>, <c>COLLATE</c>, <c>COMMENT</c>, <c>AUTO_INCREMENT</c>, <c>DATA DIRECTORY</c>, <c>PLACEMENT POLICY</c>, ...
/// Options that only an engine of MariaDB knows keep their letters.
/// </param>
/// <param name="Value">The value without quotes and escapes; empty for none. DEFAULT is a word like others.</param>
/// <param name="ValueKind">How it is written.</param>
public sealed record OptionClause(string Name, string Value, OptionValueKind ValueKind) : SqlNode;
