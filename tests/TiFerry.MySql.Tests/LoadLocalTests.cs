using System.Text;
using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

[Collection(Servers.Name)]
public sealed class LoadLocalTests(ServerFixture servers)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, false)]
    [InlineData(ServerKind.MariaDb, true)]
    [InlineData(ServerKind.MySql56, false)]
    [InlineData(ServerKind.MySql97, true)]
    public async Task A_stream_is_loaded(ServerKind kind, bool compress)
    {
        await using var connection = await ConnectAsync(kind, allow: true, compress);
        var text = new StringBuilder();
        for (var i = 0; i < 200_000; i++)
            text.Append(i).Append("\trow number ").Append(i).Append('\n');

        var loaded = await connection.LoadLocalAsync("LOAD DATA LOCAL INFILE 'stream' INTO TABLE t", new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), None);

        Assert.Equal(200_000UL, loaded.AffectedRows);
        Assert.Equal(new string?[] { "200000", "19999900000" }, (await connection.QueryRowsAsync("SELECT COUNT(*), SUM(a) FROM t", None))[0]);
        var empty = await connection.LoadLocalAsync("LOAD DATA LOCAL INFILE 'stream' INTO TABLE t", Stream.Null, None);
        Assert.Equal(0UL, empty.AffectedRows);
        await connection.PingAsync(None);
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_no_rows_behind()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb, allow: true);
        await using var observer = await ConnectAsync(ServerKind.MariaDb, allow: false);
        var table = await connection.QueryScalarAsync("SELECT CONCAT(DATABASE(), '.t')", None);

        await Assert.ThrowsAsync<IOException>(async () => await connection.LoadLocalAsync("LOAD DATA LOCAL INFILE 'stream' INTO TABLE t", new FailingStream(), None));

        Assert.True(connection.IsBroken);
        Assert.Equal("0", await observer.QueryScalarAsync($"SELECT COUNT(*) FROM {table}", None));
    }

    [Fact]
    public async Task Without_permission_or_without_need_there_is_no_file()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb, allow: false);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.LoadLocalAsync("LOAD DATA LOCAL INFILE 'x' INTO TABLE t", Stream.Null, None));
        var refused = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.ExecuteAsync("LOAD DATA LOCAL INFILE 'x' INTO TABLE t", None));
        Assert.NotEqual(0, refused.Code);
        await connection.PingAsync(None);

        await using var allowed = await ConnectAsync(ServerKind.MariaDb, allow: true);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await allowed.LoadLocalAsync("INSERT INTO t VALUES (1, 'a')", Stream.Null, None));
        await allowed.PingAsync(None);
    }

    [Fact]
    public async Task A_statement_that_asks_for_a_file_outside_of_LoadLocal_gets_none()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb, allow: true);
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await connection.ExecuteAsync("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t", None));
        Assert.Equal(MySqlErrors.LocalInfileRefused, error.Code);
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_file_unasked_gets_an_empty_packet()
    {
        byte[]? answer = null;
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReadAsync();
            await peer.SendAsync([0xFB, .. "/etc/passwd"u8]);
            answer = await peer.ReadAsync();
            await peer.SendOkAsync();
            await peer.ReadAsync();
        });
        var connection = await MySqlConnection.ConnectAsync(server.Options, None);

        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await connection.QueryAsync("SELECT 1", None));

        Assert.Equal(MySqlErrors.LocalInfileRefused, error.Code);
        Assert.True(connection.IsBroken);
        Assert.Equal([], answer!);
        await connection.DisposeAsync();
    }

    private async Task<MySqlConnection> ConnectAsync(ServerKind kind, bool allow, bool compress = false)
    {
        var server = await servers.TargetAsync(kind);
        var database = ServerFixture.NewDatabaseName("load");
        var options = Servers.OptionsFor(server) with { AllowLoadLocal = allow, Compress = compress, InitStatements = ["SET GLOBAL local_infile = ON"] };
        var connection = await MySqlConnection.ConnectAsync(options, None);
        await connection.ExecuteAsync($"CREATE DATABASE {database}; USE {database}; CREATE TABLE t (a INT, b VARCHAR(40)) ENGINE = InnoDB", None);
        return connection;
    }

    private sealed class FailingStream : Stream
    {
        private int _reads;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_reads++ > 0)
                throw new IOException("the disk is gone");
            "1\ta\n2\tb\n"u8.CopyTo(buffer.AsSpan(offset));
            return 8;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
