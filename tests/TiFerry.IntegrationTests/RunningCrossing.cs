using TiFerry.Migration;

namespace TiFerry.IntegrationTests;

/// <summary>A migration that goes on until it is disposed of.</summary>
internal sealed class RunningCrossing : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MigrationTask _task;

    public RunningCrossing(MigrationTask task)
    {
        _task = task;
        Completion = Task.Run(() => task.RunAsync(_stop.Token));
    }

    public MigrationProgress Progress => _task.Progress;

    /// <summary>Ends when the migration is stopped or fails.</summary>
    public Task<bool> Completion { get; }

    /// <summary>Waits until something is true of the progress; a migration that fails meanwhile fails the wait.</summary>
    public Task UntilAsync(Func<MigrationProgress, bool> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            if (Completion.IsCompleted)
                await Completion;
            return condition(_task.Progress);
        },
        what);

    /// <summary>Stops it as Ctrl-C does.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
