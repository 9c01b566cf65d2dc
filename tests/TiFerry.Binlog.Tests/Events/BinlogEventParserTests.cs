using System.Buffers;
using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using static TiFerry.Binlog.Tests.Events.EventBytes;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>Events that no server at hand writes on request, and damage.</summary>
public sealed class BinlogEventParserTests
{
    /// <summary>Without the optional fields 7 (original commit time) and 10 (original server version).</summary>
    [Fact]
    public void Tagged_gtid_without_optional_fields()
    {
        var fields = new SerializedFields();
        fields.Add(0).Add(1);
        fields.Add(1);
        for (var i = 0ul; i < 16; i++)
            fields.Add(0xF0 + i);
        fields.Add(2).AddSigned(long.MaxValue - 1);
        fields.Add(3).Add(4).AddBytes("tag1"u8);
        fields.Add(4).AddSigned(-1);
        fields.Add(5).AddSigned(70_000);
        fields.Add(6).Add(1_700_000_000_123_456);
        fields.Add(8).Add(ulong.MaxValue);
        fields.Add(9).Add(90_700);
        var gtid = Assert.IsType<GtidEvent>(Parser("9.7.0").Parse(Event(EventType.GtidTagged, fields.ToMessage())));
        Assert.Equal(new MySqlGtid(Guid.Parse("f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff"), "tag1", long.MaxValue - 1), gtid.Gtid);
        Assert.True(gtid.MayHaveStatements);
        Assert.Equal(-1, gtid.LastCommitted);
        Assert.Equal(70_000, gtid.SequenceNumber);
        Assert.Equal(1_700_000_000_123_456ul, gtid.ImmediateCommitTimestamp);
        Assert.Equal(1_700_000_000_123_456ul, gtid.OriginalCommitTimestamp);
        Assert.Equal(ulong.MaxValue, gtid.TransactionLength);
        Assert.Equal(90_700u, gtid.ImmediateServerVersion);
        Assert.Equal(90_700u, gtid.OriginalServerVersion);
    }

    [Fact]
    public void Heartbeat_version_2_carries_64_bits_of_position()
    {
        var body = Hex("01 0d 62696e6c6f672e303030303031 02 09 fe 0000000002000000 00");
        var heartbeat = Assert.IsType<HeartbeatEvent>(Parser().Parse(Event(EventType.HeartbeatV2, body)));
        Assert.Equal("binlog.000001", heartbeat.File);
        Assert.Equal(0x2_0000_0000ul, heartbeat.Position);
    }

    [Fact]
    public void Xa_prepare()
    {
        var xa = Assert.IsType<XaPrepareEvent>(Parser().Parse(Event(EventType.XaPrepare, Hex("01 01000000 02000000 01000000 6162 63"))));
        Assert.True(xa.IsOnePhase);
        Assert.Equal(1u, xa.FormatId);
        Assert.Equal("ab", Encoding.ASCII.GetString(xa.GlobalId));
        Assert.Equal("c", Encoding.ASCII.GetString(xa.BranchId));
    }

    [Fact]
    public void Incident()
    {
        var incident = Assert.IsType<IncidentEvent>(Parser().Parse(Event(EventType.Incident, Hex("0100 04 6c6f7374"))));
        Assert.Equal(1, incident.Incident);
        Assert.Equal("lost", incident.Message);
    }

    [Fact]
    public void Previous_gtids()
    {
        var set = MySqlGtidSet.Parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:9");
        var e = Assert.IsType<PreviousGtidsEvent>(Parser().Parse(Event(EventType.PreviousGtids, set.Encode())));
        Assert.Equal(set, e.ToGtidSet());
    }

    [Fact]
    public void An_uncompressed_payload_is_opened()
    {
        var inner = Event(EventType.Xid, Hex("0500000000000000"), logPos: 0).Concat(Event(EventType.IntVar, Hex("020700000000000000"), logPos: 0)).ToArray();
        byte[] body = [1, 1, (byte)inner.Length, 2, 3, 0xFC, 255, 0, 0, .. inner];
        var parser = Parser();
        var payload = Assert.IsType<TransactionPayloadEvent>(parser.Parse(Event(EventType.TransactionPayload, body, logPos: 4711)));
        Assert.False(payload.IsCompressed);
        Assert.True(parser.TryParseInner(out var first));
        Assert.Equal(5ul, Assert.IsType<XidEvent>(first).Xid);
        Assert.Equal(4711u, first!.Header.LogPos);
        Assert.True(first.IsFromPayload);
        Assert.True(parser.TryParseInner(out var second));
        Assert.Equal(7ul, Assert.IsType<IntVarEvent>(second).Value);
        Assert.False(parser.TryParseInner(out _));
    }

    [Fact]
    public void An_unknown_event_stops_with_type_and_position()
    {
        var error = Assert.Throws<TiFerryException>(() => Parser().Parse(Event((EventType)99, [1, 2, 3], logPos: 4711)));
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Contains("4711", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_ignorable_event_is_passed_over()
    {
        var e = Assert.IsType<UninterpretedEvent>(Parser().Parse(Event((EventType)99, [1, 2, 3], EventHeader.IgnorableFlag)));
        Assert.Equal([1, 2, 3], e.Body.ToArray());
    }

    [Fact]
    public void An_encrypted_binlog_is_refused() =>
        Assert.Contains("encrypted", Assert.Throws<TiFerryException>(() => Parser("10.11.6-MariaDB").Parse(Event(EventType.MariaDbStartEncryption, new byte[17]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_wrong_checksum_stops_with_the_position()
    {
        var parser = Parser(checksums: true);
        var good = WithChecksum(Event(EventType.Xid, new byte[12], logPos: 4711));
        Assert.IsType<XidEvent>(parser.Parse(good));
        for (var i = EventHeader.Size; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 1;
            var error = Assert.Throws<TiFerryException>(() => parser.Parse(bad));
            Assert.Contains("4711", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_without_their_table_map_are_refused()
    {
        var parser = Parser();
        var map = TableMap(5, "t", [1], [], 0);
        var rows = Event(EventType.WriteRows, Hex("050000000000 0100 0200 01 ff 00 07"));
        parser.Parse(map);
        Assert.IsType<RowsEvent>(parser.Parse(rows));
        // The statement has ended: the number means nothing any more.
        Assert.Throws<TiFerryException>(() => parser.Parse(rows));
        Assert.Throws<TiFerryException>(() => parser.Parse(Event(EventType.WriteRows, Hex("060000000000 0100 0200 01 ff 00 07"))));
    }

    [Fact]
    public void The_same_table_map_gives_the_same_object()
    {
        var parser = Parser();
        var first = parser.Parse(TableMap(5, "t", [1], [], 0));
        Assert.Same(first, parser.Parse(TableMap(5, "t", [1], [], 0)));
        Assert.NotSame(first, parser.Parse(TableMap(5, "t", [2], [], 0)));
        Assert.NotSame(first, parser.Parse(TableMap(6, "t", [1], [], 0)));
    }

    [Fact]
    public void Rows_that_go_beyond_the_event_are_refused()
    {
        var parser = Parser();
        parser.Parse(TableMap(5, "t", [15, 3], Hex("0a00"), 0));
        foreach (var image in (string[])["00", "00 05 61", "00 01 61 0102", "00 00 01020304 00"])
        {
            parser.Parse(TableMap(5, "t", [15, 3], Hex("0a00"), 0));
            var rows = Assert.IsType<RowsEvent>(parser.Parse(Event(EventType.WriteRows, Hex("050000000000 0100 0200 02 ff" + image))));
            Assert.Throws<TiFerryException>(() => rows.CountRows());
        }
    }

    [Fact]
    public void A_char_of_more_than_255_bytes_hides_its_length_in_the_type()
    {
        var parser = Parser();
        // CHAR(255) in utf8mb4: 1020 bytes = 0x3FC; bits 8 and 9 are inverted in bits 4 and 5 of the type 0xFE.
        var map = Assert.IsType<TableMapEvent>(parser.Parse(TableMap(5, "t", [254], Hex("ce fc"), 0)));
        Assert.Equal(BinlogColumnType.String, map.Columns[0].Type);
        Assert.Equal(1020, map.Columns[0].Meta);
        var rows = Assert.IsType<RowsEvent>(parser.Parse(Event(EventType.WriteRows, Hex("050000000000 0100 0200 01 ff 00 0200 6162"))));
        foreach (var row in rows)
        {
            var reader = new RowImageReader(map, rows.AfterColumns, row.After);
            Assert.True(reader.Read());
            Assert.Equal("ab", Encoding.ASCII.GetString(reader.Value.AsBytes()));
        }
    }

    [Fact]
    public void A_partial_json_update_is_given_whole()
    {
        // {"a": 1, "b": [2, "x"]} as MySQL stores it, and its changes: $.a = 3, insert $.b[1] = true, remove $.b[0], insert $."c d" = null.
        var document = Hex("00 0200 2000 1200 0100 1300 0100 05 0100 02 1400 61 62 0200 0c00 05 0200 0c 0a00 01 78");
        var parser = Parser();
        parser.Parse(TableMap(5, "t", [1, 245], Hex("04"), 0));
        var change = new List<byte>();
        AddChange(change, 0, "$.a", Hex("05 0300"));
        AddChange(change, 1, "$.b[1]", Hex("04 01"));
        AddChange(change, 2, "$.b[0]", null);
        AddChange(change, 1, "$.\"c d\"", Hex("04 00"));
        byte[] image =
        [
            .. Hex("050000000000 0100 0200 02 ff ff"),
            0, 7, .. BitConverter.GetBytes(document.Length), .. document,
            1, 1, 0, 8, .. BitConverter.GetBytes(change.Count), .. change,
        ];
        var rows = Assert.IsType<RowsEvent>(parser.Parse(Event(EventType.PartialUpdateRows, image)));
        var texts = new List<string>();
        foreach (var row in rows)
        {
            texts.Add(Json(rows, rows.BeforeColumns, row.Before));
            texts.Add(Json(rows, rows.AfterColumns, row.After));
        }

        Assert.Equal(["{\"a\": 1, \"b\": [2, \"x\"]}", "{\"a\": 3, \"b\": [true, \"x\"], \"c d\": null}"], texts);
    }

    private static string Json(RowsEvent rows, ColumnBitmap columns, ReadOnlySpan<byte> image)
    {
        var reader = new RowImageReader(rows.TableMap, columns, image);
        Assert.True(reader.Read() && reader.Read());
        var writer = new ArrayBufferWriter<byte>();
        reader.Value.WriteText(writer, unsigned: false);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }

    private static void AddChange(List<byte> changes, byte operation, string path, byte[]? value)
    {
        changes.Add(operation);
        changes.Add((byte)path.Length);
        changes.AddRange(Encoding.UTF8.GetBytes(path));
        if (value is null)
            return;
        changes.Add((byte)value.Length);
        changes.AddRange(value);
    }

    private static byte[] TableMap(byte id, string table, byte[] types, byte[] metadata, byte nullable)
    {
        byte[] body =
        [
            id, 0, 0, 0, 0, 0, 1, 0,
            1, (byte)'d', 0, (byte)table.Length, .. Encoding.ASCII.GetBytes(table), 0,
            (byte)types.Length, .. types, (byte)metadata.Length, .. metadata, nullable,
        ];
        return Event(EventType.TableMap, body);
    }
}
