using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace TiFerry.MySql.Tests;

public sealed class SqlBufferTests
{
    [Fact]
    public void Appends_everything_that_a_statement_is_made_of()
    {
        using var sql = new SqlBuffer(0);
        sql.Append("INSERT INTO "u8);
        sql.AppendIdentifier("a`b");
        sql.Append((byte)'.');
        sql.AppendIdentifier("täble");
        sql.Append(" VALUES (");
        sql.Append(long.MinValue);
        sql.Append((byte)',');
        sql.Append(ulong.MaxValue);
        sql.Append((byte)',');
        sql.AppendString("it's \\ \0 \n \"fine\""u8);
        sql.Append((byte)',');
        sql.AppendHex([0x00, 0xAB, 0xFF]);
        sql.Append((byte)',');
        sql.AppendHex([]);
        sql.AppendString([]);
        "!"u8.CopyTo(sql.GetSpan(1));
        sql.Advance(1);
        sql.Write(")"u8);

        const string expected = "INSERT INTO `a``b`.`täble` VALUES (-9223372036854775808,18446744073709551615,'it\\'s \\\\ \\0 \n \"fine\"',0x00ABFF,''''!)";
        Assert.Equal(expected, Encoding.UTF8.GetString(sql.WrittenSpan));
        Assert.Equal(expected, sql.ToString());
        Assert.Equal(Encoding.UTF8.GetByteCount(expected), sql.Length);
    }

    [Fact]
    public void Truncates_and_clears()
    {
        using var sql = new SqlBuffer();
        sql.Append("abcdef"u8);
        sql.Truncate(3);
        Assert.Equal("abc", sql.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => sql.Truncate(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => sql.Truncate(-1));
        sql.Clear();
        Assert.Equal(0, sql.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => sql.Advance(1 << 24));
    }

    [Fact]
    public void A_long_text_is_cut_in_messages()
    {
        using var sql = new SqlBuffer();
        sql.Append(new string('x', 5_000_000));
        Assert.Equal(5_000_000, sql.Length);
        Assert.Equal(new string('x', 200) + "...", sql.ToString());
    }

    [Fact]
    public void A_disposed_buffer_refuses_to_grow()
    {
        var sql = new SqlBuffer();
        sql.Dispose();
        sql.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sql.Append((byte)1));
    }

    [Fact]
    public void Any_bytes_come_back_from_a_string_literal() => Check.QuickThrowOnFailure(Prop.ForAll(Bytes(), bytes =>
    {
        using var sql = new SqlBuffer(0);
        sql.AppendString(bytes);
        return Unquote(sql.WrittenSpan).AsSpan().SequenceEqual(bytes);
    }));

    [Fact]
    public void Any_bytes_come_back_from_a_hexadecimal_literal() => Check.QuickThrowOnFailure(Prop.ForAll(Bytes(), bytes =>
    {
        using var sql = new SqlBuffer(0);
        sql.AppendHex(bytes);
        return bytes.Length == 0 ? sql.ToString() == "''" : Convert.FromHexString(Encoding.ASCII.GetString(sql.WrittenSpan[2..])).AsSpan().SequenceEqual(bytes);
    }));

    /// <summary>Many of the bytes that need care.</summary>
    private static Arbitrary<byte[]> Bytes() =>
        Gen.OneOf(Gen.Elements((byte)0, (byte)'\'', (byte)'\\', (byte)'\n', (byte)0x1A), Gen.Choose(0, 255).Select(b => (byte)b)).ArrayOf().ToArbitrary();

    private static byte[] Unquote(ReadOnlySpan<byte> literal)
    {
        Assert.Equal((byte)'\'', literal[0]);
        Assert.Equal((byte)'\'', literal[^1]);
        var value = new List<byte>();
        for (var i = 1; i < literal.Length - 1; i++)
        {
            Assert.NotEqual((byte)'\'', literal[i]);
            if (literal[i] != (byte)'\\')
                value.Add(literal[i]);
            else
                value.Add(literal[++i] == (byte)'0' ? (byte)0 : literal[i]);
        }

        return [.. value];
    }
}
