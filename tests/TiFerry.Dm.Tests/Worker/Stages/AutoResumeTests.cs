using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;

namespace TiFerry.Dm.Tests.Worker.Stages;

public sealed class AutoResumeTests
{
    private readonly ManualClock _time = new();

    [Fact]
    public void WaitsGrowToTheLongestAndShrinkWhileAllGoesWell()
    {
        var resume = new AutoResume(new AutoResumeOptions { Jitter = false, Max = TimeSpan.FromSeconds(10) }, ResumableErrors.MayPass, _time);
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var waited = 0;
            while (!resume.Look(Stage.Paused, Failed("connection refused")))
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                waited++;
            }
            waits.Add(waited);
            resume.Resumed();
        }
        Assert.Equal([1, 2, 4, 8, 10, 10, 10], waits);

        for (var minutes = 0; minutes < 60; minutes++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.False(resume.Look(Stage.Running, null));
        }
        Assert.Equal(TimeSpan.FromSeconds(1), resume.Wait);
    }

    [Fact]
    public void WhatSomebodyPausedStaysPaused()
    {
        var resume = new AutoResume(new AutoResumeOptions(), ResumableErrors.MayPass, _time);
        _time.Advance(TimeSpan.FromHours(1));
        var paused = Failed("connection refused");
        paused.IsCanceled = true;
        Assert.False(resume.Look(Stage.Paused, paused));
        Assert.False(resume.Look(Stage.Paused, null));
        paused.IsCanceled = false;
        Assert.True(resume.Look(Stage.Paused, paused));
    }

    [Theory]
    [InlineData("ERROR 1062 (23000): Duplicate entry '1' for key 'PRIMARY'", 10006, false)]
    [InlineData("ERROR 1236 (HY000): Could not find first log file name in binary log index file", 11001, false)]
    [InlineData("ERROR 8200 (HY000): Unsupported modify column: type not match", 90309, false)]
    [InlineData("", 36027, false)]
    [InlineData("", 90301, false)]
    [InlineData("ERROR 1045 (28000): Access denied for user", 10001, true)]
    [InlineData("connection refused", 10003, true)]
    public void ErrorsThatStayAreToldFromThoseThatMayPass(string cause, int code, bool mayPass) =>
        Assert.Equal(mayPass, ResumableErrors.MayPass(new ProcessError { ErrCode = code, RawCause = cause }));

    [Fact]
    public void AFullDiskOfTheRelayLogMayPass()
    {
        Assert.True(ResumableErrors.MayPassForRelay(new ProcessError { ErrCode = 30025 }));
        Assert.False(ResumableErrors.MayPassForRelay(new ProcessError { ErrCode = 30001 }));
    }

    private static ProcessResult Failed(string cause) => new() { Errors = { new ProcessError { RawCause = cause } } };

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
