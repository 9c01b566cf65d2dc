using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Dm.Worker.Stages;
using TiFerry.TestServers;

namespace TiFerry.Dm.Tests.Worker.Sources;

[Collection(Servers.Name)]
public sealed class SourceRelayTests(ServerFixture servers) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private BinlogPosition? _needed;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ItCatchesUpPausesAndGoesOn()
    {
        var server = await servers.SourceAsync();
        await using var probe = new SourceProbe(server.ConnectionOptions);
        await using var relay = NewRelay(server, "w1");
        Assert.Equal(Stage.New, relay.Status(null).Stage);
        await relay.ResumeAsync();
        await CaughtUpAsync(relay, probe);
        await relay.PauseAsync();
        Assert.Equal(Stage.Paused, relay.Status(null).Stage);
        var database = ServerFixture.NewDatabaseName();
        await server.RunAsync($"CREATE DATABASE {database}", $"CREATE TABLE {database}.t (a INT PRIMARY KEY)", $"INSERT INTO {database}.t VALUES (1)");
        var (end, _) = await probe.AskAsync(CancellationToken.None);
        Assert.False(relay.Status(end).RelayCatchUpMaster);
        await relay.ResumeAsync();
        await CaughtUpAsync(relay, probe);
        var status = relay.Status((await probe.AskAsync(CancellationToken.None)).End);
        Assert.StartsWith("(binlog.", status.RelayBinlog, StringComparison.Ordinal);
        Assert.Equal(status.MasterBinlog, status.RelayBinlog);
        Assert.NotEmpty(status.RelayBinlogGtid);
    }

    [Fact]
    public async Task SeveralWorkersPullFromOneSource()
    {
        var server = await servers.SourceAsync();
        await using var probe = new SourceProbe(server.ConnectionOptions);
        await using var first = NewRelay(server, "w1");
        await using var second = NewRelay(server, "w2");
        await first.ResumeAsync();
        await second.ResumeAsync();
        for (var i = 0; i < 3; i++)
        {
            await server.RunAsync("FLUSH BINARY LOGS");
            await CaughtUpAsync(first, probe);
            await CaughtUpAsync(second, probe);
        }
        Assert.Equal((0, 0), first.Failures);
        Assert.Equal((0, 0), second.Failures);
    }

    [Fact]
    public async Task WhatATaskNeedsIsNotPurged()
    {
        var server = await servers.SourceAsync();
        await using var probe = new SourceProbe(server.ConnectionOptions);
        await using var relay = NewRelay(server, "w1");
        await relay.ResumeAsync();
        await CaughtUpAsync(relay, probe);
        _needed = relay.Written.Position;
        for (var i = 0; i < 3; i++)
            await server.RunAsync("FLUSH BINARY LOGS");
        await CaughtUpAsync(relay, probe);
        Assert.Empty(await relay.PurgeAsync(new PurgeRelayRequest { Inactive = true }, CancellationToken.None));
        _needed = null;
        var newest = relay.Written.Position!.Value.File;
        Assert.Equal(3, (await relay.PurgeAsync(new PurgeRelayRequest { Filename = newest }, CancellationToken.None)).Count);
        var refusal = await Assert.ThrowsAsync<TiFerryException>(() => relay.PurgeAsync(new PurgeRelayRequest(), CancellationToken.None));
        Assert.Equal(30039, refusal.Code.Number);
    }

    [Fact]
    public async Task ADirectoryThatCantBeWrittenPausesItUntilItCan()
    {
        var server = await servers.SourceAsync();
        await using var probe = new SourceProbe(server.ConnectionOptions);
        // A file where the directory has to be: the kind of fault that a full disk is, and it passes when the file goes.
        var path = Path.Combine(_folder.Path, "relay-w1");
        await File.WriteAllTextAsync(path, "");
        await using var relay = NewRelay(server, "w1");
        await relay.ResumeAsync();
        await Eventually.TrueAsync(() => relay.Stage == Stage.Paused);
        var error = Assert.Single(relay.Status(null).Result.Errors);
        Assert.Equal(30025, error.ErrCode);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Workaround);
        File.Delete(path);
        await Eventually.TrueAsync(async () =>
        {
            await relay.LookAsync();
            return relay.Stage == Stage.Running && relay.Written.Position is not null;
        }, () => relay.Status(null).ToString());
        await CaughtUpAsync(relay, probe);
    }

    private SourceRelay NewRelay(TestServer server, string worker) => new(
        new SourceRelayOptions
        {
            Source = "source",
            Worker = worker,
            Connection = server.ConnectionOptions,
            Directory = Path.Combine(_folder.Path, $"relay-{worker}"),
            Start = static _ => ValueTask.FromResult<BinlogStart?>(null),
            Needed = _ => ValueTask.FromResult(_needed),
            Purge = new RelayPurgeOptions { RemainSpace = 0 },
            AutoResume = new AutoResumeOptions { Min = TimeSpan.FromMilliseconds(50) },
        },
        Log.None);

    private static Task CaughtUpAsync(SourceRelay relay, SourceProbe probe) => Eventually.TrueAsync(
        async () => relay.Status((await probe.AskAsync(CancellationToken.None)).End).RelayCatchUpMaster, () => relay.Status(probe.Last).ToString());
}
