using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;

namespace TiFerry.Dm.Tests.Worker.Stages;

public sealed class StagedWorkTests
{
    private static readonly TiFerryException Failure = new(SyncErrors.ApplyFailed, ErrorScope.Downstream, "the target refused", "ask it nicely", new InvalidOperationException("no room"));

    private enum Step
    {
        Pause,
        Resume,
        Stop,
        ResumeAfterError,
        Change,
        Fail,
        Finish,
    }

    [Fact]
    public void EverySequenceOfStepsLeadsWhereItSays() =>
        Prop.ForAll(Steps(), steps => FollowAsync(steps).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public void StepsOfManyThreadsTakeTurns() =>
        Prop.ForAll(Steps(), steps => RaceAsync(steps).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public async Task AnErrorIsKeptAsTheReason()
    {
        var scripted = new ScriptedWork();
        await using var work = new StagedWork("task", scripted.RunAsync, ResumableErrors.MayPass, Log.None);
        await work.ResumeAsync();
        await Eventually.TrueAsync(() => scripted.Running == 1);
        scripted.Fail(Failure);
        await Eventually.TrueAsync(() => work.Stage == Stage.Paused);

        var error = Assert.Single(work.Result!.Errors);
        Assert.Equal(
            new ProcessError
            {
                ErrCode = 10006,
                ErrClass = "database",
                ErrScope = "downstream",
                ErrLevel = "high",
                Message = "the target refused",
                RawCause = "no room",
                Workaround = "ask it nicely",
            },
            error);
        Assert.False(work.Result!.IsCanceled);

        await work.PauseAsync();
        Assert.True(work.Result!.IsCanceled);
        Assert.Single(work.Result!.Errors);
        Assert.False(await work.ResumeAfterErrorAsync());
        await work.ResumeAsync();
        Assert.Null(work.Result);
    }

    [Fact]
    public async Task WhatFailsWhileItIsChangedIsNotResumed()
    {
        var stubborn = new StagedWork("task", async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
            throw Failure;
        }, ResumableErrors.MayPass, Log.None);
        await stubborn.ResumeAsync();
        await stubborn.ChangeAsync(() => { });
        Assert.Equal(Stage.Paused, stubborn.Stage);
        Assert.Single(stubborn.Result!.Errors);
        await stubborn.DisposeAsync();
    }

    private static Arbitrary<Step[]> Steps() => Gen.Elements(Enum.GetValues<Step>()).ArrayOf().ToArbitrary();

    private static async Task<bool> FollowAsync(Step[] steps)
    {
        var scripted = new ScriptedWork();
        await using var work = new StagedWork("task", scripted.RunAsync, ResumableErrors.MayPass, Log.None);
        var expected = Stage.New;
        var isByError = false;
        foreach (var step in steps)
        {
            var refused = false;
            switch (step)
            {
                case Step.Pause:
                    refused = !await SucceedsAsync(work.PauseAsync);
                    Assert.Equal(expected is Stage.Stopped or Stage.Finished, refused);
                    if (!refused)
                        (expected, isByError) = (Stage.Paused, false);
                    break;
                case Step.Resume:
                    refused = !await SucceedsAsync(work.ResumeAsync);
                    Assert.Equal(expected is Stage.Stopped or Stage.Finished, refused);
                    if (!refused)
                        (expected, isByError) = (Stage.Running, false);
                    break;
                case Step.Stop:
                    await work.StopAsync();
                    (expected, isByError) = (expected == Stage.Finished ? Stage.Finished : Stage.Stopped, false);
                    break;
                case Step.ResumeAfterError:
                    Assert.Equal(expected == Stage.Paused && isByError, await work.ResumeAfterErrorAsync());
                    if (expected == Stage.Paused && isByError)
                        (expected, isByError) = (Stage.Running, false);
                    break;
                case Step.Change:
                    var isChanged = false;
                    await work.ChangeAsync(() => isChanged = scripted.Running == 0);
                    Assert.True(isChanged);
                    break;
                case Step.Fail when expected == Stage.Running:
                    await Eventually.TrueAsync(() => scripted.Running == 1);
                    scripted.Fail(Failure);
                    await Eventually.TrueAsync(() => work.Stage == Stage.Paused);
                    (expected, isByError) = (Stage.Paused, true);
                    break;
                case Step.Finish when expected == Stage.Running:
                    await Eventually.TrueAsync(() => scripted.Running == 1);
                    scripted.Finish();
                    await Eventually.TrueAsync(() => work.Stage == Stage.Finished);
                    expected = Stage.Finished;
                    break;
            }
            Assert.Equal(expected, work.Stage);
            Assert.Equal(isByError, work.Stage == Stage.Paused && work.Result is { IsCanceled: false, Errors.Count: 1 });
        }
        await work.StopAsync();
        return scripted is { Running: 0, MostAtOnce: <= 1 };
    }

    private static async Task<bool> RaceAsync(Step[] steps)
    {
        var scripted = new ScriptedWork();
        await using var work = new StagedWork("task", scripted.RunAsync, ResumableErrors.MayPass, Log.None);
        await Task.WhenAll(steps.Select(step => Task.Run(async () =>
        {
            switch (step)
            {
                case Step.Pause:
                    await SucceedsAsync(work.PauseAsync);
                    break;
                case Step.Resume:
                    await SucceedsAsync(work.ResumeAsync);
                    break;
                case Step.Stop:
                    await work.StopAsync();
                    break;
                case Step.ResumeAfterError:
                    await work.ResumeAfterErrorAsync();
                    break;
                case Step.Change:
                    await work.ChangeAsync(() => { });
                    break;
                case Step.Fail:
                    scripted.Fail(Failure);
                    break;
                default:
                    scripted.Finish();
                    break;
            }
        })));
        await work.StopAsync();
        Assert.Contains(work.Stage, new[] { Stage.Stopped, Stage.Finished });
        return scripted is { Running: 0, MostAtOnce: <= 1 };
    }

    private static async Task<bool> SucceedsAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (TiFerryException)
        {
            return false;
        }
    }
}
