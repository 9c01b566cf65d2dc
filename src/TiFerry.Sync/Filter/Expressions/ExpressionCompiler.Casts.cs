using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>CAST and CONVERT (MySQL manual, "Cast Functions and Operators").</content>
internal sealed partial class ExpressionCompiler
{
    private Node CompileCast(CastExpression cast)
    {
        var operand = CompileUsable(cast.Operand);
        return cast.Type switch
        {
            "SIGNED" or "UNSIGNED" => CastToInteger(cast, operand),
            "DECIMAL" => CastToDecimal(cast, operand),
            "CHAR" => CastToText(cast, operand),
            "BINARY" when cast.Length is null => ToBytes(operand, cast.Position),
            "DOUBLE" => AsDouble(operand),
            "DATE" => ToDate(cast.Position, operand),
            "DATETIME" => CastToDateTime(cast, operand),
            "TIME" => CastToTime(cast, operand),
            _ => throw new ExpressionException(cast.Position, $"conversion to {cast.Type}{(cast.Length is null ? "" : $"({cast.Length})")} is not supported"),
        };
    }

    private Node CastToInteger(CastExpression cast, Node operand)
    {
        var isUnsigned = cast.Type == "UNSIGNED";
        if (isUnsigned && operand.Type.Kind == ValueKind.Time)
            throw new ExpressionException(cast.Position, "negative times are not converted alike by all servers", "convert to SIGNED");
        if (operand.Type.IsTemporal && operand.Type.Scale > 0)
            throw new ExpressionException(cast.Position, "fractions of a second are rounded by some servers and cut by others", "use CAST(... AS DECIMAL(20,6))");
        if (!isUnsigned && operand is not (ColumnNode or Constant { IsComputed: false }) && CanBeHuge(operand))
            throw new ExpressionException(cast.Position, "computed unsigned integers are not converted to signed ones alike by all servers", "compare as it is, or convert the columns");
        if (operand.Type.HasMixedKinds || operand.Type.HasMixedSigns)
            throw new ExpressionException(cast.Position, "a choice between numbers of different types is not rounded alike by all servers", "use CAST on what is chosen from");
        // MySQL before 8.0 and MariaDB make 0 of a negative decimal, MariaDB of a negative double too.
        var wrapsDecimals = IsNewerMySql;
        var wrapsDoubles = !IsMariaDb;
        if (operand is ColumnNode { IsMember: true } members)
            operand = members.AsNumber();
        else if (operand.Type.Kind != ValueKind.Text || operand is Constant { IsBinaryLiteral: true })
            operand = AsNumber(operand);
        RefuseChosen(operand);
        return Folding.Make(isUnsigned ? ValueType.Unsigned : ValueType.Integer, cast.Position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.Kind switch
            {
                ValueKind.Integer => Value.OfInteger(isUnsigned ? unchecked((ulong)v.Number.Integer) : unchecked((long)v.Number.Integer)),
                ValueKind.Decimal => Value.OfInteger(Nearest(v.Number.Round(0), isUnsigned, wrapsDecimals)),
                ValueKind.Double when Math.Abs(v.Double) >= 9223372036854775807.0 => throw OutOfRange(isUnsigned),
                ValueKind.Double => Value.OfInteger(Wrapped((Int128)Math.Round(v.Double, MidpointRounding.ToEven), isUnsigned, wrapsDoubles)),
                ValueKind.Text => Value.OfInteger(LeadingInteger(v.Text, isUnsigned)),
                _ => Value.Null,
            };
        });
    }

    private static Int128 Nearest(ExactNumber value, bool isUnsigned, bool wraps)
    {
        if (!value.IsWithin(long.MinValue, isUnsigned ? ulong.MaxValue : long.MaxValue))
            return value.Sign > 0 ? (isUnsigned ? ulong.MaxValue : long.MaxValue) : Wrapped(long.MinValue, isUnsigned, wraps);
        return Wrapped(value.Integer, isUnsigned, wraps);
    }

    private static Int128 Wrapped(Int128 value, bool isUnsigned, bool wraps) => !isUnsigned || value >= 0 ? value : wraps ? unchecked((ulong)value) : 0;

    private static Int128 LeadingInteger(ReadOnlySpan<byte> text, bool isUnsigned)
    {
        text = text.TrimStart(" \t\n\v\f\r"u8);
        var digits = text is [(byte)'-' or (byte)'+', ..] ? 1 : 0;
        var end = text[digits..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        end = end < 0 ? text.Length : digits + end;
        if (end == digits)
            return 0;
        if (!Int128.TryParse(text[..end], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value))
            throw OutOfRange(isUnsigned);
        return isUnsigned && value < 0 && value >= long.MinValue ? unchecked((ulong)value) : InRange(value, isUnsigned);
    }

    private Node CastToDecimal(CastExpression cast, Node operand)
    {
        var (precision, scale) = (cast.Length ?? 10, cast.Scale ?? 0);
        if (precision == 0)
            precision = 10;
        if (precision > 65 || scale > MaxScale || scale > precision)
            throw new ExpressionException(cast.Position, $"DECIMAL({precision},{scale}) is no type");
        if (operand is ColumnNode { IsMember: true } members)
            operand = members.AsNumber();
        else if (operand.Type.Kind != ValueKind.Text || operand is Constant { IsBinaryLiteral: true })
            operand = AsNumber(operand);
        RefuseLiterals(operand);
        // Older servers can make -0 of text.
        var hasOwnText = operand.Type.Kind == ValueKind.Text && !IsNewerMySql;
        if (operand.Type.Kind == ValueKind.Double)
            throw new ExpressionException(cast.Position, "a floating-point number has no exact decimal", "use ROUND, or compare as it is");
        var largest = ExactNumber.Parse(System.Text.Encoding.ASCII.GetBytes(new string('9', precision))).Shift(-scale);
        return Folding.Make(ValueType.Decimal(scale) with { HasOwnText = hasOwnText }, cast.Position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return v;
            var number = v.Kind == ValueKind.Text
                ? TextNumber.ToDecimal(v.Text) ?? throw new OverflowException("text with more than 60 digits is converted to DECIMAL")
                : v.Number;
            number = number.Round(scale);
            if (ExactNumber.Compare(number, largest) > 0)
                number = largest;
            else if (ExactNumber.Compare(number, -largest) < 0)
                number = -largest;
            return Value.OfDecimal(number);
        });
    }

    private Node CastToText(CastExpression cast, Node operand)
    {
        var text = AsText(operand);
        if (text.Type.Kind == ValueKind.Text && text.Type.Collation!.IsBinary)
            throw new ExpressionException(cast.Position, "bytes converted to text are not supported", "compare with BINARY");
        if (text.Type.Kind == ValueKind.Text && text.Type.Collation!.Charset != "utf8mb4" && text.Type.Coercibility != Coercibility.Numeric)
            throw new ExpressionException(cast.Position, "conversion to another character set is not supported", "leave CAST out");
        var collation = text.Type.Collation is { Charset: "utf8mb4" } own ? own : _connection;
        var length = cast.Length ?? int.MaxValue;
        // What CAST gives is in the session's collation.
        return Folding.Make(ValueType.Text(_connection, Coercibility.Implicit), cast.Position, [text], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.IsNull || length == int.MaxValue ? v : Value.OfText(v.Text[..OffsetOf(collation, v.Text, length)]);
        });
    }

    private Node CastToDateTime(CastExpression cast, Node operand)
    {
        var date = AsDate(operand);
        if (date.Type.Scale > (cast.Length ?? 0))
            throw new ExpressionException(cast.Position, "fractions of a second that don't fit are rounded by some servers and cut by others", $"write DATETIME({date.Type.Scale})");
        return Folding.Make(new ValueType(ValueKind.DateTime) { Scale = cast.Length ?? 0 }, cast.Position, [date], static (Node[] a, scoped ref readonly Row row) =>
            a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfTemporal(ValueKind.DateTime, v.Temporal) : Value.Null);
    }

    private Node CastToTime(CastExpression cast, Node operand)
    {
        var time = ToTime(cast.Position, operand);
        if (time.Type.Scale > (cast.Length ?? 0))
            throw new ExpressionException(cast.Position, "fractions of a second that don't fit are rounded by some servers and cut by others", $"write TIME({time.Type.Scale})");
        return Folding.Make(new ValueType(ValueKind.Time) { Scale = cast.Length ?? 0 }, cast.Position, [time], static (Node[] a, scoped ref readonly Row row) => a[0].Evaluate(in row));
    }
}
