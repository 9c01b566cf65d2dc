using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Migration;

/// <summary>Looks every few seconds at what is done, for rates, and while the source is followed at where its binlog ends.</summary>
internal sealed class ProgressSampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private const int SamplesPerLook = 3;
    private readonly MySqlConnectionOptions _source;
    private readonly MigrationProgress _progress;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private MySqlConnection? _session;

    /// <summary>Begins.</summary>
    public ProgressSampler(MySqlConnectionOptions source, MigrationProgress progress)
    {
        _source = source;
        _progress = progress;
        _sampling = Task.Run(SampleAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_session is not null)
            await _session.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        var samples = 0;
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            _progress.Sample();
            if (_progress.Stage == MigrationStage.Following && samples++ % SamplesPerLook == 0)
                await LookAtSourceAsync();
        }
    }

    // Who follows meets the same fault and says so; here it only means that nothing newer is known.
    private async ValueTask LookAtSourceAsync()
    {
        try
        {
            _session ??= await Session.OpenForReadingAsync(_source, _stop.Token);
            await _progress.Sync.LookAtSourceAsync(_session, _stop.Token);
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            if (_session is not null)
                await _session.DisposeAsync();
            _session = null;
        }
    }
}
