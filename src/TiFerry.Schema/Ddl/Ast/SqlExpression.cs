namespace TiFerry.Schema.Ddl.Ast;

/// <summary>An expression or another stretch of tokens that is kept as text, with all brackets closed.</summary>
/// <param name="Text">
/// The tokens as written; spaces, comments and marks of version comments between two of them became one space. Quoting and escapes are those
/// of the statement's dialect.
/// </param>
public sealed record SqlExpression(string Text) : SqlNode
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
