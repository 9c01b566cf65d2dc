namespace TiFerry.Schema.Ddl.Ast;

/// <summary>What stands between the brackets of CREATE TABLE or ADD (...): a column, key, foreign key, check or period.</summary>
public abstract record TableElement : SqlNode;
