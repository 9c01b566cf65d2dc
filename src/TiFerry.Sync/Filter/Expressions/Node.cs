using TiFerry.Schema.Expressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>What a condition can be.</summary>
internal enum Truth : byte
{
    False,
    True,
    Unknown,
}

/// <summary>A compiled piece of an expression.</summary>
/// <param name="type">What is known of its values.</param>
/// <param name="position">Where it stands in the expression.</param>
internal abstract class Node(ValueType type, int position)
{
    public ValueType Type { get; } = type;

    /// <summary>Where it stands in the expression, for messages.</summary>
    public int Position { get; } = position;

    /// <summary>The value for one row.</summary>
    /// <exception cref="OverflowException">The value is beyond what the servers' numbers hold.</exception>
    public abstract Value Evaluate(scoped ref readonly Row row);

    /// <summary>Whether the value counts as true.</summary>
    public virtual Truth Test(scoped ref readonly Row row)
    {
        var value = Evaluate(in row);
        var isTrue = value.Kind switch
        {
            ValueKind.Null => (bool?)null,
            ValueKind.Integer or ValueKind.Decimal => value.Number.Sign != 0,
            ValueKind.Double => value.Double != 0,
            ValueKind.Text => TextNumber.ToDouble(value.Text) != 0,
            _ => value.Temporal != 0,
        };
        return isTrue switch { null => Truth.Unknown, true => Truth.True, _ => Truth.False };
    }
}

/// <summary>A node whose value is a condition's.</summary>
internal abstract class Condition(int position) : Node(ValueType.Integer, position)
{
    public sealed override Value Evaluate(scoped ref readonly Row row) => Test(in row) switch
    {
        Truth.True => Value.OfBoolean(true),
        Truth.False => Value.OfBoolean(false),
        _ => Value.Null,
    };

    public abstract override Truth Test(scoped ref readonly Row row);
}

/// <summary>A value that is the same for all rows.</summary>
internal sealed class Constant : Node
{
    private readonly ValueKind _kind;
    private readonly ExactNumber _number;
    private readonly long _bits;
    private readonly byte[] _text = [];

    public Constant(Value value, ValueType type, int position)
        : base(type, position)
    {
        _kind = value.Kind;
        switch (value.Kind)
        {
            case ValueKind.Integer or ValueKind.Decimal:
                _number = value.Number;
                break;
            case ValueKind.Double:
                _bits = BitConverter.DoubleToInt64Bits(value.Double);
                break;
            case ValueKind.Text:
                _text = value.Text.ToArray();
                break;
            default:
                _bits = value.Temporal;
                break;
        }
    }

    /// <summary>The bytes of a hexadecimal or bit literal, which is a number where one is wanted.</summary>
    public bool IsBinaryLiteral { get; init; }

    /// <summary>A date in quotes moved by an interval: text again, but not the plain one.</summary>
    public bool IsMovedDate { get; init; }

    /// <summary>Whether it was worked out from other constants.</summary>
    public bool IsComputed { get; init; }

    /// <summary>Whether NULL itself stands there; a computed NULL has a type for the servers.</summary>
    public bool IsNullLiteral { get; init; }

    public bool IsNull => _kind == ValueKind.Null;

    public Value Value => _kind switch
    {
        ValueKind.Null => Value.Null,
        ValueKind.Integer => Value.OfInteger(_number.Integer),
        ValueKind.Decimal => Value.OfDecimal(_number),
        ValueKind.Double => Value.OfDouble(BitConverter.Int64BitsToDouble(_bits)),
        ValueKind.Text => Value.OfText(_text),
        _ => Value.OfTemporal(_kind, _bits),
    };

    public override Value Evaluate(scoped ref readonly Row row) => Value;
}

/// <summary>What a call computes from its arguments.</summary>
internal delegate Value Evaluation(Node[] arguments, scoped ref readonly Row row);

/// <summary>A value computed from others.</summary>
internal sealed class Computed(ValueType type, int position, Node[] arguments, Evaluation evaluate) : Node(type, position)
{
    /// <summary>Whether a decimal may have more digits than its type says, because a division in it made them.</summary>
    public bool HasMoreDigits { get; init; } = type.Kind == ValueKind.Decimal && Array.Exists(arguments, a => a is Computed { HasMoreDigits: true });

    public override Value Evaluate(scoped ref readonly Row row) => evaluate(arguments, in row);
}

/// <summary>Whether all arguments are constants is asked where a node is made: then it is worked out at once.</summary>
internal static class Folding
{
    public static Node Make(ValueType type, int position, Node[] arguments, Evaluation evaluate) =>
        Fold(new Computed(type, position, arguments, evaluate), arguments);

    public static Node Fold(Node node, params ReadOnlySpan<Node> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is not Constant)
                return node;
        }

        try
        {
            var none = new Row([], [], new Scratch());
            return new Constant(node.Evaluate(in none), node.Type, node.Position) { IsComputed = true };
        }
        catch (OverflowException overflow)
        {
            throw new ExpressionException(node.Position, overflow.Message);
        }
    }
}
