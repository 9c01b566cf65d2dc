using TiFerry.Binlog.Values;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Causality;

/// <summary>
/// Hashes of column values such that values which a server finds equal have equal hashes. Unequal values may share one: they are then only taken to conflict.
/// </summary>
internal static class ComparableValue
{
    private const int MaxText = 4096;

    /// <summary>Hashes a value.</summary>
    /// <param name="column">The target's column.</param>
    /// <param name="value">The value, not NULL.</param>
    /// <param name="hash">The hash.</param>
    /// <returns>False where only the server knows what the value is equal to.</returns>
    public static bool TryHash(Column column, BinlogValue value, out ulong hash)
    {
        hash = 0;
        switch (column.Kind)
        {
            case ColumnKind.Text:
                return TryHashText(value, out hash);
            case ColumnKind.Float or ColumnKind.Double:
                var number = value.Type == BinlogColumnType.Float ? value.AsSingle() : value.AsDouble();
                // The two zeros are equal.
                hash = Mix(1, BitConverter.DoubleToUInt64Bits(number == 0 ? 0d : number));
                return true;
            case ColumnKind.FixedBinary:
                hash = HashBytes(value.AsBytes().TrimEnd((byte)0));
                return true;
            case ColumnKind.Binary:
                hash = HashBytes(value.AsBytes());
                return true;
            default:
                if (!column.ComparesByBytes)
                    return false;
                hash = HashBytes(value.Raw);
                return true;
        }
    }

    /// <summary>Hashes bytes.</summary>
    public static ulong HashBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes)
            hash = (hash ^ b) * 1099511628211UL;
        return Mix(hash, (ulong)bytes.Length);
    }

    /// <summary>Adds a hash to another.</summary>
    public static ulong Mix(ulong hash, ulong value)
    {
        hash ^= value + 0x9E3779B97F4A7C15UL + (hash << 6) + (hash >> 2);
        hash *= 0xBF58476D1CE4E5B9UL;
        return hash ^ (hash >> 31);
    }

    // Printable ASCII is equal under some collation only to its other case, or to one of the letters that some languages take for one (MySQL manual, "Unicode Character Sets":
    // Roman i=j and u=v, Lithuanian i=y, Swedish v=w); trailing spaces count for little under PAD SPACE. Everything else is left to the server.
    private static bool TryHashText(BinlogValue value, out ulong hash)
    {
        hash = 0;
        var text = value.AsBytes().TrimEnd((byte)' ');
        if (text.Length > MaxText)
            return false;
        Span<byte> folded = stackalloc byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < 0x20 or > 0x7E)
                return false;
            // Beyond letters too: some national sets have letters in the place of braces.
            if (c >= 0x60)
                c -= 0x20;
            folded[i] = c switch
            {
                (byte)'J' or (byte)'Y' => (byte)'I',
                (byte)'V' or (byte)'W' => (byte)'U',
                _ => c,
            };
        }
        hash = HashBytes(folded);
        return true;
    }
}
