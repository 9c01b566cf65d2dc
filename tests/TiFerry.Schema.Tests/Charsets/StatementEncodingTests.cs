using System.Text;
using TiFerry.Schema.Charsets;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Charsets;

[Collection(Servers.Name)]
public class StatementEncodingTests(ServerFixture servers)
{
    public static TheoryData<string> Charsets =>
    [
        "latin1", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "latin2", "latin5", "latin7", "greek", "koi8r", "gbk", "cp932", "euckr",
    ];

    /// <summary>Every character of the set that the server can convert must come out the same, or not at all.</summary>
    [SkippableTheory]
    [MemberData(nameof(Charsets))]
    public async Task Characters_are_the_servers(string charset)
    {
        var server = await servers.SourceAsync();
        await using var connection = await server.ConnectAsync();
        var wide = charset is "gbk" or "cp932" or "euckr";
        var converted = 0;
        var wrong = new List<string>();
        for (var first = 0x80; first <= 0xFF; first++)
        {
            var codes = wide ? Enumerable.Range(0x40, 0xBF).Select(second => $"{first:X2}{second:X2}").Append($"{first:X2}") : [$"{first:X2}"];
            var list = codes.ToList();
            var row = (await connection.QueryRowsAsync(
                $"SELECT {string.Join(", ", list.Select(c => $"HEX(CONVERT(CONVERT(x'{c}' USING {charset}) USING utf8mb4)), HEX(CONVERT(x'{c}' USING {charset}))"))}", CancellationToken.None))[0];
            for (var i = 0; i < list.Count; i++)
            {
                // The server writes 3F, a question mark, for what it does not know.
                var (expected, kept) = (row[2 * i]!, row[(2 * i) + 1]!);
                if (kept != list[i] || expected.Contains("3F", StringComparison.Ordinal))
                    continue;
                converted++;
                var actual = StatementEncoding.ToUtf8(Convert.FromHexString(list[i]), charset);
                if (actual is not null && Convert.ToHexString(actual) != expected)
                    wrong.Add($"{list[i]}: {Encoding.UTF8.GetString(Convert.FromHexString(expected))} {expected} {Convert.ToHexString(actual)}");
            }
        }

        Assert.True(converted > 60, $"{converted}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {converted}: {string.Join("; ", wrong.Take(12))}");
    }

    [Fact]
    public void What_is_utf8_or_ascii_stays()
    {
        Assert.Equal("é"u8.ToArray(), StatementEncoding.ToUtf8("é"u8, "utf8"));
        Assert.Equal([0xFF], StatementEncoding.ToUtf8([0xFF], "binary"));
        Assert.Equal("DROP TABLE t"u8.ToArray(), StatementEncoding.ToUtf8("DROP TABLE t"u8, "dec8"));
        Assert.Null(StatementEncoding.ToUtf8([0xE9], "dec8"));
        Assert.Null(StatementEncoding.ToUtf8([0x81], "gbk"));
        Assert.Equal("表"u8.ToArray(), StatementEncoding.ToUtf8([0x95, 0x5C], "cp932"));
    }
}
