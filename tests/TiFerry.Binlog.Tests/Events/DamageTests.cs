using System.Buffers;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.TestServers;
using TiFerry.TestServers.Zoo;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>Damaged events without checksums: whatever the bytes are, the answer is a value or an error that says so.</summary>
public sealed class DamageTests
{
    private const int ChangesPerEvent = 12;

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Every_damage_is_an_error_of_ours_or_another_value(ServerKind kind)
    {
        var events = await RecordAsync(kind);
        var random = new Random(20240229);
        var writer = new ArrayBufferWriter<byte>();
        var refused = 0;
        for (var i = 0; i < events.Count; i++)
        {
            for (var change = 0; change < ChangesPerEvent; change++)
            {
                using var parser = new BinlogEventParser { OldTemporalPrecision = static (_, _) => 0 };
                var damaged = events[i].ToArray();
                if (damaged.Length <= EventHeader.Size || (EventType)damaged[4] == EventType.FormatDescription)
                    continue;
                damaged[random.Next(EventHeader.Size, Math.Min(damaged.Length, EventHeader.Size + 200))] = (byte)random.Next(256);
                try
                {
                    parser.Parse(events[0]);
                    // A rows event needs the table maps before it.
                    for (var before = Math.Max(1, i - 3); before < i; before++)
                        Read(parser, events[before], writer);
                    Read(parser, damaged, writer);
                }
                catch (TiFerryException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 0);
    }

    private static void Read(BinlogEventParser parser, byte[] raw, ArrayBufferWriter<byte> writer)
    {
        See(parser.Parse(raw), writer);
        while (parser.TryParseInner(out var inner))
            See(inner!, writer);
    }

    private static void See(BinlogEvent e, ArrayBufferWriter<byte> writer)
    {
        if (e is not RowsEvent rows)
            return;
        foreach (var row in rows)
        {
            See(new RowImageReader(rows.TableMap, rows.BeforeColumns, row.Before), row.Before.IsEmpty, writer);
            See(new RowImageReader(rows.TableMap, rows.AfterColumns, row.After), row.After.IsEmpty, writer);
        }
    }

    private static void See(RowImageReader reader, bool isEmpty, ArrayBufferWriter<byte> writer)
    {
        while (!isEmpty && reader.Read())
        {
            writer.ResetWrittenCount();
            if (!reader.IsNull)
                reader.Value.WriteText(writer, unsigned: true);
        }
    }

    /// <summary>The events of small zoo tables, as bytes; the first is the format description.</summary>
    private static async Task<List<byte[]>> RecordAsync(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(
            kind, kind == ServerKind.MariaDb ? ["--binlog-checksum=NONE", "--log-bin-compress=ON", "--log-bin-compress-min-len=10"] : ["--binlog-checksum=NONE"]);
        await log.ExecuteAsync([.. TableZoo.Session, .. TableZoo.Database("zoo")]);
        foreach (var entry in TableZoo.Statements(kind))
        {
            foreach (var statement in entry.Create.Concat(entry.Inserts).Concat(entry.Changes))
                await log.Connection.ExecuteAsync(statement, default);
        }

        var events = new List<byte[]>();
        await log.ReadAsync(e =>
        {
            if (!e.IsFromPayload && e.Raw.Length < 4000)
                events.Add(e.Raw.ToArray());
        });
        return events;
    }
}
