using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tracking;

/// <summary>
/// A table as CREATE TABLE would describe it with everything spelt out: complete types, character sets, nullability, defaults, and a name for every key
/// and constraint. Expressions are in plain quotes (empty sql_mode). Immutable; equal when all parts are.
/// </summary>
public sealed partial record TableDefinition
{
    /// <summary>The server the table is on; its sql_mode is empty.</summary>
    public required SqlDialect Dialect { get; init; }

    /// <summary>The table's name, without the database.</summary>
    public required string Name { get; init; }

    /// <summary>The columns in order. Types, nullability and defaults are complete; keys and references are not here.</summary>
    public required NodeList<ColumnDefinition> Columns { get; init; }

    /// <summary>All keys, in the order in which they were made; the primary key's name is <c>PRIMARY</c>.</summary>
    public NodeList<KeyDefinition> Keys { get; init; } = [];

    /// <summary>The foreign keys, each with its name in <see cref="ForeignKeyDefinition.ConstraintName"/>.</summary>
    public NodeList<ForeignKeyDefinition> ForeignKeys { get; init; } = [];

    /// <summary>The checks of the table, each with a name; those of MariaDB's columns are in the columns.</summary>
    public NodeList<CheckDefinition> Checks { get; init; } = [];

    /// <summary>MariaDB's periods.</summary>
    public NodeList<PeriodDefinition> Periods { get; init; } = [];

    /// <summary>The storage engine, spelled as servers show it, for example <c>InnoDB</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The character set that new columns get.</summary>
    public required string Charset { get; init; }

    /// <summary>The collation that new columns get.</summary>
    public required string Collation { get; init; }

    /// <summary>The comment; empty for none.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Other options, AUTO_INCREMENT excepted.</summary>
    public NodeList<OptionClause> Options { get; init; } = [];

    /// <summary>How rows are divided; null for one partition.</summary>
    public Partitioning? Partitioning { get; init; }

    /// <summary>Names of the keys that the server made for foreign keys. They go when another key serves.</summary>
    internal NodeList<string> ServerMadeKeys { get; init; } = [];

    internal CharsetChoice DefaultCharset => new(Charset, Collation);

    /// <summary>The place of a column from 0; -1 for none of that name.</summary>
    internal int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (ColumnNames.Equals(Columns[i].Name, column))
                return i;
        }

        return -1;
    }

    internal static StringComparer ColumnNames => StringComparer.OrdinalIgnoreCase;
}
