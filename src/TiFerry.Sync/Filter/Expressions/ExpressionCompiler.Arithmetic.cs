using TiFerry.Schema.Expressions;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>Arithmetic (MySQL manual, "Arithmetic Operators", "Precision Math").</content>
internal sealed partial class ExpressionCompiler
{
    private const int MaxScale = 30;

    private const int MostDividedDigits = 13;

    /// <summary>The servers' <c>div_precision_increment</c>.</summary>
    private const int DivisionDigits = 4;

    private Node Arithmetic(BinaryOperator sign, Node left, Node right, int position)
    {
        RefuseLiterals(left, right);
        left = AsNumber(left);
        right = AsNumber(right);
        if (left.Type.Kind == ValueKind.Null || right.Type.Kind == ValueKind.Null)
            return new Constant(Value.Null, ValueType.Null, position);
        if (sign == BinaryOperator.IntegerDivide)
            return IntegerDivide(left, right, position);
        if (!left.Type.IsExact || !right.Type.IsExact)
            return Folding.Make(ValueType.Double, position, [AsDouble(left), AsDouble(right)], DoubleOperation(sign));
        if (sign == BinaryOperator.Divide)
            return Divide(left, right, position);
        if (left.Type.Kind == ValueKind.Integer && right.Type.Kind == ValueKind.Integer)
            return IntegerArithmetic(sign, left, right, position);
        var scale = sign == BinaryOperator.Multiply ? left.Type.Scale + right.Type.Scale : Math.Max(left.Type.Scale, right.Type.Scale);
        if (scale > MaxScale)
            throw new ExpressionException(position, $"the product has more than {MaxScale} digits behind the point", "use CAST(... AS DECIMAL) on the factors");
        if (sign == BinaryOperator.Modulo && !IsNewerMySql)
            throw new ExpressionException(position, "MariaDB and MySQL before 8.0 tell the rest -0 of a negative decimal from 0", "use CAST(... AS SIGNED) or DIV");
        return Folding.Make(ValueType.Decimal(scale) with { HasMixedKinds = left.Type.HasMixedKinds || right.Type.HasMixedKinds }, position, [left, right], DecimalOperation(sign));
    }

    private Node IntegerArithmetic(BinaryOperator sign, Node left, Node right, int position)
    {
        var isUnsigned = sign switch
        {
            BinaryOperator.Modulo => left.Type.IsUnsigned,
            BinaryOperator.Subtract when _dialect.Mode.HasFlag(SqlMode.NoUnsignedSubtraction) => false,
            _ => left.Type.IsUnsigned || right.Type.IsUnsigned,
        };
        return Folding.Make(isUnsigned ? ValueType.Unsigned : ValueType.Integer, position, [left, right], (Node[] a, scoped ref readonly Row row) =>
        {
            var l = a[0].Evaluate(in row);
            if (l.IsNull)
                return Value.Null;
            var r = a[1].Evaluate(in row);
            if (r.IsNull)
                return Value.Null;
            var (x, y) = (l.Number.Integer, r.Number.Integer);
            if (sign == BinaryOperator.Modulo && y == 0)
                return Value.Null;
            var result = sign switch
            {
                BinaryOperator.Add => x + y,
                BinaryOperator.Subtract => x - y,
                BinaryOperator.Multiply => x * y,
                _ => x % y,
            };
            return Value.OfInteger(InRange(result, isUnsigned));
        });
    }

    private static Evaluation DecimalOperation(BinaryOperator sign) => (Node[] a, scoped ref readonly Row row) =>
    {
        var l = a[0].Evaluate(in row);
        if (l.IsNull)
            return Value.Null;
        var r = a[1].Evaluate(in row);
        if (r.IsNull || (sign == BinaryOperator.Modulo && r.Number.Sign == 0))
            return Value.Null;
        var result = sign switch
        {
            BinaryOperator.Add => l.Number + r.Number,
            BinaryOperator.Subtract => l.Number - r.Number,
            BinaryOperator.Multiply => l.Number * r.Number,
            _ => ExactNumber.Remainder(l.Number, r.Number),
        };
        return result.IsTooLong ? throw new OverflowException("a DECIMAL value is out of range") : Value.OfDecimal(result);
    };

    private static Evaluation DoubleOperation(BinaryOperator sign) => (Node[] a, scoped ref readonly Row row) =>
    {
        var l = a[0].Evaluate(in row);
        if (l.IsNull)
            return Value.Null;
        var r = a[1].Evaluate(in row);
        if (r.IsNull || (sign is BinaryOperator.Divide or BinaryOperator.Modulo && r.Double == 0))
            return Value.Null;
        var result = sign switch
        {
            BinaryOperator.Add => l.Double + r.Double,
            BinaryOperator.Subtract => l.Double - r.Double,
            BinaryOperator.Multiply => l.Double * r.Double,
            BinaryOperator.Divide => l.Double / r.Double,
            _ => l.Double % r.Double,
        };
        return double.IsFinite(result) ? Value.OfDouble(result) : throw new OverflowException("a DOUBLE value is out of range");
    };

    /// <summary>MariaDB and MySQL up to 8.0.20 go on with all digits that the division made, MySQL 9.7 with those that it shows.</summary>
    private Node Divide(Node left, Node right, int position)
    {
        if (!IsMariaDb && _dialect.Version is > 80020 and < 90700)
            throw new ExpressionException(position, "how many digits this MySQL goes on with after a division is not known", "multiply the other side instead, or use DIV");
        if (left.Type.HasMixedKinds || right.Type.HasMixedKinds)
            throw new ExpressionException(position, "a quotient has as many digits as its operands have in a row, which vary here", "use CAST(... AS DECIMAL(20,6)) on the operands");
        if (left.Type.Scale > MostDividedDigits || right.Type.Scale > MostDividedDigits)
            throw new ExpressionException(position, $"decimals with more than {MostDividedDigits} digits behind the point are not divided alike by all servers", "use CAST(... AS DECIMAL) with fewer");
        var scale = left.Type.Scale + DivisionDigits;
        var rounds = !IsMariaDb && _dialect.Version >= 90700;
        var quotient = new Computed(ValueType.Decimal(scale), position, [left, right], (Node[] a, scoped ref readonly Row row) =>
        {
            var l = a[0].Evaluate(in row);
            if (l.IsNull)
                return Value.Null;
            var r = a[1].Evaluate(in row);
            if (r.IsNull || r.Number.Sign == 0)
                return Value.Null;
            var digits = Quotient(l.Number, r.Number);
            return Value.OfDecimal(rounds ? digits.Round(scale) : digits);
        })
        { HasMoreDigits = !rounds };
        return Folding.Fold(quotient, left, right);
    }

    // Comparisons see no more digits than a value shows.
    private static Node AsShown(Node node)
    {
        var scale = node.Type.Scale;
        if (!HasMoreDigits(node))
            return node;
        return Folding.Make(ValueType.Decimal(scale), node.Position, [node], (Node[] a, scoped ref readonly Row row) =>
            a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfDecimal(v.Number.Round(scale)) : Value.Null);
    }

    private static bool HasMoreDigits(Node node) => node switch
    {
        Computed computed => computed.HasMoreDigits,
        Constant { IsNull: false, Type.Kind: ValueKind.Decimal } constant => constant.Value.Number.Scale > constant.Type.Scale,
        _ => false,
    };

    private static void RefuseMoreDigits(params ReadOnlySpan<Node> nodes)
    {
        foreach (var node in nodes)
        {
            if (HasMoreDigits(node))
                throw new ExpressionException(node.Position, "the digits of a quotient are not compared alike by all servers here", "write comparisons with =, < and >, multiply instead, or use ROUND");
        }
    }

    // Digits are made nine at a time: as many as both sides have when filled up, and the increment as far as filling up did not give it.
    private static ExactNumber Quotient(ExactNumber left, ExactNumber right)
    {
        var (l, r) = (Filled(left.Scale), Filled(right.Scale));
        var increment = Math.Max(0, DivisionDigits - (l - left.Scale) - (r - right.Scale));
        return ExactNumber.Divide(left, right, Filled(l + r + increment));
    }

    private static int Filled(int digits) => (digits + 8) / 9 * 9;

    private static Node IntegerDivide(Node left, Node right, int position)
    {
        if (!left.Type.IsExact || !right.Type.IsExact)
            throw new ExpressionException(position, "DIV of floating-point numbers or text is not supported", "use FLOOR(a / b), or CAST(... AS SIGNED)");
        var isUnsigned = left.Type.IsUnsigned || right.Type.IsUnsigned;
        return Folding.Make(isUnsigned ? ValueType.Unsigned : ValueType.Integer, position, [left, right], (Node[] a, scoped ref readonly Row row) =>
        {
            var l = a[0].Evaluate(in row);
            if (l.IsNull)
                return Value.Null;
            var r = a[1].Evaluate(in row);
            if (r.IsNull || r.Number.Sign == 0)
                return Value.Null;
            return Value.OfInteger(InRange(ExactNumber.Divide(l.Number, r.Number, 0), isUnsigned).Integer);
        });
    }

    private Node Negate(Node operand, int position)
    {
        RefuseLiterals(operand);
        operand = AsNumber(operand);
        var type = operand.Type.Kind switch
        {
            // A literal beyond 63 bits becomes a decimal.
            ValueKind.Integer when operand is Constant { IsNull: false } constant && constant.Value.Number.Integer > (Int128)long.MaxValue + 1 => ValueType.Decimal(0),
            ValueKind.Integer => ValueType.Integer,
            ValueKind.Decimal => ValueType.Decimal(operand.Type.Scale) with { HasMixedKinds = operand.Type.HasMixedKinds },
            ValueKind.Double => ValueType.Double,
            _ => ValueType.Null,
        };
        return Folding.Make(type, position, [operand], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            return v.Kind switch
            {
                ValueKind.Integer when type.Kind == ValueKind.Decimal => Value.OfDecimal(-v.Number),
                ValueKind.Integer => Value.OfInteger(InRange(-v.Number.Integer, isUnsigned: false)),
                ValueKind.Decimal => Value.OfDecimal(-v.Number),
                ValueKind.Double => Value.OfDouble(-v.Double),
                _ => Value.Null,
            };
        });
    }

    private static Int128 InRange(Int128 value, bool isUnsigned) =>
        (isUnsigned ? value >= 0 && value <= ulong.MaxValue : value >= long.MinValue && value <= long.MaxValue) ? value : throw OutOfRange(isUnsigned);

    private static ExactNumber InRange(ExactNumber value, bool isUnsigned) =>
        value.IsWithin(isUnsigned ? 0 : long.MinValue, isUnsigned ? ulong.MaxValue : long.MaxValue) ? value : throw OutOfRange(isUnsigned);

    private static OverflowException OutOfRange(bool isUnsigned) => new(isUnsigned ? "a BIGINT UNSIGNED value is out of range" : "a BIGINT value is out of range");
}
