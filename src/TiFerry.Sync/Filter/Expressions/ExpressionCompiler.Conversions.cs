using System.Globalization;
using System.Text;
using TiFerry.Binlog.Values;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Expressions;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Filter.Expressions;

/// <content>Comparisons, and what a value becomes where another kind is wanted (MySQL manual, "Type Conversion in Expression Evaluation").</content>
internal sealed partial class ExpressionCompiler
{
    /// <summary>Digits that a double tells apart.</summary>
    private const int DoubleDigits = 15;

    private Node Compare(BinaryOperator sign, Node left, Node right, int position)
    {
        TextCollation? collation = null;
        if (left.Type.Kind == ValueKind.Null || right.Type.Kind == ValueKind.Null)
        {
            // NULL compares with anything.
        }
        else if (left.Type.IsTemporal || right.Type.IsTemporal)
        {
            (left, right) = left.Type.IsTemporal ? (left, ToMatch(right, left)) : (ToMatch(left, right), right);
        }
        else if (IsYear(left) || IsYear(right))
        {
            (left, right) = (ToYear(left, right), ToYear(right, left));
        }
        else if (left.Type.Kind == ValueKind.Text && right.Type.Kind == ValueKind.Text)
        {
            collation = Agree(position, left, right).Collation;
        }
        else
        {
            (left, right) = ToNumbers(left, right, position);
        }

        return Folding.Fold(new Comparison(sign, left, right, collation, position), left, right);
    }

    private static bool IsYear(Node node) => node is ColumnNode { Column.Kind: ColumnKind.Year };

    // The servers turn a constant into a YEAR, which reads 1 to 99 as a year of this or the last century.
    private static Node ToYear(Node node, Node other)
    {
        if (IsYear(node))
            return node;
        if (node is Constant { IsNull: false } constant)
        {
            if (node.Type.Kind == ValueKind.Integer && (constant.Value.Number.Integer >= 1901 && constant.Value.Number.Integer <= 2155))
                return node;
            if (node.Type.Kind == ValueKind.Text && constant.Value.Text.Length == 4 && TextNumber.TryInteger(constant.Value.Text, out var year) && year >= 1901 && year <= 2155)
                return new Constant(Value.OfInteger(year), ValueType.Integer, node.Position);
        }

        throw new ExpressionException(node.Position, $"column {TableName.Quote(((ColumnNode)other).Column.Name)} is a YEAR, which compares with a year of four digits only", "write 1901 to 2155, or add 0 to the column");
    }

    private (Node Left, Node Right) ToNumbers(Node left, Node right, int position)
    {
        RefuseBitText(left, right, position);
        left = AsLiteralNumber(left);
        right = AsLiteralNumber(right);
        RefuseComputedText(left);
        RefuseComputedText(right);
        RefuseLongText(left, right);
        RefuseLongText(right, left);
        if (!IsMariaDb || !left.Type.IsExact || !right.Type.IsExact)
            RefuseMoreDigits(left, right);
        return left.Type.IsExact && right.Type.IsExact ? (AsShown(left), AsShown(right)) : (AsDouble(left), AsDouble(right));
    }

    private static void RefuseBitText(Node left, Node right, int position)
    {
        if ((left is ColumnNode { Column.Kind: ColumnKind.Bit } && right.Type.Kind == ValueKind.Text && right is not Constant { IsBinaryLiteral: true })
            || (right is ColumnNode { Column.Kind: ColumnKind.Bit } && left.Type.Kind == ValueKind.Text && left is not Constant { IsBinaryLiteral: true }))
            throw new ExpressionException(position, "a BIT column does not compare with text", "write the number, as 1 or b'1'");
    }

    // MariaDB compares a number with the text of another number in a way of its own.
    private static void RefuseComputedText(Node node)
    {
        if (node.Type.Kind == ValueKind.Text && node is not (ColumnNode or Constant { IsComputed: false }))
            throw new ExpressionException(node.Position, "a computed text is not compared with a number alike by all servers", "compare it with a text in quotes, or add 0");
    }

    // Some servers compare a number with a constant text exactly and others as doubles. Up to 15 digits it is the same.
    private static void RefuseLongText(Node number, Node text)
    {
        if (text is not Constant { IsNull: false, Type.Kind: ValueKind.Text } constant || !number.Type.IsExact)
            return;
        if (TextNumber.DigitsOf(constant.Value.Text) > DoubleDigits || (number.Type.Kind == ValueKind.Decimal && number.Type.Precision is 0 or > DoubleDigits))
            throw new ExpressionException(text.Position, "the servers don't compare numbers of more than 15 digits with text alike", "write the number without quotes");
    }

    // A choice between signed and unsigned integers is a decimal for some servers and an integer for others.
    private static void RefuseMixed(Node node)
    {
        if (node.Type.HasMixedSigns)
            throw new ExpressionException(node.Position, "a choice between signed and unsigned integers can only be compared", "use CAST(... AS SIGNED) on what is chosen from");
    }

    private static void RefuseChosen(Node node)
    {
        if (node.Type.IsChosen)
            throw new ExpressionException(node.Position, "a choice between dates, or with an ENUM or SET, can only be compared", "use the function on what is chosen from");
    }

    private static Node AsLiteralNumber(Node node) => node is Constant { IsBinaryLiteral: true } literal ? ToInteger(literal) : node;

    /// <summary>The other side of a comparison with a date or time.</summary>
    private Node ToMatch(Node node, Node temporal)
    {
        var wantsTime = temporal.Type.Kind == ValueKind.Time;
        if (node.Type.IsTemporal)
        {
            return wantsTime == (node.Type.Kind == ValueKind.Time)
                ? node
                : throw new ExpressionException(node.Position, "a TIME compares with a date through the current date only", "use TIME(...) on the date");
        }

        if (wantsTime && temporal is not ColumnNode)
            throw new ExpressionException(node.Position, "some servers compare a computed TIME with this as text", "write TIME'hh:mm:ss'");
        var match = ToTemporal(node, wantsTime);
        if (temporal.Type.Kind == ValueKind.Date && node.Type.Kind == ValueKind.Integer && match.Type.Kind == ValueKind.DateTime)
            throw new ExpressionException(node.Position, "some servers compare a DATE with the date of this number only", "write it in quotes, as 'YYYY-MM-DD hh:mm:ss'");
        return match;
    }

    /// <summary>A date, or a time, out of a constant or of what is one already.</summary>
    private Node ToTemporal(Node node, bool wantsTime)
    {
        if (node.Type.IsTemporal && wantsTime == (node.Type.Kind == ValueKind.Time))
            return node;
        if (node is Constant { IsNull: true })
            return node;
        if (node is not Constant constant || node.Type.Kind is not (ValueKind.Text or ValueKind.Integer))
            throw new ExpressionException(node.Position, $"{node.Type} that is not a constant can't be used as a {(wantsTime ? "time" : "date")}", "use a date, or a constant in quotes");
        var text = node.Type.Kind == ValueKind.Text ? Encoding.UTF8.GetString(constant.Value.Text) : constant.Value.Number.Integer.ToString(CultureInfo.InvariantCulture);
        if (wantsTime)
        {
            return Temporal.ParseTime(text) is { } time
                ? new Constant(Value.OfTemporal(ValueKind.Time, time), new ValueType(ValueKind.Time) { Scale = FractionOf(text) }, node.Position)
                : throw new ExpressionException(node.Position, $"'{text}' is not a time", "write it as 'hh:mm:ss'");
        }

        if (Temporal.ParseDate(text, _zone, out var hasTime) is not { } date)
            throw NotADate(node.Position, text);
        var kind = hasTime ? ValueKind.DateTime : ValueKind.Date;
        return new Constant(Value.OfTemporal(kind, date.Packed), new ValueType(kind) { Scale = FractionOf(text) }, node.Position);
    }

    /// <summary>A number: text becomes a double, a date its digits.</summary>
    private Node AsNumber(Node node)
    {
        node = AsLiteralNumber(node);
        RefuseMixed(node);
        RefuseChosen(node);
        if (node.Type.IsNumber || node.Type.Kind == ValueKind.Null)
            return node;
        if (node.Type.Kind == ValueKind.Text)
            return AsDouble(node);
        var type = node.Type.Scale == 0 ? ValueType.Integer : ValueType.Decimal(node.Type.Scale) with { HasMixedKinds = true };
        var scale = node.Type.Scale;
        return Folding.Make(type, node.Position, [node], (Node[] a, scoped ref readonly Row row) =>
        {
            var v = a[0].Evaluate(in row);
            if (v.IsNull)
                return Value.Null;
            var number = Temporal.ToNumber(v.Kind, v.Temporal, scale);
            return scale == 0 ? Value.OfInteger(number.Integer) : Value.OfDecimal(number);
        });
    }

    private Node AsDouble(Node node)
    {
        switch (node.Type.Kind)
        {
            case ValueKind.Double or ValueKind.Null:
                return node;
            case ValueKind.Integer or ValueKind.Decimal:
                return Folding.Make(ValueType.Double, node.Position, [node], static (Node[] a, scoped ref readonly Row row) =>
                    a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfDouble(v.Number.ToDouble()) : Value.Null);
            case ValueKind.Text when node is Constant { IsBinaryLiteral: true } literal:
                return AsDouble(ToInteger(literal));
            case ValueKind.Text when node is ColumnNode { IsMember: true } members:
                return AsDouble(members.AsNumber());
            case ValueKind.Text:
                RefuseLiterals(node);
                return Folding.Make(ValueType.Double, node.Position, [node], static (Node[] a, scoped ref readonly Row row) =>
                    a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfDouble(TextNumber.ToDouble(v.Text)) : Value.Null);
            default:
                return AsDouble(AsNumber(node));
        }
    }

    /// <summary>An integer where a function wants one: decimals and doubles are rounded.</summary>
    private Node AsInteger(Node node)
    {
        node = AsNumber(node);
        return node.Type.Kind switch
        {
            ValueKind.Integer or ValueKind.Null => node,
            ValueKind.Decimal => Folding.Make(ValueType.Integer, node.Position, [node], static (Node[] a, scoped ref readonly Row row) =>
                a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfInteger(InRange(v.Number.Round(0), isUnsigned: false).Integer) : Value.Null),
            _ => throw new ExpressionException(node.Position, "an integer is expected", "use CAST(... AS SIGNED)"),
        };
    }

    private Node AsText(Node node)
    {
        var type = ValueType.Text(_connection, Coercibility.Numeric);
        if (node.Type.HasOwnText || (node.Type.Kind == ValueKind.Double && IsNewerMySql))
        {
            throw new ExpressionException(node.Position,
                $"the text of {(node is ColumnNode column ? $"column {TableName.Quote(column.Column.Name)}, which is {column.Column.ColumnType}" : "this number")} is not known exactly", "compare it as a number, or add 0");
        }

        var scale = node.Type.Scale;
        var positiveZero = IsMariaDb;
        return node.Type.Kind switch
        {
            ValueKind.Text or ValueKind.Null => node,
            ValueKind.Integer => Folding.Make(type, node.Position, [node], static (Node[] a, scoped ref readonly Row row) =>
                a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfText(Written(v.Number, row.Scratch)) : Value.Null),
            ValueKind.Decimal => Folding.Make(type, node.Position, [node], (Node[] a, scoped ref readonly Row row) =>
                a[0].Evaluate(in row) is { IsNull: false } v ? Value.OfText(Written(v.Number.Round(scale), row.Scratch)) : Value.Null),
            ValueKind.Double when node is not ColumnNode => throw new ExpressionException(node.Position, "the text of a computed floating-point number is not known exactly", "compare it as a number"),
            ValueKind.Double => Folding.Make(type, node.Position, [node], (Node[] a, scoped ref readonly Row row) =>
            {
                var v = a[0].Evaluate(in row);
                if (v.IsNull)
                    return Value.Null;
                var text = row.Scratch.Take(40);
                return Value.OfText(text[..FloatText.Write(v.Double == 0 && positiveZero ? 0 : v.Double, text)]);
            }),
            _ => Folding.Make(type, node.Position, [node], (Node[] a, scoped ref readonly Row row) =>
            {
                var v = a[0].Evaluate(in row);
                if (v.IsNull)
                    return Value.Null;
                var text = row.Scratch.Take(32);
                var length = v.Kind switch
                {
                    ValueKind.Date => Temporal.Unpack(v.Temporal).WriteDate(text),
                    ValueKind.DateTime => Temporal.Unpack(v.Temporal).WriteDateTime(scale, text),
                    _ => Temporal.WriteTime(v.Temporal, scale, text),
                };
                return Value.OfText(text[..length]);
            }),
        };
    }

    private static ReadOnlySpan<byte> Written(ExactNumber number, Scratch scratch)
    {
        var text = scratch.Take(160);
        return text[..number.Write(text)];
    }

    /// <summary>The collation in which texts are compared or joined (MySQL manual, "Collation Coercibility in Expressions").</summary>
    private static ValueType Agree(int position, params ReadOnlySpan<Node> texts)
    {
        RefuseJoinedLatin1(position, texts);
        Node? strongest = null;
        foreach (var text in texts)
        {
            if (text.Type.Collation is null)
                continue;
            strongest = strongest is null ? text : Stronger(strongest, text, position);
        }

        if (strongest?.Type.Collation is not { } collation)
            return ValueType.Null;
        foreach (var text in texts)
            RequireHeld(collation, text, position);
        return ValueType.Text(collation, strongest.Type.Coercibility);
    }

    private static Node Stronger(Node left, Node right, int position)
    {
        var (l, r) = (left.Type.Collation!, right.Type.Collation!);
        if (left.Type.Coercibility != right.Type.Coercibility)
            return left.Type.Coercibility < right.Type.Coercibility ? left : right;
        if (l.Name == r.Name || l.IsBinary)
            return left;
        if (r.IsBinary)
            return right;
        if (left.Type.Coercibility != Coercibility.Explicit)
        {
            if (l.Charset == r.Charset && l.Name.EndsWith("_bin", StringComparison.Ordinal) != r.Name.EndsWith("_bin", StringComparison.Ordinal))
                return l.Name.EndsWith("_bin", StringComparison.Ordinal) ? left : right;
            if (l.Charset != r.Charset && (l.Charset == "utf8mb4" || r.Charset == "ascii"))
                return left;
            if (l.Charset != r.Charset && (r.Charset == "utf8mb4" || l.Charset == "ascii"))
                return right;
        }

        throw new ExpressionException(position, $"texts with the collations {l.Name} and {r.Name} can't be compared", "say which one to use with COLLATE");
    }

    // What is made of latin1 and another character set is in the one on some servers and in the other on others.
    private static void RefuseJoinedLatin1(int position, params ReadOnlySpan<Node> texts)
    {
        var hasLatin1 = false;
        var hasOther = false;
        foreach (var text in texts)
        {
            if (text is Constant || text.Type.Collation is not { } collation)
                continue;
            hasLatin1 |= collation.Charset == "latin1";
            hasOther |= collation.Charset is not ("latin1" or "ascii") && text.Type.Coercibility != Coercibility.Numeric;
        }

        if (hasLatin1 && hasOther)
            throw new ExpressionException(position, "text in latin1 can't be compared or joined with text in another character set", "compare each with constants");
    }

    private static void RequireHeld(TextCollation collation, Node text, int position)
    {
        if (text.Type.Collation is not { } own)
            return;
        if (text is Constant { IsNull: false } constant && !own.IsBinary)
        {
            if (!collation.CanHold(constant.Value.Text))
                throw new ExpressionException(text.Position, $"the text has characters that character set {collation.Charset} does not have", "compare with COLLATE utf8mb4_bin, or leave the value out");
            return;
        }

        if (own.IsBinary && !collation.IsBinary && !(text is Constant { IsNull: false } literal && System.Text.Ascii.IsValid(literal.Value.Text)))
            throw new ExpressionException(position, "bytes can't be compared or joined as text", "use BINARY on the text");
        var isHeld = own.Charset == collation.Charset || own.Charset == "ascii" || collation.Charset == "utf8mb4" || text.Type.Coercibility == Coercibility.Numeric
            || (collation.IsBinary && own.Charset != "latin1") || text is Constant { IsBinaryLiteral: true };
        if (!isHeld)
            throw new ExpressionException(position, $"text in character set {own.Charset} can't be compared in character set {collation.Charset}", "say how to compare with COLLATE or BINARY");
    }
}
