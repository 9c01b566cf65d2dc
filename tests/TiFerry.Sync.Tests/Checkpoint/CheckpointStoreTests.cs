using TiFerry.Binlog;
using TiFerry.Sync.Checkpoint;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Checkpoint;

[Collection(Servers.Name)]
public class CheckpointStoreTests(ServerFixture servers)
{
    private static readonly BinlogPosition Somewhere = new("binlog.000012", ulong.MaxValue);

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_written_is_read(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var schema = ServerFixture.NewDatabaseName("meta`'");
        await using var target = await server.ConnectAsync();
        await target.ExecuteAsync($"CREATE DATABASE `{schema.Replace("`", "``", StringComparison.Ordinal)}`", default);
        var store = new CheckpointStore(schema, @"it's\n a task");
        var other = new CheckpointStore(schema, "other");
        await store.CreateAsync(target, default);
        await store.CreateAsync(target, default);
        Assert.Null(await store.ReadAsync(target, default));
        SyncCheckpoint[] checkpoints =
        [
            new() { Position = Somewhere, Gtid = "" },
            new() { Position = new("b.1", 4), Gtid = string.Join(",", Enumerable.Range(0, 3000).Select(i => $"{Guid.NewGuid()}:1-{i + 2}")), KeylessDone = long.MaxValue, SafeModeExit = Somewhere },
            new() { Position = new("b.1", 4), Gtid = "0-1-2,3-4-5", Ddl = new PendingDdl(Somewhere, 3, "ab") },
            new() { Position = new("", 0), Gtid = "0-1-2" },
        ];
        foreach (var checkpoint in checkpoints)
        {
            await store.WriteAsync(target, checkpoint, default);
            Assert.Equal(checkpoint, await store.ReadAsync(target, default));
        }
        Assert.Null(await other.ReadAsync(target, default));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_start_by_gtid_has_no_file(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var schema = ServerFixture.NewDatabaseName("meta");
        await using var target = await server.ConnectAsync();
        await target.ExecuteAsync($"CREATE DATABASE {schema}", default);
        var store = new CheckpointStore(schema, "t");
        await store.CreateAsync(target, default);
        await store.WriteAsync(target, new SyncCheckpoint { Position = default, Gtid = "0-1-1" }, default);
        Assert.Equal(new BinlogPosition("", 0), (await store.ReadAsync(target, default))!.Position);
    }
}
