namespace TiFerry.Schema.Ddl.Ast;

/// <summary>What CREATE TABLE ... SELECT does with rows that collide.</summary>
public enum DuplicateRows
{
    /// <summary>Nothing was written: an error.</summary>
    Error,

    /// <summary>IGNORE.</summary>
    Ignore,

    /// <summary>REPLACE.</summary>
    Replace,
}

/// <summary>CREATE TABLE.</summary>
/// <param name="Name">The table.</param>
public sealed record CreateTable(ObjectName Name) : SqlStatement
{
    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>MariaDB's OR REPLACE.</summary>
    public bool OrReplace { get; init; }

    /// <summary>TEMPORARY.</summary>
    public bool Temporary { get; init; }

    /// <summary>Columns, keys, constraints and periods in the order of the text, which decides the order and the automatic names of keys.</summary>
    public NodeList<TableElement> Elements { get; init; } = [];

    /// <summary>ENGINE, CHARACTER SET, COMMENT, ..., <c>WITH SYSTEM VERSIONING</c>.</summary>
    public NodeList<OptionClause> Options { get; init; } = [];

    /// <summary>PARTITION BY; null for none.</summary>
    public Partitioning? Partitioning { get; init; }

    /// <summary>The table of LIKE; null for none.</summary>
    public ObjectName? LikeSource { get; init; }

    /// <summary>The query that fills the table, without AS; null for none.</summary>
    public SqlExpression? Select { get; init; }

    /// <summary>What happens to rows of the query that collide.</summary>
    public DuplicateRows Duplicates { get; init; }

    /// <summary>
    /// Whether it ends in START TRANSACTION: MySQL 8.0.21 and later logs CREATE TABLE ... SELECT like this,
    /// with the rows following in the same transaction. See <see cref="DdlText.WithoutStartTransaction"/>.
    /// </summary>
    public bool StartsTransaction { get; init; }

    /// <summary>The columns among the elements.</summary>
    public IEnumerable<ColumnDefinition> Columns => Elements.OfType<ColumnDefinition>();

    /// <summary>The keys among the elements; those written in a column are there only.</summary>
    public IEnumerable<KeyDefinition> Keys => Elements.OfType<KeyDefinition>();

    /// <summary>The foreign keys among the elements; those written in a column are there only.</summary>
    public IEnumerable<ForeignKeyDefinition> ForeignKeys => Elements.OfType<ForeignKeyDefinition>();

    /// <summary>The checks among the elements; those written in a column are there only.</summary>
    public IEnumerable<CheckDefinition> Checks => Elements.OfType<CheckDefinition>();

    /// <inheritdoc/>
    public override StatementKind Kind =>
        LikeSource is not null ? StatementKind.CreateTableLike : Select is not null ? StatementKind.CreateTableSelect : StatementKind.CreateTable;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => [Name];

    /// <inheritdoc/>
    public override bool IsTemporary => Temporary;
}
