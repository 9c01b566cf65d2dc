using System.Collections.Frozen;
using System.Text;

namespace TiFerry.Schema.Charsets;

/// <summary>
/// Turns statements into UTF-8. A query event holds its statement in the session's character_set_client; names in it can only be
/// compared, and its text can only be cut into tokens, in UTF-8.
/// </summary>
public static class StatementEncoding
{
    // Those of .NET's code pages that give the same as the servers' tables; hebrew, koi8u, sjis, ujis, big5 and others differ in a few characters.
    private static readonly FrozenDictionary<string, int> CodePages = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["cp1250"] = 1250,
        ["cp1251"] = 1251,
        ["cp1256"] = 1256,
        ["cp1257"] = 1257,
        ["cp850"] = 850,
        ["cp852"] = 852,
        ["latin2"] = 28592,
        ["latin5"] = 28599,
        ["latin7"] = 28603,
        ["greek"] = 28597,
        ["koi8r"] = 20866,
        ["gbk"] = 936,
        ["cp932"] = 932,
        ["euckr"] = 949,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The servers' latin1 is Windows-1252 in which the five free places are control characters.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The statement in UTF-8.</summary>
    /// <param name="sql">Its bytes.</param>
    /// <param name="charset">The name of the character_set_client it is written in.</param>
    /// <returns>The same bytes where they are UTF-8 or ASCII already; null where they cannot be converted without a doubt: ask a server then, with CONVERT.</returns>
    public static byte[]? ToUtf8(ReadOnlySpan<byte> sql, string charset)
    {
        ArgumentNullException.ThrowIfNull(charset);
        charset = Collations.CanonicalCharset(charset);
        if (charset is "utf8mb4" or "utf8mb3" or "ascii" or "binary" || Ascii.IsValid(sql))
            return sql.ToArray();
        if (charset == "latin1")
            return Encoding.UTF8.GetBytes(DecodeLatin1(sql));
        if (!CodePages.TryGetValue(charset, out var page) || CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) is not { } encoding)
            return null;
        try
        {
            return Encoding.UTF8.GetBytes(encoding.GetString(sql));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string DecodeLatin1(ReadOnlySpan<byte> sql)
    {
        var text = new StringBuilder(sql.Length);
        foreach (var b in sql)
            text.Append(b is 0x81 or 0x8D or 0x8F or 0x90 or 0x9D ? ((char)b).ToString() : Windows1252.GetString([b]));
        return text.ToString();
    }
}
