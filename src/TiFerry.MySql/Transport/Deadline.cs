namespace TiFerry.MySql.Transport;

/// <summary>Joins a time-out and the caller's token into one token, again and again without allocating.</summary>
internal sealed class Deadline : IDisposable
{
    private CancellationTokenSource _source = new();
    private CancellationTokenRegistration _caller;
    private bool _running;

    public CancellationToken Start(TimeSpan timeout, CancellationToken caller)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return caller;
        _running = true;
        _source.CancelAfter(timeout);
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        return _source.Token;
    }

    public void Stop()
    {
        if (!_running)
            return;
        _running = false;
        _caller.Dispose();
        if (_source.TryReset())
            return;
        _source.Dispose();
        _source = new CancellationTokenSource();
    }

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
