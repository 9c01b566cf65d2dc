using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TiFerry.Binlog.Checksums;

/// <summary>
/// CRC-32/ISO-HDLC, the checksum at the end of each event when <c>binlog_checksum=CRC32</c>.
/// Long inputs are folded with carry-less multiplication where the processor has it (Gopal et al., "Fast CRC Computation for Generic
/// Polynomials Using PCLMULQDQ Instruction", Intel 2009), the rest goes through sixteen tables.
/// </summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 16;
    private static readonly uint[] Tables = BuildTables();

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        if (Pclmulqdq.IsSupported && data.Length >= 128)
            crc = Fold(crc, ref data);
        return ~Tabulate(crc, data);
    }

    /// <summary>Replaces all but the last bytes of the data by their sixteen-byte remainder and returns the register after it.</summary>
    private static uint Fold(uint crc, ref ReadOnlySpan<byte> data)
    {
        // x^(512+64), x^512, x^(128+64) and x^128 modulo the polynomial, bit-reflected.
        var foldBy64 = Vector128.Create(0x154442bd4ul, 0x1c6e41596ul);
        var foldBy16 = Vector128.Create(0x1751997d0ul, 0x0ccaa009eul);

        ref var source = ref MemoryMarshal.GetReference(data);
        var position = 64;
        var x0 = Load(ref source, 0) ^ Vector128.CreateScalar((ulong)crc);
        var x1 = Load(ref source, 16);
        var x2 = Load(ref source, 32);
        var x3 = Load(ref source, 48);
        for (; position + 64 <= data.Length; position += 64)
        {
            x0 = Multiply(x0, foldBy64) ^ Load(ref source, position);
            x1 = Multiply(x1, foldBy64) ^ Load(ref source, position + 16);
            x2 = Multiply(x2, foldBy64) ^ Load(ref source, position + 32);
            x3 = Multiply(x3, foldBy64) ^ Load(ref source, position + 48);
        }

        x0 = Multiply(x0, foldBy16) ^ x1;
        x0 = Multiply(x0, foldBy16) ^ x2;
        x0 = Multiply(x0, foldBy16) ^ x3;
        for (; position + 16 <= data.Length; position += 16)
            x0 = Multiply(x0, foldBy16) ^ Load(ref source, position);

        data = data[position..];
        Span<byte> remainder = stackalloc byte[16];
        x0.AsByte().CopyTo(remainder);
        return Tabulate(0, remainder);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ref byte source, int offset) =>
        Vector128.LoadUnsafe(ref source, (nuint)offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> constants) =>
        Pclmulqdq.CarrylessMultiply(value, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, constants, 0x11);

    private static uint Tabulate(uint crc, ReadOnlySpan<byte> data)
    {
        var t = Tables.AsSpan();
        while (data.Length >= Slices)
        {
            var a = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var b = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            var c = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
            var d = BinaryPrimitives.ReadUInt32LittleEndian(data[12..]);
            crc = t[(15 << 8) + (byte)a] ^ t[(14 << 8) + (byte)(a >> 8)] ^ t[(13 << 8) + (byte)(a >> 16)] ^ t[(12 << 8) + (int)(a >> 24)]
                ^ t[(11 << 8) + (byte)b] ^ t[(10 << 8) + (byte)(b >> 8)] ^ t[(9 << 8) + (byte)(b >> 16)] ^ t[(8 << 8) + (int)(b >> 24)]
                ^ t[(7 << 8) + (byte)c] ^ t[(6 << 8) + (byte)(c >> 8)] ^ t[(5 << 8) + (byte)(c >> 16)] ^ t[(4 << 8) + (int)(c >> 24)]
                ^ t[(3 << 8) + (byte)d] ^ t[(2 << 8) + (byte)(d >> 8)] ^ t[(1 << 8) + (byte)(d >> 16)] ^ t[(int)(d >> 24)];
            data = data[Slices..];
        }

        foreach (var b in data)
            crc = t[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] BuildTables()
    {
        var tables = new uint[Slices * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++)
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        return tables;
    }
}
