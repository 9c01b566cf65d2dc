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
}
