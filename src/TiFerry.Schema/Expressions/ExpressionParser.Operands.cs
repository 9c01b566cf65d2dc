using System.Globalization;
using System.Text;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Expressions;

/// <content>Literals, names, function calls and what is in parentheses.</content>
public ref partial struct ExpressionParser
{
    private static readonly HashSet<string> Units = new(StringComparer.Ordinal)
    {
        "MICROSECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR",
    };

    // Words that name a moment, a session or a user without parentheses.
    private static readonly HashSet<string> Moments = new(StringComparer.Ordinal)
    {
        "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "CURRENT_ROLE", "LOCALTIME", "LOCALTIMESTAMP", "UTC_DATE", "UTC_TIME", "UTC_TIMESTAMP",
    };

    private Expression ParseOperand()
    {
        switch (_current.Kind)
        {
            case SqlTokenKind.Text or SqlTokenKind.NationalText:
                return ParseText(introducer: null);
            case SqlTokenKind.Integer or SqlTokenKind.Decimal or SqlTokenKind.Float:
                var number = Encoding.ASCII.GetString(_lexer.Slice(_current));
                var isFloat = _current.Kind == SqlTokenKind.Float;
                return new NumberLiteral(Take(), number, isFloat);
            case SqlTokenKind.HexText or SqlTokenKind.HexNumber or SqlTokenKind.BitText or SqlTokenKind.BitNumber:
                return ParseBinary();
            case SqlTokenKind.UserVariable or SqlTokenKind.SystemVariable:
                throw Unsupported("a variable has no value in the binlog", "write the value itself");
            case SqlTokenKind.Parameter:
                throw Unsupported("there are no parameters here", "write the value itself");
            case SqlTokenKind.OpenParenthesis:
                return ParseParenthesis();
            case SqlTokenKind.Word:
                return ParseWord();
            case SqlTokenKind.QuotedName:
                return ParseColumn();
            default:
                throw Unexpected("a value");
        }
    }

    private Expression ParseParenthesis()
    {
        Take();
        if (At("SELECT"u8) || At("WITH"u8) || At("VALUES"u8))
            throw Subquery();
        var inner = ParseOr();
        if (_current.Kind == SqlTokenKind.Comma)
            throw Unsupported("rows of several values are not supported", "compare the columns one by one, joined by AND");
        Require(SqlTokenKind.CloseParenthesis, "')'");
        return inner;
    }

    private List<Expression> ParseList()
    {
        Require(SqlTokenKind.OpenParenthesis, "'('");
        if (At("SELECT"u8) || At("WITH"u8))
            throw Subquery();
        var list = new List<Expression>();
        do
            list.Add(ParseOr());
        while (Skip(SqlTokenKind.Comma));
        Require(SqlTokenKind.CloseParenthesis, "')'");
        return list;
    }

    // Strings side by side are one string.
    private TextLiteral ParseText(string? introducer)
    {
        var position = _current.Start;
        if (_current.Kind == SqlTokenKind.NationalText)
            introducer = "utf8mb3";
        var value = new List<byte>(_lexer.ValueOf(_current));
        Take();
        while (_current.Kind == SqlTokenKind.Text)
        {
            value.AddRange(_lexer.ValueOf(_current));
            Take();
        }

        return new TextLiteral(position, [.. value], introducer);
    }

    private BinaryLiteral ParseBinary()
    {
        var text = Encoding.ASCII.GetString(_lexer.Slice(_current));
        var isHex = _current.Kind is SqlTokenKind.HexText or SqlTokenKind.HexNumber;
        var isQuoted = _current.Kind is SqlTokenKind.HexText or SqlTokenKind.BitText;
        var digits = isQuoted ? text[2..^1] : text[2..];
        if (isHex && isQuoted && digits.Length % 2 != 0)
            throw Unsupported("a hexadecimal literal in quotes has an even number of digits");
        try
        {
            return new BinaryLiteral(Take(), isHex ? Convert.FromHexString(digits.Length % 2 == 0 ? digits : $"0{digits}") : FromBits(digits));
        }
        catch (FormatException)
        {
            throw new ExpressionException(_current.Start, $"'{text}' is not a literal");
        }
    }

    private static byte[] FromBits(string digits)
    {
        var bytes = new byte[(digits.Length + 7) / 8];
        for (var i = 0; i < digits.Length; i++)
        {
            var bit = digits.Length - 1 - i;
            if (digits[i] is not ('0' or '1'))
                throw new FormatException();
            bytes[bytes.Length - 1 - (bit / 8)] |= (byte)((digits[i] - '0') << (bit % 8));
        }

        return bytes;
    }

    private Expression ParseWord()
    {
        var word = _lexer.NameOf(_current).ToUpperInvariant();
        var next = Next();
        switch (word)
        {
            case "NULL":
                return new NullLiteral(Take());
            case "TRUE" or "FALSE" when next.Kind is not (SqlTokenKind.OpenParenthesis or SqlTokenKind.Dot):
                return new NumberLiteral(Take(), word == "TRUE" ? "1" : "0", IsFloat: false);
            case "DATE" or "TIME" or "TIMESTAMP" when next.Kind == SqlTokenKind.Text:
                var position = Take();
                return new TemporalLiteral(position, word, ParseText(introducer: null).Value);
            case "CASE":
                return ParseCase();
            case "EXISTS" or "SELECT":
                throw Subquery();
            case "INTERVAL" when next.Kind != SqlTokenKind.OpenParenthesis || AtInterval():
                return ParseLeadingInterval();
            case "MATCH":
                throw Unsupported("full-text search is not supported");
            case "ROW" when next.Kind == SqlTokenKind.OpenParenthesis:
                throw Unsupported("rows of several values are not supported", "compare the columns one by one, joined by AND");
            case "DEFAULT" or "VALUES" when next.Kind == SqlTokenKind.OpenParenthesis:
                throw Unsupported("this is for statements that write, not for conditions");
            default:
                break;
        }

        if (word[0] == '_' && next.Kind is SqlTokenKind.Text or SqlTokenKind.HexText or SqlTokenKind.HexNumber or SqlTokenKind.BitText && Collations.IsCharset(word[1..]))
            return ParseIntroduced(word[1..].ToLowerInvariant());
        if (Moments.Contains(word) && next.Kind != SqlTokenKind.Dot)
            throw Unsupported("its value depends on when or by whom it is asked", "write the value itself");
        return next.Kind == SqlTokenKind.OpenParenthesis ? ParseCall(word) : ParseColumn();
    }

    private TextLiteral ParseIntroduced(string charset)
    {
        Take();
        return _current.Kind == SqlTokenKind.Text
            ? ParseText(charset)
            : new TextLiteral(_current.Start, ParseBinary().Value, charset);
    }

    private Expression ParseColumn()
    {
        var position = _current.Start;
        var parts = new List<string> { TakeName("a column") };
        while (_current.Kind == SqlTokenKind.Dot)
        {
            Take();
            if (!_current.IsName)
                throw Unexpected("a name");
            parts.Add(TakeName("a name"));
        }

        Expression column = parts.Count switch
        {
            1 => new ColumnReference(position, null, null, parts[0]),
            2 => new ColumnReference(position, null, parts[0], parts[1]),
            3 => new ColumnReference(position, parts[0], parts[1], parts[2]),
            _ => throw new ExpressionException(position, "a column has at most a schema and a table in front of its name"),
        };
        if (AtOperator("->"u8))
            return new CallExpression(Take(), "JSON_EXTRACT", [column, ParsePath()]);
        if (AtOperator("->>"u8))
            return new CallExpression(Take(), "JSON_UNQUOTE", [new CallExpression(position, "JSON_EXTRACT", [column, ParsePath()])]);
        return column;
    }

    private TextLiteral ParsePath() => _current.Kind == SqlTokenKind.Text ? ParseText(introducer: null) : throw Unexpected("a JSON path in quotes");

    private CaseExpression ParseCase()
    {
        Enter();
        var position = Take();
        var operand = At("WHEN"u8) ? null : ParseOr();
        var branches = new List<CaseBranch>();
        while (Skip("WHEN"u8))
        {
            var when = ParseOr();
            Require("THEN"u8);
            branches.Add(new CaseBranch(when, ParseOr()));
        }

        if (branches.Count == 0)
            throw Unexpected("WHEN");
        var otherwise = Skip("ELSE"u8) ? ParseOr() : null;
        Require("END"u8);
        _depth--;
        return new CaseExpression(position, operand, branches, otherwise);
    }

    // INTERVAL expr unit; INTERVAL(a, b, ...) is a function that is not supported.
    private readonly bool AtInterval()
    {
        if (!At("INTERVAL"u8))
            return false;
        if (Next().Kind != SqlTokenKind.OpenParenthesis)
            return true;
        var ahead = _lexer;
        var depth = 0;
        do
        {
            var token = ahead.Next();
            if (token.Kind == SqlTokenKind.End)
                return false;
            depth += token.Kind switch { SqlTokenKind.OpenParenthesis => 1, SqlTokenKind.CloseParenthesis => -1, _ => 0 };
        }
        while (depth > 0);
        var unit = ahead.Next();
        return unit.Kind == SqlTokenKind.Word && Units.Contains(ahead.NameOf(unit).ToUpperInvariant());
    }

    private IntervalExpression ParseInterval(int position, Expression operand, bool isSubtracted)
    {
        Require("INTERVAL"u8);
        var amount = ParseOr();
        return new IntervalExpression(position, operand, amount, TakeUnit(), isSubtracted);
    }

    private IntervalExpression ParseLeadingInterval()
    {
        var position = _current.Start;
        Require("INTERVAL"u8);
        var amount = ParseOr();
        var unit = TakeUnit();
        if (!AtOperator("+"u8))
            throw Unexpected("'+' and a date");
        Take();
        return new IntervalExpression(position, ParseProduct(), amount, unit, IsSubtracted: false);
    }

    private string TakeUnit()
    {
        var unit = _current.Kind == SqlTokenKind.Word ? _lexer.NameOf(_current).ToUpperInvariant() : "";
        if (unit.StartsWith("SQL_TSI_", StringComparison.Ordinal))
            unit = unit["SQL_TSI_".Length..];
        if (!Units.Contains(unit))
            throw Unexpected($"one of the units {string.Join(", ", Units)}");
        Take();
        return unit;
    }

    private Expression ParseCall(string name)
    {
        Enter();
        var position = Take();
        Take();
        if (At("SELECT"u8) || At("WITH"u8))
            throw Subquery();
        Expression call = name switch
        {
            "CAST" => ParseCast(position),
            "CONVERT" => ParseConvert(position),
            "TRIM" => ParseTrim(position),
            "EXTRACT" => ParseExtract(position),
            "SUBSTRING" or "SUBSTR" or "MID" => ParseSubstring(position),
            "POSITION" => ParsePosition(position),
            "DATE_ADD" or "ADDDATE" or "DATE_SUB" or "SUBDATE" => ParseDateArithmetic(position, name),
            "TIMESTAMPADD" or "TIMESTAMPDIFF" => ParseTimestamp(position, name),
            "COUNT" or "SUM" or "AVG" or "MIN" or "MAX" or "GROUP_CONCAT" or "BIT_AND" or "BIT_OR" or "BIT_XOR" or "STD" or "STDDEV" or "STDDEV_POP"
                or "STDDEV_SAMP" or "VAR_POP" or "VAR_SAMP" or "VARIANCE" or "JSON_ARRAYAGG" or "JSON_OBJECTAGG" or "ANY_VALUE" =>
                throw new ExpressionException(position, $"the aggregate function {name} depends on more than the row"),
            _ => new CallExpression(position, name, ParseArguments()),
        };
        Require(SqlTokenKind.CloseParenthesis, "')'");
        if (At("OVER"u8))
            throw Unsupported("window functions depend on more than the row");
        _depth--;
        return call;
    }

    private List<Expression> ParseArguments()
    {
        var arguments = new List<Expression>();
        if (_current.Kind == SqlTokenKind.CloseParenthesis)
            return arguments;
        do
            arguments.Add(ParseOr());
        while (Skip(SqlTokenKind.Comma));
        return arguments;
    }

    private CastExpression ParseCast(int position)
    {
        var operand = ParseOr();
        Require("AS"u8);
        return ParseType(position, operand);
    }

    private CastExpression ParseConvert(int position)
    {
        var operand = ParseOr();
        if (At("USING"u8))
            throw Unsupported("conversion to another character set is not supported", "compare with COLLATE, or with BINARY");
        Require(SqlTokenKind.Comma, "',' and a type");
        return ParseType(position, operand);
    }

    private CastExpression ParseType(int position, Expression operand)
    {
        if (_current.Kind != SqlTokenKind.Word)
            throw Unexpected("a type");
        var typePosition = _current;
        var type = TakeName("a type").ToUpperInvariant();
        switch (type)
        {
            case "SIGNED" or "UNSIGNED":
                if (!Skip("INTEGER"u8))
                    Skip("INT"u8);
                break;
            case "INT" or "INTEGER":
                type = "SIGNED";
                break;
            case "REAL":
                type = "DOUBLE";
                break;
            case "DEC" or "NUMERIC":
                type = "DECIMAL";
                break;
            case "DECIMAL" or "CHAR" or "BINARY" or "DATE" or "TIME" or "DATETIME" or "DOUBLE" or "FLOAT" or "YEAR" or "JSON":
                break;
            default:
                throw new ExpressionException(typePosition.Start, $"{type} is not a type to convert to");
        }

        int? length = null, scale = null;
        if (Skip(SqlTokenKind.OpenParenthesis))
        {
            length = TakeInteger();
            if (Skip(SqlTokenKind.Comma))
                scale = TakeInteger();
            Require(SqlTokenKind.CloseParenthesis, "')'");
        }

        if (type == "CHAR" && (At("CHARACTER"u8) || At("CHARSET"u8) || At("BINARY"u8) || At("ASCII"u8) || At("UNICODE"u8)))
            throw Unsupported("conversion to another character set is not supported", "leave it out");
        return new CastExpression(position, operand, type, length, scale);
    }

    private int TakeInteger()
    {
        if (_current.Kind != SqlTokenKind.Integer || !int.TryParse(_lexer.Slice(_current), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            throw Unexpected("a number");
        Take();
        return value;
    }

    private TrimExpression ParseTrim(int position)
    {
        TrimSides? sides = 0 switch
        {
            _ when Skip("BOTH"u8) => TrimSides.Both,
            _ when Skip("LEADING"u8) => TrimSides.Leading,
            _ when Skip("TRAILING"u8) => TrimSides.Trailing,
            _ => null,
        };
        if (sides is not null && Skip("FROM"u8))
            return new TrimExpression(position, sides.Value, null, ParseOr());
        var first = ParseOr();
        if (Skip("FROM"u8))
            return new TrimExpression(position, sides ?? TrimSides.Both, first, ParseOr());
        return sides is null ? new TrimExpression(position, TrimSides.Both, null, first) : throw Unexpected("FROM");
    }

    private CallExpression ParseExtract(int position)
    {
        var unit = TakeUnit();
        Require("FROM"u8);
        return new CallExpression(position, unit, [ParseOr()]);
    }

    private CallExpression ParseSubstring(int position)
    {
        var arguments = new List<Expression> { ParseOr() };
        if (!Skip("FROM"u8))
            Require(SqlTokenKind.Comma, "',' and a position");
        arguments.Add(ParseOr());
        if (Skip("FOR"u8) || Skip(SqlTokenKind.Comma))
            arguments.Add(ParseOr());
        return new CallExpression(position, "SUBSTRING", arguments);
    }

    private CallExpression ParsePosition(int position)
    {
        var wanted = ParseBitOr();
        Require("IN"u8);
        return new CallExpression(position, "LOCATE", [wanted, ParseOr()]);
    }

    private IntervalExpression ParseDateArithmetic(int position, string name)
    {
        var operand = ParseOr();
        Require(SqlTokenKind.Comma, "','");
        var isSubtracted = name is "DATE_SUB" or "SUBDATE";
        if (AtInterval())
            return ParseInterval(position, operand, isSubtracted);
        if (name is "DATE_ADD" or "DATE_SUB")
            throw Unexpected("INTERVAL");
        return new IntervalExpression(position, operand, ParseOr(), "DAY", isSubtracted);
    }

    private Expression ParseTimestamp(int position, string name)
    {
        var unit = TakeUnit();
        Require(SqlTokenKind.Comma, "','");
        var first = ParseOr();
        Require(SqlTokenKind.Comma, "','");
        var second = ParseOr();
        return name == "TIMESTAMPADD"
            ? new IntervalExpression(position, second, first, unit, IsSubtracted: false)
            : new CallExpression(position, $"TIMESTAMPDIFF_{unit}", [first, second]);
    }
}
