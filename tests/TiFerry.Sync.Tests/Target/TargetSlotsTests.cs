using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Target;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Target;

[Collection(Servers.Name)]
public class TargetSlotsTests(ServerFixture servers)
{
    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_slot_has_one_session_at_a_time(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var slots = new TargetSlots(server.ConnectionOptions, "meta", ServerFixture.NewDatabaseName("task"));
        var first = await slots.OpenAsync("0", default);
        await using (await slots.OpenAsync("1", default))
        await using (await new TargetSlots(server.ConnectionOptions, "meta", "another task").OpenAsync("0", default))
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await slots.OpenAsync("0", soon.Token));
            using var soonToo = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await slots.FreeAsync(1, soonToo.Token));
        }
        var waiting = slots.OpenAsync("0", default).AsTask();
        await first.DisposeAsync();
        await (await waiting).DisposeAsync();
        await slots.FreeAsync(4, default);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_higher_token_takes_over_and_a_lower_one_is_refused(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var task = ServerFixture.NewDatabaseName("task");
        var meta = $"meta_{task}";
        await server.RunAsync($"CREATE DATABASE {meta}");
        var older = new TargetSlots(server.ConnectionOptions, meta, task, "replica-1", 7);
        var newer = new TargetSlots(server.ConnectionOptions, meta, task, "replica-1", 8);
        var sister = new TargetSlots(server.ConnectionOptions, meta, task, "replica-2", 5);
        await using var main = await older.ClaimAsync(default);
        await using var writing = await older.OpenAsync("0", default);
        await using var changing = await older.OpenAsync(TargetSlots.Ddl, default);
        await using var others = await sister.ClaimAsync(default);
        await writing.ExecuteAsync($"CREATE TABLE {meta}.t (id INT PRIMARY KEY)", default);
        await writing.ExecuteAsync($"BEGIN; INSERT INTO {meta}.t VALUES (1)", default);

        await using var taken = await newer.ClaimAsync(default);
        // What the older one has open may go on until it is ended, it can open nothing more.
        await RefusedAsync(older.OpenAsync("1", default));
        await newer.FreeAsync(1, default);
        foreach (var session in (MySqlConnection[])[main, writing, changing])
            Assert.True(TransientErrors.IsTransient(await Assert.ThrowsAnyAsync<Exception>(async () => await session.ExecuteAsync($"INSERT INTO {meta}.t VALUES (2)", default))));
        await RefusedAsync(older.OpenAsync("0", default));
        await RefusedAsync(older.ClaimAsync(default));
        await RefusedAsync(older.ClaimIdleAsync(default));
        await RefusedAsync(new TargetSlots(server.ConnectionOptions, meta, task, "replica-1", 7).ClaimAsync(default));
        await using (var successors = await newer.OpenAsync("0", default))
        {
            Assert.Empty(await taken.QueryRowsAsync($"SELECT * FROM {meta}.t", default));
            // Who was superseded ends no session of its successor.
            await RefusedAsync(older.OpenAsync("0", default));
            await successors.PingAsync(default);
        }
        await others.PingAsync(default);

        // Its own session is in the way of work on a task that does not run, and gives way to a new run.
        var busy = await Assert.ThrowsAsync<TiFerryException>(async () => await new TargetSlots(server.ConnectionOptions, meta, task, "replica-1", 8).ClaimIdleAsync(default));
        Assert.Equal(SyncErrors.TaskTaken, busy.Code);
        await using (await newer.ClaimAsync(default))
            Assert.True(TransientErrors.IsTransient(await Assert.ThrowsAnyAsync<Exception>(async () => await taken.PingAsync(default))));

        // Whose token is gone does not begin again by itself.
        await server.RunAsync($"DELETE FROM {meta}.fence WHERE source_id = 'replica-1'");
        await RefusedAsync(newer.ClaimAsync(default));
        await RefusedAsync(newer.OpenAsync("0", default));
    }

    private static async Task RefusedAsync(ValueTask<MySqlConnection> opening)
    {
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await opening);
        Assert.Equal(SyncErrors.Superseded, error.Code);
        Assert.False(TransientErrors.IsTransient(error));
    }
}
