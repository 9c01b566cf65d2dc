using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Ddl.Printing;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// Writes a statement as SQL that means the same as the one it was read from: reading it again in the same dialect gives an equal tree. The spelling is
/// uniform: backticks around all names, one word for synonyms, no comments.
/// </summary>
public static class DdlPrinter
{
    /// <summary>A statement.</summary>
    /// <param name="statement">What to write; not an <see cref="UnknownStatement"/> and not an <see cref="OtherStatement"/>, whose text is not kept.</param>
    /// <param name="dialect">The dialect that its expressions are written in.</param>
    /// <exception cref="ArgumentException">The statement's text is not kept.</exception>
    public static byte[] Print(SqlStatement statement, SqlDialect dialect)
    {
        var writer = new DdlWriter(dialect);
        writer.Statement(statement);
        return Encoding.UTF8.GetBytes(writer.ToString());
    }

    /// <summary>A column, key, constraint or period, as it stands in CREATE TABLE.</summary>
    public static string Print(TableElement element, SqlDialect dialect)
    {
        var writer = new DdlWriter(dialect);
        writer.Element(element);
        return writer.ToString();
    }

    /// <summary>One change of ALTER TABLE.</summary>
    public static string Print(AlterSpecification specification, SqlDialect dialect)
    {
        var writer = new DdlWriter(dialect);
        writer.Specification(specification);
        return writer.ToString();
    }

    /// <summary>A data type with its attributes.</summary>
    public static string Print(DataType type, SqlDialect dialect)
    {
        var writer = new DdlWriter(dialect);
        writer.Type(type);
        return writer.ToString();
    }

    /// <summary>PARTITION BY ...</summary>
    public static string Print(Partitioning partitioning, SqlDialect dialect)
    {
        var writer = new DdlWriter(dialect);
        writer.Partitioning(partitioning);
        return writer.ToString();
    }
}
