using System.Text;

namespace TiFerry.MySql.Protocol;

/// <summary>Reads OK, EOF and ERR packets.</summary>
internal static class ResponsePackets
{
    public static OkPacket ReadOk(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        var affectedRows = reader.ReadLengthEncodedInteger();
        var lastInsertId = reader.ReadLengthEncodedInteger();
        var status = reader.ReadUInt16();
        var warnings = reader.ReadUInt16();
        var info = ReadInfo(ref reader);
        return new OkPacket(affectedRows, lastInsertId, status, warnings, info);
    }

    public static OkPacket ReadEof(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        var warnings = reader.ReadUInt16();
        return new OkPacket(0, 0, reader.ReadUInt16(), warnings, Info: null);
    }

    public static OkPacket ReadEndOfRows(ReadOnlySpan<byte> payload, bool deprecateEof) => deprecateEof ? ReadOk(payload) : ReadEof(payload);

    public static MySqlServerException ReadErr(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        var code = reader.ReadUInt16();
        var state = "HY000"; // before authentication the server sends no state
        var message = reader.ReadRest();
        if (message.Length >= 6 && message[0] == '#')
        {
            state = Encoding.ASCII.GetString(message[1..6]);
            message = message[6..];
        }

        return new MySqlServerException(code, state, Encoding.UTF8.GetString(message));
    }

    /// <summary>Whether the server closes the connection after this error.</summary>
    public static bool EndsConnection(int code) => code switch
    {
        1053 => true, // server shutdown in progress
        1129 or 1130 or 1040 => true, // host blocked, host not allowed, too many connections
        >= 1152 and <= 1161 => true, // aborted connection, packet too large, network errors
        1927 => true, // MariaDB: connection was killed
        3169 => true, // session was killed
        4031 => true, // disconnected for inactivity
        _ => false,
    };

    // Without CLIENT_SESSION_TRACK the text takes the rest of the packet; MariaDB and MySQL from 5.7 on put its length in front.
    private static string? ReadInfo(ref PayloadReader reader)
    {
        var rest = reader.ReadRest();
        if (rest.IsEmpty)
            return null;
        if (rest[0] == rest.Length - 1)
            rest = rest[1..];
        return rest.IsEmpty ? null : Encoding.UTF8.GetString(rest);
    }
}
