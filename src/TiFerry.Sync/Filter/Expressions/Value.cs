namespace TiFerry.Sync.Filter.Expressions;

/// <summary>A value of one row. What its digits and bytes mean is in the <see cref="ValueType"/> of the node it comes from.</summary>
internal readonly ref struct Value
{
    private readonly long _bits;
    private readonly ExactNumber _number;
    private readonly ReadOnlySpan<byte> _text;

    private Value(ValueKind kind, long bits)
    {
        Kind = kind;
        _bits = bits;
    }

    private Value(ValueKind kind, ExactNumber number)
    {
        Kind = kind;
        _number = number;
    }

    private Value(ReadOnlySpan<byte> text)
    {
        Kind = ValueKind.Text;
        _text = text;
    }

    public static Value Null => default;

    public ValueKind Kind { get; }

    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>An integer or a decimal.</summary>
    public ExactNumber Number => _number;

    public double Double => BitConverter.Int64BitsToDouble(_bits);

    public ReadOnlySpan<byte> Text => _text;

    /// <summary>A date, time, or both.</summary>
    public long Temporal => _bits;

    public static Value OfInteger(Int128 value) => new(ValueKind.Integer, new ExactNumber(value, 0));

    public static Value OfBoolean(bool value) => OfInteger(value ? 1 : 0);

    public static Value OfDecimal(ExactNumber value) => new(ValueKind.Decimal, value);

    public static Value OfDouble(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static Value OfText(ReadOnlySpan<byte> text) => new(text);

    public static Value OfTemporal(ValueKind kind, long packed) => new(kind, packed);
}
