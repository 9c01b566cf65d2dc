using System.Net;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Text forms of MariaDB's fixed-length types from their bytes in a row (MariaDB knowledge base, "UUID Data Type", "INET4", "INET6").
/// </summary>
internal static class MariaDbFixedTypes
{
    // A row keeps the parts of a UUID from the last to the first, so that those of one node sort together.
    private static ReadOnlySpan<byte> UuidOrder => [12, 13, 14, 15, 10, 11, 8, 9, 6, 7, 0, 1, 2, 3, 4, 5];

    /// <summary>Appends the value as a quoted literal.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="kind">UUID, INET4 or INET6.</param>
    /// <param name="stored">The bytes of the row; trailing zero bytes may be missing.</param>
    public static void Write(SqlBuffer sql, ColumnKind kind, ReadOnlySpan<byte> stored)
    {
        Span<byte> bytes = stackalloc byte[kind == ColumnKind.Inet4 ? 4 : 16];
        bytes.Clear();
        stored.CopyTo(bytes);
        // Without a character set the column would take the text for the stored bytes.
        sql.Append("_utf8mb4'"u8);
        if (kind == ColumnKind.Uuid)
            WriteUuid(sql, bytes);
        else
            WriteAddress(sql, bytes);
        sql.Append((byte)'\'');
    }

    private static void WriteUuid(SqlBuffer sql, ReadOnlySpan<byte> stored)
    {
        Span<byte> standard = stackalloc byte[16];
        // Only RFC 4122 versions 1 to 5 are turned round; the version stands in byte 6 and the variant in byte 8 of the standard order.
        var isTurned = stored[6] >= 0x80 && stored[8] is > 0 and < 0x60;
        for (var i = 0; i < 16; i++)
            standard[i] = isTurned ? stored[UuidOrder[i]] : stored[i];
        var text = sql.GetSpan(36);
        new Guid(standard, bigEndian: true).TryFormat(text, out var written);
        sql.Advance(written);
    }

    private static void WriteAddress(SqlBuffer sql, ReadOnlySpan<byte> bytes)
    {
        var text = sql.GetSpan(65);
        new IPAddress(bytes).TryFormat(text, out var written);
        sql.Advance(written);
    }
}
