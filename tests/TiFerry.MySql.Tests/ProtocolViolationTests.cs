using TiFerry.MySql.Protocol;

namespace TiFerry.MySql.Tests;

/// <summary>What a broken or hostile server may send: never a wrong row, never a hang, always a closed connection.</summary>
public sealed class ProtocolViolationTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Column = [3, .. "def"u8, 0, 0, 0, 1, (byte)'c', 0, 12, 45, 0, 9, 0, 0, 0, 0xFD, 0, 0, 0, 0, 0];
    private static readonly byte[] Eof = [0xFE, 0, 0, 2, 0];

    [Theory]
    [InlineData(new byte[] { 5, 1, 2 })] // a field longer than its row
    [InlineData(new byte[] { })] // no field at all
    [InlineData(new byte[] { 1, 65, 66 })] // bytes left over
    [InlineData(new byte[] { 0xFC, 1 })] // a length cut off
    [InlineData(new byte[] { 0xFE, 255, 255, 255, 255, 255, 255, 255, 255, 1 })] // an absurd length
    public async Task A_row_that_does_not_hold_its_fields(byte[] row)
    {
        await using var server = Answering([1], Column, Eof, [1, 65], row);
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);
        var rows = await connection.QueryAsync("SELECT c", None);
        Assert.True(await rows.ReadAsync(None));
        Assert.Equal("A", rows.GetString(0));

        await Assert.ThrowsAsync<MySqlProtocolException>(async () => await rows.ReadAsync(None));
        Assert.True(connection.IsBroken);
        await rows.DisposeAsync();
    }

    [Fact]
    public async Task A_column_definition_that_ends_too_early()
    {
        await using var server = Answering([1], Column[..10]);
        await AssertViolationAsync(server);
    }

    [Fact]
    public async Task An_end_of_rows_where_a_result_is_expected()
    {
        await using var server = Answering(Eof);
        await AssertViolationAsync(server);
    }

    [Fact]
    public async Task An_absurd_number_of_columns()
    {
        await using var server = Answering([0xFD, 255, 255, 255]);
        await AssertViolationAsync(server);
    }

    [Fact]
    public async Task An_end_of_rows_that_ends_too_early()
    {
        await using var server = Answering([1], Column, Eof, [0xFE, 0]);
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);
        await using var rows = await connection.QueryAsync("SELECT c", None);
        await Assert.ThrowsAsync<MySqlProtocolException>(async () => await rows.ReadAsync(None));
        Assert.True(connection.IsBroken);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 })] // the bitmap, and no value
    [InlineData(new byte[] { 0, 0, 5, 1, 2 })] // a value longer than its row
    [InlineData(new byte[] { 0, 4, 1, 65 })] // NULL and a value all the same
    [InlineData(new byte[] { 1, 0, 1, 65 })] // another first byte
    [InlineData(new byte[] { 0, 0, 0xFF, 65 })] // no length at all
    public void A_binary_row_that_does_not_hold_its_fields(byte[] row) =>
        Assert.False(RowFields.TryLocateBinary(row, 0, [ColumnDefinition.Read(Column)], new int[2]));

    [Theory]
    [InlineData(new byte[] { 10, 0, 0, 1, 20, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })] // no zlib stream
    [InlineData(new byte[] { 11, 0, 0, 1, 5, 0, 0, 0x78, 0x9C, 0x4B, 0x04, 0x00, 0, 0x62, 0, 0x62, 0, 0 })] // a zlib stream of another length
    public async Task A_compressed_packet_that_cannot_be_opened(byte[] packet)
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync(0x20);
            await peer.ReadAsync();
            await peer.SendRawAsync(packet);
            await peer.NeverAsync();
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options with { Compress = true }, None);
        await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.QueryAsync("SELECT 1", None));
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task A_packet_out_of_order()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReadAsync();
            peer.Sequence = 5;
            await peer.SendOkAsync();
            await peer.ReadAsync();
        });
        await AssertViolationAsync(server);
    }

    [Fact]
    public async Task A_farewell_sent_while_idle_is_reported_with_the_next_statement()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            peer.Sequence = 0;
            await peer.SendAsync([0xFF, 0xBF, 0x0F, .. "#HY000The client was disconnected by the server because of inactivity."u8]);
            await peer.ReadAsync();
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);

        var error = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.ExecuteAsync("SELECT 1", None));
        Assert.Equal(4031, error.Code);
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task A_stream_that_ends_in_the_middle_of_a_row()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReadAsync();
            foreach (var payload in new[] { [1], Column, Eof })
                await peer.SendAsync(payload);
            await peer.SendRawAsync([10, 0, 0, peer.Sequence, 9, 65, 66]);
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);
        await using var rows = await connection.QueryAsync("SELECT c", None);

        await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await rows.ReadAsync(None));
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task Something_that_is_no_MySQL_server()
    {
        await using var server = new FakeServer(peer => peer.SendRawAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()));
        var error = await Record.ExceptionAsync(async () => await MySqlConnection.ConnectAsync(server.Options, None));
        Assert.True(error is MySqlProtocolException or MySqlConnectionLostException, $"{error}");
    }

    [Fact]
    public async Task Another_protocol_version()
    {
        await using var server = new FakeServer(peer => peer.SendAsync([9, .. "3.20\0"u8]));
        var error = await Assert.ThrowsAsync<MySqlProtocolException>(async () => await MySqlConnection.ConnectAsync(server.Options, None));
        Assert.Contains("version 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_arrive_whole_however_they_are_cut()
    {
        var stream = new List<byte>();
        byte sequence = 1;
        void Packet(byte[] payload) => stream.AddRange([(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), sequence++, .. payload]);
        Packet([1]);
        Packet(Column);
        Packet(Eof);
        var random = new Random(11);
        var lengths = Enumerable.Range(0, 600).Select(i => i % 50 == 7 ? random.Next(300_000) : random.Next(250)).ToArray();
        foreach (var length in lengths)
        {
            byte[] prefix = length < 0xFB ? [(byte)length] : length < 0x10000 ? [0xFC, (byte)length, (byte)(length >> 8)] : [0xFD, (byte)length, (byte)(length >> 8), (byte)(length >> 16)];
            Packet([.. prefix, .. Enumerable.Repeat((byte)length, length)]);
        }

        Packet(Eof);
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReadAsync();
            var bytes = stream.ToArray();
            for (var at = 0; at < bytes.Length;)
            {
                var part = Math.Min(random.Next(4) == 0 ? random.Next(1, 8) : random.Next(1, 100_000), bytes.Length - at);
                await peer.SendRawAsync(bytes[at..(at + part)]);
                at += part;
            }

            await peer.ReadAsync();
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);
        await using var rows = await connection.QueryAsync("SELECT c", None);
        foreach (var length in lengths)
        {
            Assert.True(await rows.ReadAsync(None));
            Assert.Equal(length, rows.GetSpan(0).Length);
            Assert.Equal(-1, rows.GetSpan(0).IndexOfAnyExcept((byte)length));
        }

        Assert.False(await rows.ReadAsync(None));
    }

    private static FakeServer Answering(params byte[][] payloads) => new(async peer =>
    {
        await peer.WelcomeAsync();
        await peer.ReadAsync();
        foreach (var payload in payloads)
            await peer.SendAsync(payload);
        await peer.ReadAsync();
    });

    private static async Task AssertViolationAsync(FakeServer server)
    {
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);
        await Assert.ThrowsAsync<MySqlProtocolException>(async () => await connection.QueryAsync("SELECT 1", None));
        Assert.True(connection.IsBroken);
        await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.PingAsync(None));
    }
}
