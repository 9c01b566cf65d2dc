namespace TiFerry.Dm.Tests.Worker.Stages;

/// <summary>Work that ends when it is told to, and counts how often it runs at once.</summary>
internal sealed class ScriptedWork
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<bool> _end = New();
    private int _running;

    /// <summary>How often it was begun.</summary>
    public int Runs { get; private set; }

    /// <summary>The most runs that there were at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Runs that have not ended.</summary>
    public int Running { get { lock (_lock) return _running; } }

    public async Task<bool> RunAsync(CancellationToken stop)
    {
        TaskCompletionSource<bool> end;
        lock (_lock)
        {
            Runs++;
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
            end = _end = New();
        }
        try
        {
            return await end.Task.WaitAsync(stop);
        }
        finally
        {
            // The end of real work takes its time.
            await Task.Yield();
            lock (_lock)
                _running--;
        }
    }

    public void Finish() => End(e => e.TrySetResult(true));

    public void Fail(Exception error) => End(e => e.TrySetException(error));

    private void End(Action<TaskCompletionSource<bool>> how)
    {
        lock (_lock)
            how(_end);
    }

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
