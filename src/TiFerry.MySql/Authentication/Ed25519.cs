using System.Numerics;
using System.Security.Cryptography;

namespace TiFerry.MySql.Authentication;

/// <summary>
/// Signs as MariaDB's <c>client_ed25519</c> wants it: Ed25519 (RFC 8032) with the password of any length in place of the 32-byte secret key.
/// Runs once per connection, so plain big integers do; their running time depends on the password, which only someone on this very machine could measure.
/// </summary>
internal static class Ed25519
{
    private const int KeyLength = 32;

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger GroupOrder = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger CurveD = Modulo(-121665 * Invert(121666));
    private static readonly Point BasePoint = CreateBasePoint();

    /// <summary>The 64-byte signature of the server's nonce.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce)
    {
        var expanded = SHA512.HashData(password);
        expanded[0] &= 0xF8;
        expanded[31] = (byte)((expanded[31] & 0x3F) | 0x40);
        var secret = LittleEndian(expanded.AsSpan(0, KeyLength));
        var publicKey = Encode(Multiply(BasePoint, secret));

        var commitment = LittleEndian(SHA512.HashData([.. expanded.AsSpan(KeyLength), .. nonce])) % GroupOrder;
        var encodedCommitment = Encode(Multiply(BasePoint, commitment));
        var challenge = LittleEndian(SHA512.HashData([.. encodedCommitment, .. publicKey, .. nonce])) % GroupOrder;
        var response = (commitment + (challenge * secret)) % GroupOrder;
        return [.. encodedCommitment, .. ToBytes(response)];
    }

    private static Point CreateBasePoint()
    {
        var y = Modulo(4 * Invert(5));
        var x = RecoverEvenX(y);
        return new Point(x, y, BigInteger.One, Modulo(x * y));
    }

    /// <summary>RFC 8032, 5.1.3: x from y, the root with lowest bit 0.</summary>
    private static BigInteger RecoverEvenX(BigInteger y)
    {
        var square = Modulo(((y * y) - 1) * Invert((CurveD * y * y) + 1));
        var x = BigInteger.ModPow(square, (Prime + 3) / 8, Prime);
        if (Modulo((x * x) - square) != 0)
            x = Modulo(x * BigInteger.ModPow(2, (Prime - 1) / 4, Prime));
        return x.IsEven ? x : Prime - x;
    }

    private static Point Multiply(Point point, BigInteger scalar)
    {
        var sum = new Point(BigInteger.Zero, BigInteger.One, BigInteger.One, BigInteger.Zero);
        for (; !scalar.IsZero; scalar >>= 1)
        {
            if (!scalar.IsEven)
                sum = Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    /// <summary>RFC 8032, 5.1.4: addition in extended homogeneous coordinates, which holds for equal points too.</summary>
    private static Point Add(Point p, Point q)
    {
        var a = Modulo((p.Y - p.X) * (q.Y - q.X));
        var b = Modulo((p.Y + p.X) * (q.Y + q.X));
        var c = Modulo(2 * p.T * q.T * CurveD);
        var d = Modulo(2 * p.Z * q.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Modulo(e * f), Modulo(g * h), Modulo(f * g), Modulo(e * h));
    }

    /// <summary>RFC 8032, 5.1.2: y, with the lowest bit of x on top.</summary>
    private static byte[] Encode(Point point)
    {
        var inverse = Invert(point.Z);
        var encoded = ToBytes(Modulo(point.Y * inverse));
        if (!Modulo(point.X * inverse).IsEven)
            encoded[^1] |= 0x80;
        return encoded;
    }

    private static BigInteger Invert(BigInteger value) => BigInteger.ModPow(Modulo(value), Prime - 2, Prime);

    private static BigInteger Modulo(BigInteger value)
    {
        var remainder = value % Prime;
        return remainder.Sign < 0 ? remainder + Prime : remainder;
    }

    private static BigInteger LittleEndian(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true);

    private static byte[] ToBytes(BigInteger value)
    {
        var bytes = new byte[KeyLength];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
