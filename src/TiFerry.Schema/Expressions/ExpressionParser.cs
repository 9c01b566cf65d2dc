using System.Text;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Expressions;

/// <summary>
/// Reads an expression as the servers do (MySQL manual, "Expressions" and "Operator Precedence"). What can't have a value that the row alone decides is refused by
/// name: subqueries, variables, parameters, aggregates. Functions are not looked up here: an unknown one is a <see cref="CallExpression"/> as well.
/// </summary>
public ref partial struct ExpressionParser
{
    private const int MaxDepth = 100;

    private readonly bool _pipesAreConcat;
    private readonly bool _notBindsTight;
    private SqlLexer _lexer;
    private SqlToken _current;
    private int _depth;

    private ExpressionParser(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        _pipesAreConcat = dialect.Mode.HasFlag(SqlMode.PipesAsConcat);
        _notBindsTight = dialect.Mode.HasFlag(SqlMode.HighNotPrecedence);
        _lexer = new SqlLexer(sql, dialect);
        _current = _lexer.Next();
        _depth = 0;
    }

    /// <summary>Reads the whole text as one expression.</summary>
    /// <param name="sql">The expression in UTF-8.</param>
    /// <param name="dialect">The server it is written for, with its sql_mode.</param>
    /// <exception cref="ExpressionException">It is not an expression, or it uses what depends on more than the row.</exception>
    public static Expression Parse(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        var parser = new ExpressionParser(sql, dialect);
        var expression = parser.ParseOr();
        return parser._current.Kind == SqlTokenKind.End ? expression : throw parser.Unexpected("an operator or the end");
    }

    private Expression ParseOr()
    {
        if (++_depth > MaxDepth)
            throw new ExpressionException(_current.Start, $"it is nested deeper than {MaxDepth} levels");
        var left = ParseXor();
        while (At("OR"u8) || (AtOperator("||"u8) && !_pipesAreConcat))
            left = new BinaryExpression(Take(), BinaryOperator.Or, left, ParseXor());
        _depth--;
        return left;
    }

    private Expression ParseXor()
    {
        var left = ParseAnd();
        while (At("XOR"u8))
            left = new BinaryExpression(Take(), BinaryOperator.Xor, left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (At("AND"u8) || AtOperator("&&"u8))
            left = new BinaryExpression(Take(), BinaryOperator.And, left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        if (!At("NOT"u8) || _notBindsTight)
            return ParseComparison();
        Enter();
        var not = new UnaryExpression(Take(), UnaryOperator.Not, ParseNot());
        _depth--;
        return not;
    }

    private Expression ParseComparison()
    {
        var left = ParsePredicate();
        while (true)
        {
            if (At("IS"u8))
                left = ParseIs(left);
            else if (ComparisonAt() is { } comparison)
                left = new BinaryExpression(Take(), comparison, left, ParseComparand());
            else
                return left;
        }
    }

    private Expression ParseComparand()
    {
        if (At("ALL"u8) || At("ANY"u8) || At("SOME"u8))
            throw Subquery();
        return ParsePredicate();
    }

    private readonly BinaryOperator? ComparisonAt()
    {
        if (_current.Kind != SqlTokenKind.Operator)
            return null;
        return _lexer.Slice(_current) switch
        {
            [(byte)'='] => BinaryOperator.Equal,
            [(byte)'<', (byte)'=', (byte)'>'] => BinaryOperator.NullSafeEqual,
            [(byte)'<', (byte)'>'] or [(byte)'!', (byte)'='] => BinaryOperator.NotEqual,
            [(byte)'<'] => BinaryOperator.Less,
            [(byte)'<', (byte)'='] => BinaryOperator.LessOrEqual,
            [(byte)'>'] => BinaryOperator.Greater,
            [(byte)'>', (byte)'='] => BinaryOperator.GreaterOrEqual,
            _ => null,
        };
    }

    private IsExpression ParseIs(Expression operand)
    {
        var position = Take();
        var isNegated = Skip("NOT"u8);
        var test = 0 switch
        {
            _ when At("NULL"u8) || At("UNKNOWN"u8) => TruthTest.Null,
            _ when At("TRUE"u8) => TruthTest.True,
            _ when At("FALSE"u8) => TruthTest.False,
            _ => throw Unexpected("NULL, TRUE, FALSE or UNKNOWN"),
        };
        Take();
        return new IsExpression(position, operand, test, isNegated);
    }

    private Expression ParsePredicate()
    {
        var operand = ParseBitOr();
        var isNegated = At("NOT"u8) && NextIsPredicate() && Skip("NOT"u8);
        if (At("IN"u8))
            return new InExpression(Take(), operand, ParseList(), isNegated);
        if (At("BETWEEN"u8))
        {
            var position = Take();
            var low = ParseBitOr();
            Require("AND"u8);
            return new BetweenExpression(position, operand, low, ParsePredicate(), isNegated);
        }

        if (At("LIKE"u8))
        {
            var position = Take();
            var pattern = ParseSimple();
            var escape = Skip("ESCAPE"u8) ? ParseSimple() : null;
            return new LikeExpression(position, operand, pattern, escape, isNegated);
        }

        if (At("REGEXP"u8) || At("RLIKE"u8))
            return new RegexpExpression(Take(), operand, ParseBitOr(), isNegated);
        if (At("SOUNDS"u8) || At("MEMBER"u8))
            throw Unsupported("this operator is not supported");
        return operand;
    }

    private readonly bool NextIsPredicate()
    {
        var ahead = _lexer;
        var next = ahead.Next();
        return ahead.Is(next, "IN"u8) || ahead.Is(next, "BETWEEN"u8) || ahead.Is(next, "LIKE"u8) || ahead.Is(next, "REGEXP"u8) || ahead.Is(next, "RLIKE"u8);
    }

    private Expression ParseBitOr()
    {
        var left = ParseBitAnd();
        while (AtOperator("|"u8))
            left = new BinaryExpression(Take(), BinaryOperator.BitOr, left, ParseBitAnd());
        return left;
    }

    private Expression ParseBitAnd()
    {
        var left = ParseShift();
        while (AtOperator("&"u8))
            left = new BinaryExpression(Take(), BinaryOperator.BitAnd, left, ParseShift());
        return left;
    }

    private Expression ParseShift()
    {
        var left = ParseSum();
        while (true)
        {
            if (AtOperator("<<"u8))
                left = new BinaryExpression(Take(), BinaryOperator.ShiftLeft, left, ParseSum());
            else if (AtOperator(">>"u8))
                left = new BinaryExpression(Take(), BinaryOperator.ShiftRight, left, ParseSum());
            else
                return left;
        }
    }

    private Expression ParseSum()
    {
        var left = ParseProduct();
        while (AtOperator("+"u8) || AtOperator("-"u8))
        {
            var isMinus = AtOperator("-"u8);
            var position = Take();
            left = AtInterval()
                ? ParseInterval(position, left, isMinus)
                : new BinaryExpression(position, isMinus ? BinaryOperator.Subtract : BinaryOperator.Add, left, ParseProduct());
        }

        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParseBitXor();
        while (true)
        {
            BinaryOperator? sign = 0 switch
            {
                _ when AtOperator("*"u8) => BinaryOperator.Multiply,
                _ when AtOperator("/"u8) => BinaryOperator.Divide,
                _ when AtOperator("%"u8) || At("MOD"u8) => BinaryOperator.Modulo,
                _ when At("DIV"u8) => BinaryOperator.IntegerDivide,
                _ => null,
            };
            if (sign is null)
                return left;
            left = new BinaryExpression(Take(), sign.Value, left, ParseBitXor());
        }
    }

    private Expression ParseBitXor()
    {
        var left = ParseSimple();
        while (AtOperator("^"u8))
            left = new BinaryExpression(Take(), BinaryOperator.BitXor, left, ParseSimple());
        return left;
    }

    // Tightest: signs, NOT as "!", BINARY, COLLATE, and "||" where it joins strings.
    private Expression ParseSimple()
    {
        var left = ParseSigned();
        while (true)
        {
            if (_pipesAreConcat && AtOperator("||"u8))
                left = new CallExpression(Take(), "CONCAT", [left, ParseSigned()]);
            else if (At("COLLATE"u8))
                left = new CollateExpression(Take(), left, TakeName("a collation"));
            else
                return left;
        }
    }

    private Expression ParseSigned()
    {
        Enter();
        var expression = 0 switch
        {
            _ when AtOperator("+"u8) => ParsePlus(),
            _ when AtOperator("-"u8) => new UnaryExpression(Take(), UnaryOperator.Negate, ParseSigned()),
            _ when AtOperator("~"u8) => new UnaryExpression(Take(), UnaryOperator.Invert, ParseSigned()),
            _ when AtOperator("!"u8) || (_notBindsTight && At("NOT"u8)) => new UnaryExpression(Take(), UnaryOperator.Not, ParseSigned()),
            _ when At("BINARY"u8) => new UnaryExpression(Take(), UnaryOperator.Binary, ParseSigned()),
            _ => ParseOperand(),
        };
        _depth--;
        return expression;
    }

    private Expression ParsePlus()
    {
        Take();
        return ParseSigned();
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
            throw new ExpressionException(_current.Start, $"it is nested deeper than {MaxDepth} levels");
    }

    private readonly bool At(ReadOnlySpan<byte> keyword) => _lexer.Is(_current, keyword);

    private readonly bool AtOperator(ReadOnlySpan<byte> sign) => _lexer.IsOperator(_current, sign);

    private readonly SqlToken Next()
    {
        var ahead = _lexer;
        return ahead.Next();
    }

    /// <summary>Goes on to the next token; returns the place of the one taken.</summary>
    private int Take()
    {
        var position = _current.Start;
        _current = _lexer.Next();
        return position;
    }

    private bool Skip(ReadOnlySpan<byte> keyword)
    {
        if (!At(keyword))
            return false;
        Take();
        return true;
    }

    private bool Skip(SqlTokenKind kind)
    {
        if (_current.Kind != kind)
            return false;
        Take();
        return true;
    }

    private void Require(ReadOnlySpan<byte> keyword)
    {
        if (!Skip(keyword))
            throw Unexpected(Encoding.ASCII.GetString(keyword));
    }

    private void Require(SqlTokenKind kind, string what)
    {
        if (!Skip(kind))
            throw Unexpected(what);
    }

    private string TakeName(string what)
    {
        if (!_current.IsName && _current.Kind != SqlTokenKind.Text)
            throw Unexpected(what);
        var name = _current.Kind == SqlTokenKind.Text ? Encoding.UTF8.GetString(_lexer.ValueOf(_current)) : _lexer.NameOf(_current);
        Take();
        return name;
    }

    private readonly ExpressionException Unexpected(string wanted)
    {
        var found = _current.Kind switch
        {
            SqlTokenKind.End => "it ends",
            SqlTokenKind.Invalid => "there is a character that means nothing here, or a string that is not closed,",
            _ => $"'{Encoding.UTF8.GetString(_lexer.Slice(_current))}' stands",
        };
        return new ExpressionException(_current.Start, $"{found} where {wanted} is expected");
    }

    private readonly ExpressionException Unsupported(string why, string? wayOut = null) => new(_current.Start, $"'{Encoding.UTF8.GetString(_lexer.Slice(_current))}': {why}", wayOut);

    private readonly ExpressionException Subquery() => new(_current.Start, "a subquery depends on more than the row", "compare with a list of values");
}
