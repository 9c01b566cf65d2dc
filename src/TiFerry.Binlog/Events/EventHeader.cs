using System.Buffers.Binary;

namespace TiFerry.Binlog.Events;

/// <summary>The nineteen bytes that every event of binlog version 4 starts with.</summary>
/// <param name="Timestamp">Seconds since 1970 at which the statement started on the source; 0 for artificial events.</param>
/// <param name="Type">What the event is.</param>
/// <param name="ServerId">The server that wrote the event first.</param>
/// <param name="EventSize">Bytes of the whole event: header, body and checksum.</param>
/// <param name="LogPos">Position of the byte after the event in its file; 0 for artificial events.</param>
/// <param name="Flags">See <see cref="ArtificialFlag"/> and <see cref="IgnorableFlag"/>.</param>
public readonly record struct EventHeader(uint Timestamp, EventType Type, uint ServerId, uint EventSize, uint LogPos, ushort Flags)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 19;

    /// <summary>LOG_EVENT_ARTIFICIAL_F: made up by the sending server, not in its file.</summary>
    public const ushort ArtificialFlag = 0x20;

    /// <summary>LOG_EVENT_IGNORABLE_F: a reader that does not know the type may pass over it.</summary>
    public const ushort IgnorableFlag = 0x80;

    /// <summary>Whether the event stands in no file.</summary>
    public bool IsArtificial => (Flags & ArtificialFlag) != 0;

    /// <summary>Whether a reader that does not know the type may pass over it.</summary>
    public bool IsIgnorable => (Flags & IgnorableFlag) != 0;

    /// <summary>Reads a header.</summary>
    /// <exception cref="Core.Errors.TiFerryException">Fewer than <see cref="Size"/> bytes.</exception>
    public static EventHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
            throw BinlogErrors.CorruptAt($"an event of {bytes.Length} bytes is shorter than its header");
        return new EventHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            (EventType)bytes[4],
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[13..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[17..]));
    }
}
