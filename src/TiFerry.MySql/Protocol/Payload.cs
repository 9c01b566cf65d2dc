namespace TiFerry.MySql.Protocol;

/// <summary>What the first byte of a payload says.</summary>
internal static class Payload
{
    public const byte Ok = 0x00;
    public const byte AuthMoreData = 0x01;
    public const byte LocalInfile = 0xFB;
    public const byte Eof = 0xFE;
    public const byte Err = 0xFF;

    /// <summary>The greatest length of one packet; a payload of this length or more goes on in the next one.</summary>
    public const int MaxPacketLength = 0xFFFFFF;

    public static bool IsErr(ReadOnlySpan<byte> payload) => payload.Length > 0 && payload[0] == Err;

    /// <summary>An EOF packet; a row can begin with the same byte, but is longer.</summary>
    public static bool IsEof(ReadOnlySpan<byte> payload) => payload.Length is > 0 and < 9 && payload[0] == Eof;

    /// <summary>The end of the rows: an EOF packet, or with CLIENT_DEPRECATE_EOF an OK packet with EOF's first byte.</summary>
    public static bool IsEndOfRows(ReadOnlySpan<byte> payload, bool deprecateEof) =>
        payload.Length > 0 && payload[0] == Eof && payload.Length < (deprecateEof ? MaxPacketLength : 9);
}
