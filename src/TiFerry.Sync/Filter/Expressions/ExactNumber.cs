using System.Globalization;
using System.Numerics;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>An integer divided by a power of ten: DECIMAL with up to 65 digits and more on the way. Up to 38 digits take no memory of their own.</summary>
internal readonly struct ExactNumber
{
    private static readonly Int128[] SmallPowers = CreatePowers();

    private readonly Int128 _small;
    private readonly BigInteger _big;
    private readonly bool _isBig;

    public ExactNumber(Int128 unscaled, int scale)
    {
        _small = unscaled;
        Scale = scale;
    }

    private ExactNumber(BigInteger unscaled, int scale)
    {
        Scale = scale;
        if (unscaled >= (BigInteger)Int128.MinValue && unscaled <= (BigInteger)Int128.MaxValue)
        {
            _small = (Int128)unscaled;
            return;
        }

        _big = unscaled;
        _isBig = true;
    }

    /// <summary>Digits behind the point.</summary>
    public int Scale { get; }

    public int Sign => _isBig ? _big.Sign : Int128.Sign(_small);

    private BigInteger Unscaled => _isBig ? _big : (BigInteger)_small;

    /// <summary>The number when it is an integer of at most 38 digits.</summary>
    public Int128 Integer => !_isBig && Scale == 0 ? _small : throw new InvalidOperationException("not an integer");

    /// <summary>Whether there are more than 65 digits, the most that DECIMAL has.</summary>
    public bool IsTooLong => _isBig && BigInteger.Abs(_big) >= BigInteger.Pow(10, 65);

    public static ExactNumber operator -(ExactNumber value) => value._isBig || value._small == Int128.MinValue ? new(-value.Unscaled, value.Scale) : new(-value._small, value.Scale);

    public static ExactNumber operator +(ExactNumber left, ExactNumber right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return TryRescale(left, scale, out var l) && TryRescale(right, scale, out var r) && IsHalf(l) && IsHalf(r)
            ? new(l + r, scale)
            : new(left.UnscaledAt(scale) + right.UnscaledAt(scale), scale);
    }

    public static ExactNumber operator -(ExactNumber left, ExactNumber right) => left + -right;

    public static ExactNumber operator *(ExactNumber left, ExactNumber right)
    {
        var scale = left.Scale + right.Scale;
        return !left._isBig && !right._isBig && IsWord(left._small) && IsWord(right._small) ? new(left._small * right._small, scale) : new(left.Unscaled * right.Unscaled, scale);
    }

    public static int Compare(ExactNumber left, ExactNumber right)
    {
        if (!left._isBig && !right._isBig && left.Scale == right.Scale)
            return left._small.CompareTo(right._small);
        var scale = Math.Max(left.Scale, right.Scale);
        return TryRescale(left, scale, out var l) && TryRescale(right, scale, out var r) ? l.CompareTo(r) : left.UnscaledAt(scale).CompareTo(right.UnscaledAt(scale));
    }

    /// <summary>The quotient with so many digits behind the point, the rest cut off. The divisor is not 0.</summary>
    public static ExactNumber Divide(ExactNumber left, ExactNumber right, int scale)
    {
        var shift = scale - left.Scale + right.Scale;
        var dividend = left.Unscaled * BigInteger.Pow(10, Math.Max(shift, 0));
        var divisor = right.Unscaled * BigInteger.Pow(10, Math.Max(-shift, 0));
        return new(BigInteger.Divide(dividend, divisor), scale);
    }

    /// <summary>The rest of a division whose quotient is cut to an integer; its sign is the dividend's. The divisor is not 0.</summary>
    public static ExactNumber Remainder(ExactNumber left, ExactNumber right)
    {
        var scale = Math.Max(left.Scale, right.Scale);
        return TryRescale(left, scale, out var l) && TryRescale(right, scale, out var r) && l != Int128.MinValue
            ? new(l % r, scale)
            : new(BigInteger.Remainder(left.UnscaledAt(scale), right.UnscaledAt(scale)), scale);
    }

    /// <summary>With fewer or more digits behind the point; halves are rounded away from zero. A negative scale rounds before the point and gives scale 0.</summary>
    public ExactNumber Round(int scale)
    {
        if (scale >= Scale)
            return AtScale(scale);
        var power = BigInteger.Pow(10, Scale - scale);
        var quotient = BigInteger.DivRem(Unscaled, power, out var rest);
        if (BigInteger.Abs(rest) * 2 >= power)
            quotient += Sign;
        return Finish(quotient, scale);
    }

    /// <summary>As <see cref="Round"/>, towards zero.</summary>
    public ExactNumber Truncate(int scale) => scale >= Scale ? AtScale(scale) : Finish(BigInteger.Divide(Unscaled, BigInteger.Pow(10, Scale - scale)), scale);

    /// <summary>The greatest integer that is not greater.</summary>
    public ExactNumber Floor() => Truncate(0) is var cut && Sign < 0 && Compare(cut, this) != 0 ? cut - new ExactNumber(1, 0) : Truncate(0);

    /// <summary>The least integer that is not less.</summary>
    public ExactNumber Ceiling() => -(-this).Floor();

    /// <summary>Multiplied by a power of ten.</summary>
    public ExactNumber Shift(int exponent) => exponent < 0 ? new(Unscaled, Scale - exponent) : new(Unscaled * BigInteger.Pow(10, Math.Max(0, exponent - Scale)), Math.Max(0, Scale - exponent));

    /// <summary>Whether it lies between two integers, both included.</summary>
    public bool IsWithin(Int128 low, Int128 high) => Compare(this, new ExactNumber(low, 0)) >= 0 && Compare(this, new ExactNumber(high, 0)) <= 0;

    /// <summary>The nearest double.</summary>
    public double ToDouble()
    {
        const long LargestExact = 1L << 53;
        if (!_isBig && Scale <= 22 && _small >= -LargestExact && _small <= LargestExact)
            return Scale == 0 ? (double)(long)_small : (double)(long)_small / Math.Pow(10, Scale);
        Span<byte> text = stackalloc byte[160];
        return double.Parse(text[..Write(text)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the number with all its digits; at most 160 bytes.</summary>
    public int Write(Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[160];
        var length = 0;
        if (!_isBig && _small != Int128.MinValue)
            Int128.Abs(_small).TryFormat(digits, out length, default, CultureInfo.InvariantCulture);
        else
            length = System.Text.Encoding.ASCII.GetBytes(BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture), digits);
        var written = 0;
        if (Sign < 0)
            destination[written++] = (byte)'-';
        var integer = length - Scale;
        if (integer <= 0)
            destination[written++] = (byte)'0';
        else
            written += Copy(digits[..integer], destination[written..]);
        if (Scale == 0)
            return written;
        destination[written++] = (byte)'.';
        for (; integer < 0; integer++)
            destination[written++] = (byte)'0';
        return written + Copy(digits[integer..length], destination[written..]);
    }

    /// <summary>Reads digits with at most one point and a sign, without an exponent.</summary>
    public static ExactNumber Parse(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        Int128 small = 0;
        BigInteger big = default;
        var isBig = false;
        var scale = 0;
        var point = text.IndexOf((byte)'.');
        if (point >= 0)
            scale = text.Length - point - 1;
        foreach (var c in text)
        {
            if (c == '.')
                continue;
            if (!isBig && small > SmallPowers[37])
            {
                big = small;
                isBig = true;
            }

            if (isBig)
                big = (big * 10) + (c - '0');
            else
                small = (small * 10) + (c - '0');
        }

        if (isBig)
            return new(isNegative ? -big : big, scale);
        return new(isNegative ? -small : small, scale);
    }

    private ExactNumber AtScale(int scale) => TryRescale(this, scale, out var small) ? new(small, scale) : new(UnscaledAt(scale), scale);

    private static ExactNumber Finish(BigInteger unscaled, int scale) => scale >= 0 ? new(unscaled, scale) : new(unscaled * BigInteger.Pow(10, -scale), 0);

    private BigInteger UnscaledAt(int scale) => Unscaled * BigInteger.Pow(10, scale - Scale);

    private static bool TryRescale(ExactNumber value, int scale, out Int128 unscaled)
    {
        unscaled = value._small;
        var digits = scale - value.Scale;
        if (digits == 0)
            return !value._isBig;
        if (value._isBig || digits >= SmallPowers.Length)
            return false;
        var limit = Int128.MaxValue / SmallPowers[digits];
        if (unscaled > limit || unscaled < -limit)
            return false;
        unscaled *= SmallPowers[digits];
        return true;
    }

    private static bool IsHalf(Int128 value) => value < Int128.MaxValue / 2 && value > Int128.MinValue / 2;

    private static bool IsWord(Int128 value) => value <= long.MaxValue && value >= long.MinValue;

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }

    private static Int128[] CreatePowers()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
