using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Worker.Stages;

/// <summary>
/// Work that can be paused, resumed and stopped at any time, with DM's stages. Calls may come from several threads and in any order: they take turns, asking for what is
/// already so changes nothing, and each returns when the stage that it asks for is reached.
/// </summary>
/// <param name="name">What it is, for messages.</param>
/// <param name="run">Does the work until it is done (true) or the token ends it (false); called again, it goes on. What it throws pauses it.</param>
/// <param name="mayPass">Tells errors that may pass from those that stay.</param>
/// <param name="log">Told of stages and errors.</param>
internal sealed class StagedWork(string name, Func<CancellationToken, Task<bool>> run, Func<ProcessError, bool> mayPass, Log log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private Stage _stage = Stage.New;
    private ProcessResult? _result;
    private (long MayPass, long Stays) _failures;

    /// <summary>Where it is.</summary>
    public Stage Stage { get { lock (_lock) return _stage; } }

    /// <summary>How it ended last; null while it runs, and before it ran.</summary>
    public ProcessResult? Result { get { lock (_lock) return _result?.Clone(); } }

    /// <summary>Stage and result of one moment.</summary>
    public (Stage Stage, ProcessResult? Result) State { get { lock (_lock) return (_stage, _result?.Clone()); } }

    /// <summary>How often an error paused it, by whether the error may pass.</summary>
    public (long MayPass, long Stays) Failures { get { lock (_lock) return _failures; } }

    /// <summary>Begins, or goes on after a pause.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It is at its end, or was stopped.</exception>
    public async Task ResumeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            Resume();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Goes on after an error, unless somebody paused it meanwhile.</summary>
    /// <returns>Whether it goes on by this call.</returns>
    public async Task<bool> ResumeAfterErrorAsync()
    {
        await _turn.WaitAsync();
        try
        {
            lock (_lock)
            {
                if (_stage != Stage.Paused || _result is not { IsCanceled: false })
                    return false;
            }
            Resume();
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Pauses. What was paused by an error stays so until it is resumed by somebody; its reason is kept.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It is at its end, or was stopped.</exception>
    public async Task PauseAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await PauseInTurnAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops for good; work that is done stays finished.</summary>
    public async Task StopAsync()
    {
        await _turn.WaitAsync();
        try
        {
            lock (_lock)
            {
                if (_stage is Stage.Stopped or Stage.Finished)
                    return;
                SetStage(Stage.Stopping);
            }
            await EndRunAsync();
            lock (_lock)
                SetStage(Stage.Stopped);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Changes something that the work must not see changing: it pauses meanwhile, if it runs.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It was stopped; or what <paramref name="change"/> throws.</exception>
    public async Task ChangeAsync(Action change)
    {
        await _turn.WaitAsync();
        try
        {
            var wasRunning = Stage == Stage.Running;
            if (wasRunning)
                await PauseInTurnAsync();
            try
            {
                change();
            }
            finally
            {
                // An error that came up at this moment is not to be lost by going on over it.
                if (wasRunning && State is { Stage: Stage.Paused, Result.Errors.Count: 0 })
                    Resume();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Who waits for its turn at this moment must find the stage, and no disposed semaphore.
        await StopAsync();
        _stop.Dispose();
    }

    private void Resume()
    {
        lock (_lock)
        {
            if (_stage == Stage.Running)
                return;
            if (_stage is not (Stage.New or Stage.Paused))
                throw WorkerErrors.NotPaused(name, _stage);
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            _result = null;
            SetStage(Stage.Running);
            var stop = _stop.Token;
            _run = Task.Run(() => RunAsync(stop), CancellationToken.None);
        }
    }

    private async Task PauseInTurnAsync()
    {
        lock (_lock)
        {
            switch (_stage)
            {
                case Stage.Running:
                    SetStage(Stage.Pausing);
                    break;
                case Stage.New or Stage.Paused:
                    _result ??= new ProcessResult();
                    _result.IsCanceled = true;
                    SetStage(Stage.Paused);
                    return;
                default:
                    throw WorkerErrors.NotRunning(name, _stage);
            }
        }
        await EndRunAsync();
    }

    private async Task EndRunAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var isDone = false;
        Exception? error = null;
        try
        {
            isDone = await run(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked for.
        }
        catch (Exception e)
        {
            error = e;
            log.Error("the work paused because of an error", ("name", name), ("error", e));
        }
        lock (_lock)
        {
            _result = new ProcessResult { IsCanceled = stop.IsCancellationRequested };
            if (error is not null)
                Note(ProcessErrors.Of(error));
            if (_stage == Stage.Stopping)
                return;
            SetStage(isDone ? Stage.Finished : Stage.Paused);
        }
    }

    private void Note(ProcessError error)
    {
        _result!.Errors.Add(error);
        if (mayPass(error))
            _failures.MayPass++;
        else
            _failures.Stays++;
    }

    private void SetStage(Stage stage)
    {
        if (_stage != stage)
            log.Info("stage changed", ("name", name), ("from", _stage), ("to", stage));
        _stage = stage;
    }
}
