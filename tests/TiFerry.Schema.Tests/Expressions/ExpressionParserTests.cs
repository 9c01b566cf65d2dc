using System.Globalization;
using System.Text;
using TiFerry.Schema.Expressions;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Expressions;

public sealed class ExpressionParserTests
{
    [Theory]
    [InlineData("a OR b AND c", "(a Or (b And c))")]
    [InlineData("a XOR b AND NOT c", "(a Xor (b And Not(c)))")]
    [InlineData("a OR b XOR c", "(a Or (b Xor c))")]
    [InlineData("NOT a = b", "Not((a Equal b))")]
    [InlineData("! a = b", "(Not(a) Equal b)")]
    [InlineData("a = b IS NULL", "((a Equal b) is Null)")]
    [InlineData("a = b = c", "((a Equal b) Equal c)")]
    [InlineData("a | b & c << d + e * f ^ -g", "(a BitOr (b BitAnd (c ShiftLeft (d Add (e Multiply (f BitXor Negate(g)))))))")]
    [InlineData("-a ^ b", "(Negate(a) BitXor b)")]
    [InlineData("a - b - c", "((a Subtract b) Subtract c)")]
    [InlineData("a NOT IN (1, b)", "(a not in 1,b)")]
    [InlineData("NOT a IN (1)", "Not((a in 1))")]
    [InlineData("a BETWEEN 1 AND 2 AND b", "((a between 1 and 2) And b)")]
    [InlineData("a NOT BETWEEN 1 + 1 AND 2", "(a not between (1 Add 1) and 2)")]
    [InlineData("a LIKE 'x' ESCAPE '|' OR b", "((a like 'x' escape '|') Or b)")]
    [InlineData("a <=> NULL", "(a NullSafeEqual NULL)")]
    [InlineData("a MOD b DIV c % d", "(((a Modulo b) IntegerDivide c) Modulo d)")]
    [InlineData("'a' 'b' \"c\"", "'abc'")]
    [InlineData("`t`.`a b` = s.t.c", "(t.a b Equal s.t.c)")]
    [InlineData("CASE a WHEN 1 THEN 2 ELSE 3 END", "case a when 1 then 2 else 3")]
    [InlineData("CASE WHEN a THEN 2 END", "case when a then 2")]
    [InlineData("if(a, b, c)", "IF(a,b,c)")]
    [InlineData("a COLLATE utf8mb4_bin = b", "(a collate utf8mb4_bin Equal b)")]
    [InlineData("BINARY a = b", "(Binary(a) Equal b)")]
    [InlineData("CAST(a AS DECIMAL(10,2)) + CONVERT(b, SIGNED INTEGER)", "(cast(a as DECIMAL 10 2) Add cast(b as SIGNED))")]
    [InlineData("a + INTERVAL 1 DAY - INTERVAL 2 MONTH", "((a + 1 DAY) - 2 MONTH)")]
    [InlineData("INTERVAL (1) HOUR + a", "(a + 1 HOUR)")]
    [InlineData("DATE_SUB(a, INTERVAL b + 1 SECOND)", "(a - (b Add 1) SECOND)")]
    [InlineData("a->'$.x' = b->>'$[0]'", "(JSON_EXTRACT(a,'$.x') Equal JSON_UNQUOTE(JSON_EXTRACT(b,'$[0]')))")]
    [InlineData("TRIM(LEADING 'x' FROM a)", "trim(Leading 'x' a)")]
    [InlineData("SUBSTRING(a FROM 2 FOR 3)", "SUBSTRING(a,2,3)")]
    [InlineData("EXTRACT(YEAR FROM a)", "YEAR(a)")]
    [InlineData("DATE'2024-01-01' = a AND date = 1", "((DATE '2024-01-01' Equal a) And (date Equal 1))")]
    [InlineData("TRUE AND a IS NOT FALSE", "(1 And (a is not False))")]
    [InlineData("a || b && c", "(a Or (b And c))")]
    [InlineData("a = 0x41 OR b = b'101' OR c = X'00ff'", "(((a Equal h41) Or (b Equal h05)) Or (c Equal h00FF))")]
    [InlineData("a = 1 /* why */ OR b = 2 -- end", "((a Equal 1) Or (b Equal 2))")]
    public void Operators_bind_as_on_the_servers(string sql, string tree) => Assert.Equal(tree, Show(Parse(sql)));

    [Fact]
    public void The_sql_mode_counts()
    {
        Assert.Equal("CONCAT(a,b)", Show(Parse("a || b", SqlMode.PipesAsConcat)));
        Assert.Equal("(Not(a) Equal b)", Show(Parse("NOT a = b", SqlMode.HighNotPrecedence)));
        Assert.Equal("(a Equal b)", Show(Parse("\"a\" = b", SqlMode.AnsiQuotes)));
        Assert.Equal("(a Equal 'x\\')", Show(Parse("a = 'x\\'", SqlMode.NoBackslashEscapes)));
    }

    [Theory]
    [InlineData("a = ", 4)]
    [InlineData("a = 1 b", 6)]
    [InlineData("(a", 2)]
    [InlineData("a IS 5", 5)]
    [InlineData("a IN ()", 6)]
    [InlineData("CASE a END", 7)]
    [InlineData("a BETWEEN 1", 11)]
    [InlineData("CAST(a AS WHAT)", 10)]
    [InlineData("f(a,)", 4)]
    [InlineData("a = 'x", 4)]
    public void Errors_tell_where(string sql, int position) => Assert.Equal(position, Assert.Throws<ExpressionException>(() => Parse(sql)).Position);

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('!')]
    public void Depth_has_a_limit(char sign) =>
        Assert.Contains("nested", Assert.Throws<ExpressionException>(() => Parse(string.Join(' ', Enumerable.Repeat(sign, 100_000)))).Message, StringComparison.Ordinal);

    private static Expression Parse(string sql, SqlMode mode = SqlMode.None) => ExpressionParser.Parse(Encoding.UTF8.GetBytes(sql), SqlDialect.MySql with { Mode = mode });

    private static string Show(Expression e) => e switch
    {
        NullLiteral => "NULL",
        NumberLiteral n => n.Text,
        TextLiteral t => $"'{Encoding.UTF8.GetString(t.Value)}'",
        BinaryLiteral b => $"h{Convert.ToHexString(b.Value)}",
        TemporalLiteral t => $"{t.Type} '{Encoding.UTF8.GetString(t.Value)}'",
        ColumnReference c => string.Join('.', new[] { c.Schema, c.Table, c.Name }.OfType<string>()),
        UnaryExpression u => $"{u.Operator}({Show(u.Operand)})",
        BinaryExpression b => $"({Show(b.Left)} {b.Operator} {Show(b.Right)})",
        IsExpression i => $"({Show(i.Operand)} is {(i.IsNegated ? "not " : "")}{i.Test})",
        InExpression i => $"({Show(i.Operand)} {(i.IsNegated ? "not " : "")}in {string.Join(',', i.List.Select(Show))})",
        BetweenExpression b => $"({Show(b.Operand)} {(b.IsNegated ? "not " : "")}between {Show(b.Low)} and {Show(b.High)})",
        LikeExpression l => $"({Show(l.Operand)} {(l.IsNegated ? "not " : "")}like {Show(l.Pattern)}{(l.Escape is null ? "" : $" escape {Show(l.Escape)}")})",
        CaseExpression c => $"case {(c.Operand is null ? "" : Show(c.Operand) + " ")}{string.Join(' ', c.Branches.Select(b => $"when {Show(b.When)} then {Show(b.Then)}"))}{(c.Otherwise is null ? "" : $" else {Show(c.Otherwise)}")}",
        CallExpression c => $"{c.Name}({string.Join(',', c.Arguments.Select(Show))})",
        TrimExpression t => $"trim({t.Sides} {(t.Removed is null ? "" : Show(t.Removed) + " ")}{Show(t.Operand)})",
        CastExpression c => string.Create(CultureInfo.InvariantCulture, $"cast({Show(c.Operand)} as {c.Type}{(c.Length is { } l ? $" {l}" : "")}{(c.Scale is { } s ? $" {s}" : "")})"),
        CollateExpression c => $"{Show(c.Operand)} collate {c.Collation}",
        IntervalExpression i => $"({Show(i.Operand)} {(i.IsSubtracted ? '-' : '+')} {Show(i.Amount)} {i.Unit})",
        _ => throw new InvalidOperationException(e.GetType().Name),
    };
}
