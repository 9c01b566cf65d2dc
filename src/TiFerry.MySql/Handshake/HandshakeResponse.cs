using System.Runtime.InteropServices;
using TiFerry.MySql.Protocol;

namespace TiFerry.MySql.Handshake;

/// <summary>Writes the client's packets <c>SSLRequest</c>, <c>HandshakeResponse41</c> and <c>COM_CHANGE_USER</c>.</summary>
internal static class HandshakeResponse
{
    /// <summary>utf8mb4_general_ci: known to every server from 5.5 on.</summary>
    public const byte Utf8Mb4GeneralCi = 45;

    private const uint MaxPayload = 1024 * 1024 * 1024;

    private const CapabilityFlags Needed = CapabilityFlags.Protocol41 | CapabilityFlags.SecureConnection | CapabilityFlags.PluginAuth;

    private const CapabilityFlags Wished =
        Needed | CapabilityFlags.LongPassword | CapabilityFlags.LongFlag | CapabilityFlags.Transactions |
        CapabilityFlags.MultiStatements | CapabilityFlags.MultiResults | CapabilityFlags.PreparedMultiResults |
        CapabilityFlags.ConnectAttributes | CapabilityFlags.PluginAuthLengthEncoded | CapabilityFlags.DeprecateEof;

    /// <summary>What both sides can do and this connection wants; TLS is decided apart.</summary>
    public static CapabilityFlags Agree(ServerGreeting greeting, MySqlConnectionOptions options)
    {
        if ((greeting.Capabilities & Needed) != Needed)
        {
            throw MySqlErrors.Create(
                MySqlErrors.ServerUnsupported,
                $"the server {options.EndPoint} ({greeting.VersionString}) is too old: it lacks protocol 4.1 or authentication plugins",
                "MySQL 5.6, MariaDB 10.0 or later is needed");
        }

        var wished = Wished;
        if (options.Database is not null)
            wished |= CapabilityFlags.ConnectWithDb;
        if (options.Compress)
            wished |= CapabilityFlags.Compress;
        if (options.AllowLoadLocal)
            wished |= CapabilityFlags.LocalFiles;
        // MariaDB leaves LongPassword out to make itself known; a client may send it all the same.
        return wished & (greeting.Capabilities | CapabilityFlags.LongPassword);
    }

    /// <summary>The fixed beginning alone asks for TLS.</summary>
    public static void WriteTlsRequest(SqlBuffer packet, CapabilityFlags capabilities)
    {
        packet.Clear();
        packet.AppendUInt32((uint)capabilities);
        packet.AppendUInt32(MaxPayload);
        packet.Append(Utf8Mb4GeneralCi);
        packet.AppendZeros(23);
    }

    public static void Write(SqlBuffer packet, CapabilityFlags capabilities, MySqlConnectionOptions options, ReadOnlySpan<byte> authentication, string plugin)
    {
        WriteTlsRequest(packet, capabilities);
        packet.AppendNullTerminated(options.User);
        if (capabilities.HasFlag(CapabilityFlags.PluginAuthLengthEncoded))
        {
            packet.AppendLengthEncoded(authentication);
        }
        else
        {
            packet.Append(checked((byte)authentication.Length));
            packet.Append(authentication);
        }

        if (options.Database is not null)
            packet.AppendNullTerminated(options.Database);
        packet.AppendNullTerminated(plugin);
        if (capabilities.HasFlag(CapabilityFlags.ConnectAttributes))
            WriteAttributes(packet, options);
    }

    public static void WriteChangeUser(
        SqlBuffer packet, CapabilityFlags capabilities, MySqlConnectionOptions options, ReadOnlySpan<byte> authentication, string plugin)
    {
        packet.Clear();
        packet.AppendNullTerminated(options.User);
        packet.Append(checked((byte)authentication.Length));
        packet.Append(authentication);
        packet.AppendNullTerminated(options.Database ?? "");
        packet.AppendUInt16(Utf8Mb4GeneralCi);
        packet.AppendNullTerminated(plugin);
        if (capabilities.HasFlag(CapabilityFlags.ConnectAttributes))
            WriteAttributes(packet, options);
    }

    private static void WriteAttributes(SqlBuffer packet, MySqlConnectionOptions options)
    {
        using var attributes = new SqlBuffer(256);
        WriteAttribute(attributes, "_client_name", "tiferry");
        WriteAttribute(attributes, "_client_version", typeof(HandshakeResponse).Assembly.GetName().Version?.ToString(3) ?? "");
        WriteAttribute(attributes, "_os", RuntimeInformation.OSDescription);
        WriteAttribute(attributes, "_platform", RuntimeInformation.ProcessArchitecture.ToString());
        WriteAttribute(attributes, "_pid", $"{Environment.ProcessId}");
        WriteAttribute(attributes, "program_name", options.ProgramName);
        if (options.Attributes is not null)
        {
            foreach (var (name, value) in options.Attributes)
                WriteAttribute(attributes, name, value);
        }

        packet.AppendLengthEncoded(attributes.WrittenSpan);
    }

    private static void WriteAttribute(SqlBuffer attributes, string name, string value)
    {
        attributes.AppendLengthEncoded(name);
        attributes.AppendLengthEncoded(value);
    }
}
