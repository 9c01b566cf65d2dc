namespace TiFerry.Schema.Expressions;

/// <summary>A MySQL expression over the columns of one row (MySQL manual, "Expressions").</summary>
/// <param name="Position">The offset of its first byte, or of its operator, in the expression's UTF-8 text.</param>
public abstract record Expression(int Position);

/// <summary>NULL.</summary>
public sealed record NullLiteral(int Position) : Expression(Position);

/// <summary>A number as it is written, without a sign. TRUE and FALSE are 1 and 0.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Text">Digits, perhaps with a point or an exponent.</param>
/// <param name="IsFloat">Whether it has an exponent, and so is a DOUBLE.</param>
public sealed record NumberLiteral(int Position, string Text, bool IsFloat) : Expression(Position);

/// <summary>A string in quotes.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Value">Its bytes in UTF-8, quotes and escapes resolved.</param>
/// <param name="Introducer">The character set in front of it, without the underscore; null for none.</param>
public sealed record TextLiteral(int Position, byte[] Value, string? Introducer) : Expression(Position);

/// <summary>A hexadecimal or bit literal: bytes, or where a number is wanted the number they make.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Value">Its bytes.</param>
public sealed record BinaryLiteral(int Position, byte[] Value) : Expression(Position);

/// <summary><c>DATE'...'</c>, <c>TIME'...'</c> or <c>TIMESTAMP'...'</c>.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Type">DATE, TIME or TIMESTAMP.</param>
/// <param name="Value">The text between the quotes, in UTF-8.</param>
public sealed record TemporalLiteral(int Position, string Type, byte[] Value) : Expression(Position);

/// <summary>A column.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Schema">The schema in front of it; null for none.</param>
/// <param name="Table">The table in front of it; null for none.</param>
/// <param name="Name">Its name, unquoted.</param>
public sealed record ColumnReference(int Position, string? Schema, string? Table, string Name) : Expression(Position);

/// <summary>An operator with one operand.</summary>
/// <param name="Position">The operator's place.</param>
/// <param name="Operator">Which.</param>
/// <param name="Operand">What it is applied to.</param>
public sealed record UnaryExpression(int Position, UnaryOperator Operator, Expression Operand) : Expression(Position);

/// <summary>An operator with two operands.</summary>
/// <param name="Position">The operator's place.</param>
/// <param name="Operator">Which.</param>
/// <param name="Left">Left of it.</param>
/// <param name="Right">Right of it.</param>
public sealed record BinaryExpression(int Position, BinaryOperator Operator, Expression Left, Expression Right) : Expression(Position);

/// <summary><c>IS [NOT] NULL</c>, TRUE, FALSE, UNKNOWN.</summary>
/// <param name="Position">The place of IS.</param>
/// <param name="Operand">What is tested.</param>
/// <param name="Test">For what; UNKNOWN is NULL.</param>
/// <param name="IsNegated">Whether NOT stands there.</param>
public sealed record IsExpression(int Position, Expression Operand, TruthTest Test, bool IsNegated) : Expression(Position);

/// <summary><c>[NOT] IN (...)</c>.</summary>
/// <param name="Position">The place of IN.</param>
/// <param name="Operand">What is looked for.</param>
/// <param name="List">Where it is looked for; at least one.</param>
/// <param name="IsNegated">Whether NOT stands there.</param>
public sealed record InExpression(int Position, Expression Operand, IReadOnlyList<Expression> List, bool IsNegated) : Expression(Position);

/// <summary><c>[NOT] BETWEEN ... AND ...</c>.</summary>
/// <param name="Position">The place of BETWEEN.</param>
/// <param name="Operand">What is compared.</param>
/// <param name="Low">The lower end, included.</param>
/// <param name="High">The upper end, included.</param>
/// <param name="IsNegated">Whether NOT stands there.</param>
public sealed record BetweenExpression(int Position, Expression Operand, Expression Low, Expression High, bool IsNegated) : Expression(Position);

/// <summary><c>[NOT] LIKE ... [ESCAPE ...]</c>.</summary>
/// <param name="Position">The place of LIKE.</param>
/// <param name="Operand">What is matched.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Escape">The escape character; null for the backslash.</param>
/// <param name="IsNegated">Whether NOT stands there.</param>
public sealed record LikeExpression(int Position, Expression Operand, Expression Pattern, Expression? Escape, bool IsNegated) : Expression(Position);

/// <summary><c>[NOT] REGEXP ...</c> or RLIKE.</summary>
/// <param name="Position">The place of REGEXP.</param>
/// <param name="Operand">What is matched.</param>
/// <param name="Pattern">The regular expression.</param>
/// <param name="IsNegated">Whether NOT stands there.</param>
public sealed record RegexpExpression(int Position, Expression Operand, Expression Pattern, bool IsNegated) : Expression(Position);

/// <summary>CASE in both forms.</summary>
/// <param name="Position">The place of CASE.</param>
/// <param name="Operand">What is compared with each WHEN; null where each WHEN is a condition.</param>
/// <param name="Branches">WHEN and THEN, at least one.</param>
/// <param name="Otherwise">ELSE; null for NULL.</param>
public sealed record CaseExpression(int Position, Expression? Operand, IReadOnlyList<CaseBranch> Branches, Expression? Otherwise) : Expression(Position);

/// <summary>A WHEN with its THEN.</summary>
/// <param name="When">The condition, or the value compared with.</param>
/// <param name="Then">The result.</param>
public sealed record CaseBranch(Expression When, Expression Then);

/// <summary>A function call. Special forms are brought to the plain one: <c>SUBSTRING(s FROM 2)</c> is <c>SUBSTRING(s, 2)</c>.</summary>
/// <param name="Position">The place of the name.</param>
/// <param name="Name">The function in capital letters.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record CallExpression(int Position, string Name, IReadOnlyList<Expression> Arguments) : Expression(Position);

/// <summary><c>TRIM([BOTH|LEADING|TRAILING] [removed] [FROM] text)</c>.</summary>
/// <param name="Position">The place of TRIM.</param>
/// <param name="Sides">Where it cuts.</param>
/// <param name="Removed">What it cuts; null for spaces.</param>
/// <param name="Operand">The text.</param>
public sealed record TrimExpression(int Position, TrimSides Sides, Expression? Removed, Expression Operand) : Expression(Position);

/// <summary>CAST, or CONVERT with a type.</summary>
/// <param name="Position">The place of CAST.</param>
/// <param name="Operand">What is converted.</param>
/// <param name="Type">The type in capital letters: SIGNED, UNSIGNED, DECIMAL, CHAR, BINARY, DATE, TIME, DATETIME, DOUBLE, FLOAT, YEAR, JSON.</param>
/// <param name="Length">The first number in parentheses; null for none.</param>
/// <param name="Scale">The second one; null for none.</param>
public sealed record CastExpression(int Position, Expression Operand, string Type, int? Length, int? Scale) : Expression(Position);

/// <summary><c>COLLATE</c>.</summary>
/// <param name="Position">The place of COLLATE.</param>
/// <param name="Operand">The text.</param>
/// <param name="Collation">The collation as it is written.</param>
public sealed record CollateExpression(int Position, Expression Operand, string Collation) : Expression(Position);

/// <summary>A date and an interval added to it: <c>d + INTERVAL 1 DAY</c>, DATE_ADD, DATE_SUB.</summary>
/// <param name="Position">The operator's place.</param>
/// <param name="Operand">The date.</param>
/// <param name="Amount">How many units.</param>
/// <param name="Unit">The unit in capital letters.</param>
/// <param name="IsSubtracted">Whether the interval is taken away.</param>
public sealed record IntervalExpression(int Position, Expression Operand, Expression Amount, string Unit, bool IsSubtracted) : Expression(Position);

/// <summary>Operators with one operand.</summary>
public enum UnaryOperator
{
    /// <summary>NOT, or <c>!</c>.</summary>
    Not,

    /// <summary><c>-</c>.</summary>
    Negate,

    /// <summary><c>~</c>.</summary>
    Invert,

    /// <summary>BINARY: the text's bytes.</summary>
    Binary,
}

/// <summary>Operators with two operands.</summary>
public enum BinaryOperator
{
    /// <summary>OR, or <c>||</c> without PIPES_AS_CONCAT.</summary>
    Or,

    /// <summary>XOR.</summary>
    Xor,

    /// <summary>AND, or <c>&amp;&amp;</c>.</summary>
    And,

    /// <summary><c>=</c>.</summary>
    Equal,

    /// <summary><c>&lt;=&gt;</c>: NULL equals NULL.</summary>
    NullSafeEqual,

    /// <summary><c>&lt;&gt;</c>, <c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>|</c>.</summary>
    BitOr,

    /// <summary><c>&amp;</c>.</summary>
    BitAnd,

    /// <summary><c>^</c>.</summary>
    BitXor,

    /// <summary><c>&lt;&lt;</c>.</summary>
    ShiftLeft,

    /// <summary><c>&gt;&gt;</c>.</summary>
    ShiftRight,

    /// <summary><c>+</c>.</summary>
    Add,

    /// <summary><c>-</c>.</summary>
    Subtract,

    /// <summary><c>*</c>.</summary>
    Multiply,

    /// <summary><c>/</c>.</summary>
    Divide,

    /// <summary>DIV: division whose result is cut to an integer.</summary>
    IntegerDivide,

    /// <summary>MOD, or <c>%</c>.</summary>
    Modulo,
}

/// <summary>What IS asks for.</summary>
public enum TruthTest
{
    /// <summary>NULL, UNKNOWN.</summary>
    Null,

    /// <summary>TRUE.</summary>
    True,

    /// <summary>FALSE.</summary>
    False,
}

/// <summary>Where TRIM cuts.</summary>
[Flags]
public enum TrimSides
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>In front.</summary>
    Leading = 1,

    /// <summary>At the end.</summary>
    Trailing = 2,

    /// <summary>At both ends.</summary>
    Both = 3,
}
