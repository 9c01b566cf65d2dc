using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Relay;

/// <summary>A server, and a relay log of it that is written while asked to.</summary>
internal sealed class RelayedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static int _lastReplicaId = 80_000;
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;

    private RelayedServer(TestServer server, string path)
    {
        Server = server;
        Directory = new RelayDirectory(path);
        Options = new RelayLogOptions
        {
            Connection = server.ConnectionOptions,
            Directory = Directory,
            ServerId = (uint)Interlocked.Increment(ref _lastReplicaId),
            Start = BinlogStart.At(new BinlogPosition("binlog.000001", BinlogPosition.FirstEvent)),
        };
        Log = new RelayLog(Options);
    }

    public TestServer Server { get; }

    public RelayDirectory Directory { get; }

    public RelayLogOptions Options { get; }

    public RelayLog Log { get; private set; }

    public MySqlConnection Connection { get; private set; } = null!;

    public static async Task<RelayedServer> StartAsync(ServerKind kind, params string[] options)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        var server = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind, gtid: true), .. options]);
        var relayed = new RelayedServer(server, System.IO.Directory.CreateTempSubdirectory("tiferry-relay").FullName);
        relayed.Connection = await server.ConnectAsync();
        return relayed;
    }

    public void Start(RelayLogOptions? options = null)
    {
        Log = new RelayLog(options ?? Options);
        _stop = new CancellationTokenSource();
        _running = Log.RunAsync(_stop.Token);
    }

    /// <summary>Ends the writer; its failure, if any, is thrown.</summary>
    public async Task StopAsync()
    {
        await _stop!.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    public Task<T> FailsAsync<T>()
        where T : Exception => Assert.ThrowsAsync<T>(() => _running.WaitAsync(Patience));

    /// <summary>Waits until the relay log holds all that the source has.</summary>
    public async Task CatchUpAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!(await Log.GetProgressAsync(deadline.Token)).IsCaughtUp)
        {
            if (_running.IsCompleted)
                await _running;
            await Task.Delay(10, deadline.Token);
        }
    }

    public async Task ExecuteAsync(params string[] statements)
    {
        foreach (var statement in statements)
            await Connection.ExecuteAsync(statement, default);
    }

    public async Task ReconnectAsync()
    {
        await Connection.DisposeAsync();
        Connection = await Server.ConnectAsync();
    }

    public RelayReaderOptions From(BinlogStart start) => new() { Directory = Directory, Start = start };

    public RelayReaderOptions FromFirst() => From(BinlogStart.At(new BinlogPosition("binlog.000001", BinlogPosition.FirstEvent)));

    /// <summary>The relay log's files; all of one sub-directory.</summary>
    public List<string> Files(int subDirectory = 0)
    {
        var sub = Directory.ReadIndex()[subDirectory];
        return Directory.Files(sub).ConvertAll(f => Directory.PathOf(sub, f));
    }

    /// <summary>Waits until every file is the server's own, to the byte. MariaDB adds an event on its own now and then (BINLOG_CHECKPOINT).</summary>
    public async Task BecomesSameAsSourceAsync(int atLeast)
    {
        await CatchUpAsync();
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (FindDifference(atLeast) is { } difference)
        {
            Assert.True(Environment.TickCount64 < deadline, difference);
            await Task.Delay(10);
        }
    }

    private string? FindDifference(int atLeast)
    {
        var files = Files();
        var sources = System.IO.Directory.GetFiles(Server.DataDirectory, "binlog.0*").Order(StringComparer.Ordinal).ToArray();
        if (files.Count < atLeast || !sources.Select(Path.GetFileName).SequenceEqual(files.Select(Path.GetFileName)))
            return $"the files are {string.Join(", ", files)}";
        foreach (var (source, file) in sources.Zip(files))
        {
            var (expected, actual) = (File.ReadAllBytes(source), File.ReadAllBytes(file));
            var at = expected.AsSpan().CommonPrefixLength(actual);
            if (at < expected.Length || at < actual.Length)
                return $"{file} ({actual.Length} bytes) differs from {source} ({expected.Length} bytes) at {at}";
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop is not null)
            await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
        System.IO.Directory.Delete(Directory.FullPath, recursive: true);
    }
}
