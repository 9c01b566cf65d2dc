using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>Where a file that was being written when its writer died can be gone on with.</summary>
/// <param name="End">After the last whole and undamaged event; 4 when there is none.</param>
/// <param name="Length">Bytes in the file; what is behind <paramref name="End"/> is to be cut off.</param>
/// <param name="LastEvent">The start of that event; 4 when there is none.</param>
internal readonly record struct RelayFileTail(long End, long Length, long LastEvent)
{
    /// <summary>Goes through a file and verifies each event.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inspector">Takes notice of the events.</param>
    /// <param name="upTo">Stop at the first event that ends behind this place.</param>
    public static RelayFileTail Find(string path, EventInspector inspector, long upTo = long.MaxValue)
    {
        var end = (long)BinlogPosition.FirstEvent;
        var length = new FileInfo(path).Length;
        var last = end;
        if (length < end)
            return new RelayFileTail(end, length, last);
        try
        {
            using var reader = BinlogFileReader.Open(path, parser: null, isGrowing: true);
            while (reader.Position < upTo && reader.TryReadRaw(out var raw) && reader.Position <= upTo)
            {
                var header = EventHeader.Read(raw.Span);
                // What a failing disk leaves may look like an event where there are no checksums.
                if (header.LogPos != (uint)reader.Position)
                    break;
                inspector.Inspect(raw);
                last = end;
                end = reader.Position;
            }
        }
        catch (Exception e) when (e is TiFerryException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // Damaged, or what damage makes look unsupported: from here on the file is read anew.
        }

        return new RelayFileTail(end, length, last);
    }
}
