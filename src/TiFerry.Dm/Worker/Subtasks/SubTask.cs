using System.Collections.Concurrent;
using TiFerry.Binlog;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>One task on one source: its work, the stage that it is in, and its resumption after errors that may pass.</summary>
internal sealed class SubTask : IAsyncDisposable
{
    private readonly StagedWork _staged;
    private readonly AutoResume _autoResume;
    private readonly ConcurrentDictionary<UnitType, (long MayPass, long Stays)> _failures = new();
    private volatile ISubTaskWork _work;

    /// <summary>Prepares; nothing runs before <see cref="ResumeAsync"/>.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="work">What it does.</param>
    /// <param name="autoResume">How it is resumed after errors.</param>
    /// <param name="log">The log.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public SubTask(string name, ISubTaskWork work, AutoResumeOptions autoResume, Log log, TimeProvider? time = null)
    {
        Name = name;
        _work = work;
        _staged = new StagedWork($"subtask {name}", stop => _work.RunAsync(stop), Judge, log);
        _autoResume = new AutoResume(autoResume, ResumableErrors.MayPass, time ?? TimeProvider.System);
    }

    /// <summary>The task's name.</summary>
    public string Name { get; }

    /// <summary>Where it is.</summary>
    public Stage Stage => _staged.Stage;

    /// <summary>What it does.</summary>
    public ISubTaskWork Work => _work;

    /// <summary>How often an error paused it in a unit, by whether the error may pass.</summary>
    public (long MayPass, long Stays) FailuresOf(UnitType unit) => _failures.GetValueOrDefault(unit);

    /// <inheritdoc cref="StagedWork.ResumeAsync"/>
    public Task ResumeAsync() => _staged.ResumeAsync();

    /// <inheritdoc cref="StagedWork.PauseAsync"/>
    public Task PauseAsync() => _staged.PauseAsync();

    /// <inheritdoc cref="StagedWork.StopAsync"/>
    public Task StopAsync() => _staged.StopAsync();

    /// <inheritdoc cref="StagedWork.ResumeAfterErrorAsync"/>
    public Task<bool> ResumeAfterErrorAsync() => _staged.ResumeAfterErrorAsync();

    /// <summary>Stops at once, without noting where to go on.</summary>
    public Task KillAsync()
    {
        _work.Abort();
        return _staged.StopAsync();
    }

    /// <summary>Goes on with other work, for the same task; it runs if it ran.</summary>
    public Task ReplaceAsync(ISubTaskWork work) => _staged.ChangeAsync(() => _work = work);

    /// <summary>Resumes it if an error that may pass paused it and it is time to try again.</summary>
    /// <returns>Whether it was resumed.</returns>
    public async ValueTask<bool> LookAsync()
    {
        var (stage, result) = _staged.State;
        if (!_autoResume.Look(stage, result) || !await _staged.ResumeAfterErrorAsync())
            return false;
        _autoResume.Resumed();
        return true;
    }

    /// <summary>What <c>query-status</c> shows.</summary>
    /// <param name="source">Where the source's binlog ends; null where that is not known.</param>
    public SubTaskStatus Status(SourcePosition? source)
    {
        var (stage, result) = _staged.State;
        var work = _work;
        var status = new SubTaskStatus { Name = Name, Stage = stage, Unit = work.Unit, Result = result };
        work.Describe(status, source);
        return status;
    }

    /// <inheritdoc cref="ISubTaskWork.NeededFromAsync"/>
    public ValueTask<BinlogPosition?> NeededFromAsync(CancellationToken ct) =>
        Stage is Stage.Finished ? ValueTask.FromResult<BinlogPosition?>(null) : _work.NeededFromAsync(ct);

    private bool Judge(ProcessError error)
    {
        var mayPass = ResumableErrors.MayPass(error);
        _failures.AddOrUpdate(_work.Unit, _ => mayPass ? (1, 0) : (0, 1), (_, before) => mayPass ? (before.MayPass + 1, before.Stays) : (before.MayPass, before.Stays + 1));
        return mayPass;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _staged.DisposeAsync();
}
