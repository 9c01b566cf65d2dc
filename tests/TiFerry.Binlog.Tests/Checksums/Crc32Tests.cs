using TiFerry.Binlog.Checksums;

namespace TiFerry.Binlog.Tests.Checksums;

public sealed class Crc32Tests
{
    /// <summary>The check value of CRC-32/ISO-HDLC.</summary>
    [Fact]
    public void Check_value() => Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));

    [Fact]
    public void Nothing_is_zero() => Assert.Equal(0u, Crc32.Compute([]));

    /// <summary>Every length up to 1,000 takes another way through folding, tables and single bytes.</summary>
    [Fact]
    public void Every_length_agrees_with_bit_by_bit_division()
    {
        var data = new byte[1000];
        new Random(42).NextBytes(data);
        var crc = uint.MaxValue;
        for (var length = 0; length < data.Length; length++)
        {
            Assert.Equal(~crc, Crc32.Compute(data.AsSpan(0, length)));
            crc ^= data[length];
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
    }
}
