using System.Text;
using TiFerry.MySql.Authentication;
using TiFerry.MySql.Protocol;

namespace TiFerry.MySql.Handshake;

/// <summary>The server's first packet, <c>HandshakeV10</c>.</summary>
internal sealed class ServerGreeting
{
    private const int FirstScramblePart = 8;

    public required string VersionString { get; init; }

    public required uint ConnectionId { get; init; }

    public required CapabilityFlags Capabilities { get; init; }

    /// <summary>The random bytes that passwords are mixed with.</summary>
    public required byte[] Scramble { get; init; }

    /// <summary>The authentication that the server would start with; empty where it names none.</summary>
    public required string AuthenticationPlugin { get; init; }

    public static ServerGreeting Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var version = reader.ReadByte();
        if (version != 10)
            throw new MySqlProtocolException($"the server speaks protocol version {version}, not 10; it may not be a MySQL server (X protocol port?)");

        var versionString = Encoding.UTF8.GetString(reader.ReadNullTerminatedBytes());
        var connectionId = reader.ReadUInt32();
        var scramble = new byte[Scrambles.Length];
        reader.ReadBytes(FirstScramblePart).CopyTo(scramble);
        reader.ReadByte();
        var capabilities = (uint)reader.ReadUInt16();
        var plugin = "";
        if (reader.Remaining > 0)
        {
            reader.ReadByte(); // default collation
            reader.ReadUInt16(); // status
            capabilities |= (uint)reader.ReadUInt16() << 16;
            reader.ReadByte(); // length of the scramble, always 21
            reader.ReadBytes(10); // reserved; MariaDB's extended capabilities, none of which is used
            var second = reader.ReadBytes(Math.Min(reader.Remaining, Scrambles.Length - FirstScramblePart + 1));
            second[..Math.Min(second.Length, Scrambles.Length - FirstScramblePart)].CopyTo(scramble.AsSpan(FirstScramblePart));
            plugin = Encoding.ASCII.GetString(reader.ReadNullTerminatedBytes());
        }

        return new ServerGreeting
        {
            VersionString = versionString,
            ConnectionId = connectionId,
            Capabilities = (CapabilityFlags)capabilities,
            Scramble = scramble,
            AuthenticationPlugin = plugin,
        };
    }
}
