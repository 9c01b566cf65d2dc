using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using TiFerry.Binlog;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Tests.Worker.Subtasks;

public sealed class SubTaskSlotTests
{
    private readonly ConcurrentQueue<ScriptedSubTaskWork> _works = new();

    private ScriptedSubTaskWork Last => _works.Last();

    private int Running => _works.Sum(static w => w.Script.Running);

    [Fact]
    public async Task OrdersAreCarriedOut()
    {
        var slot = NewSlot();
        await ReachAsync(slot, Wish(Stage.Running, 1));
        Assert.Equal(Stage.Running, slot.SubTask!.Stage);
        await ReachAsync(slot, Wish(Stage.Paused, 2));
        Assert.Equal(Stage.Paused, slot.SubTask.Stage);
        await ReachAsync(slot, Wish(Stage.Running, 3));
        Assert.Equal(Stage.Running, slot.SubTask.Stage);
        Assert.Single(_works);
        await ReachAsync(slot, null);
        Assert.Null(slot.SubTask);
        Assert.Equal(0, Running);
    }

    [Fact]
    public async Task AnOrderThatIsRepeatedResumesWhatAnErrorPaused()
    {
        var slot = NewSlot();
        await ReachAsync(slot, Wish(Stage.Running, 1));
        await Eventually.TrueAsync(() => Running == 1);
        Last.Script.Fail(new InvalidOperationException("no"));
        await Eventually.TrueAsync(() => slot.SubTask!.Stage == Stage.Paused);
        await ReachAsync(slot, Wish(Stage.Running, 1));
        Assert.Equal(Stage.Paused, slot.SubTask!.Stage);
        await ReachAsync(slot, Wish(Stage.Running, 2));
        Assert.Equal(Stage.Running, slot.SubTask!.Stage);
        await ReachAsync(slot, null);
    }

    [Fact]
    public async Task ANewConfigurationReplacesTheWorkOfARunningSubTask()
    {
        var slot = NewSlot();
        await ReachAsync(slot, Wish(Stage.Running, 1));
        await ReachAsync(slot, Wish(Stage.Running, 1, config: 5));
        Assert.Equal(2, _works.Count);
        await Eventually.TrueAsync(() => Last.Script.Running == 1 && Running == 1);
        await ReachAsync(slot, Wish(Stage.Running, 1, config: 5, token: 8));
        Assert.Equal(3, _works.Count);
        await Eventually.TrueAsync(() => Last.Script.Running == 1 && Running == 1);
        await ReachAsync(slot, null);
    }

    [Fact]
    public async Task AFinishedTaskThatIsStartedAnewRunsAnew()
    {
        var slot = NewSlot();
        await ReachAsync(slot, Wish(Stage.Running, 1));
        await Eventually.TrueAsync(() => Running == 1);
        Last.Script.Finish();
        await Eventually.TrueAsync(() => slot.SubTask!.Stage == Stage.Finished);
        await ReachAsync(slot, Wish(Stage.Running, 7, config: 6));
        Assert.Equal(Stage.Running, slot.SubTask!.Stage);
        await ReachAsync(slot, null);
    }

    [Fact]
    public async Task BinlogOperationsReachTheWork()
    {
        var slot = NewSlot();
        var skip = new BinlogOperation(new BinlogPosition("binlog.000001", 4), BinlogOperationKind.Skip, []);
        await ReachAsync(slot, Wish(Stage.Paused, 1, operations: [skip]));
        Assert.Equal([skip], Last.Operations);
        await ReachAsync(slot, null);
    }

    [Fact]
    public async Task AKillEndsWhatDoesNotEndByItself()
    {
        var slot = new SubTaskSlot("task", wish => Create(wish, hangs: true), new AutoResumeOptions(), Log.None);
        await ReachAsync(slot, Wish(Stage.Running, 1));
        await Eventually.TrueAsync(() => Running == 1);
        slot.Want(Wish(Stage.Paused, 2));
        await Eventually.TrueAsync(() => slot.SubTask!.Stage == Stage.Pausing);
        await slot.KillAsync();
        Assert.Null(slot.SubTask);
        Assert.Equal(0, Running);
        slot.Want(Wish(Stage.Running, 3));
        await slot.ReachedAsync();
        Assert.Null(slot.SubTask);
    }

    [Fact]
    public void TheLatestOfManyOrdersCounts() =>
        Prop.ForAll(Gen.Elements<Stage?>(Stage.Running, Stage.Paused, null).ArrayOf().ToArbitrary(), stages => FollowAsync(stages).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    private async Task<bool> FollowAsync(Stage?[] stages)
    {
        _works.Clear();
        var slot = NewSlot();
        for (var i = 0; i < stages.Length; i++)
            slot.Want(stages[i] is { } stage ? Wish(stage, i + 1, config: 1 + (i / 4)) : null);
        await slot.ReachedAsync();
        if (stages.LastOrDefault() is { } last)
            Assert.Equal(last, slot.SubTask!.Stage);
        else
            Assert.Null(slot.SubTask);
        await slot.KillAsync();
        return Running == 0 && _works.All(static w => w.Script.MostAtOnce <= 1);
    }

    private SubTaskSlot NewSlot() => new("task", wish => Create(wish, hangs: false), new AutoResumeOptions(), Log.None);

    private ScriptedSubTaskWork Create(SubTaskWish wish, bool hangs)
    {
        var work = new ScriptedSubTaskWork(wish) { Hangs = hangs };
        _works.Enqueue(work);
        return work;
    }

    private static async Task ReachAsync(SubTaskSlot slot, SubTaskWish? wish)
    {
        slot.Want(wish);
        await slot.ReachedAsync();
    }

    private static SubTaskWish Wish(Stage stage, long stageRevision, long config = 1, long token = 1, IReadOnlyList<BinlogOperation>? operations = null)
    {
        var order = new SubTaskOrder("task", "{}", config, stage, stageRevision, null, operations ?? [], null);
        return new SubTaskWish(order, new SourceOrder("source", "", 1, false, token, [order]), null);
    }
}
