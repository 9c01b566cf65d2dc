namespace TiFerry.Schema.Ddl.Ast;

/// <summary>A part of a statement. Immutable; two nodes are equal when they mean the same, wherever they stand.</summary>
public abstract record SqlNode
{
    /// <summary>Where it stands in the text; empty for a node that was not read from one.</summary>
    public TextSpan Span { get; init; }

    /// <summary>Compares without the position.</summary>
    public virtual bool Equals(SqlNode? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();
}
