using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>A row of the source's <c>information_schema.TABLES</c>.</summary>
/// <param name="Name">Schema and name.</param>
/// <param name="Type"><c>BASE TABLE</c>, <c>VIEW</c>, <c>SEQUENCE</c>, <c>SYSTEM VERSIONED</c>, ...</param>
/// <param name="Engine">The storage engine; empty for a view.</param>
/// <param name="Collation">The default collation; null for a view.</param>
public sealed record SourceObject(TableName Name, string Type, string Engine, string? Collation)
{
    /// <summary>Whether it is a table that is carried.</summary>
    public bool IsTable => Type == "BASE TABLE";

    /// <summary>Whether it is a view.</summary>
    public bool IsView => Type == "VIEW";
}
