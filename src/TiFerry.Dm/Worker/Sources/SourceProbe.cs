using TiFerry.Core.Errors;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>Asks a source where its binlog ends, over one connection that is kept. A source that does not answer is given up after a while, so that status never hangs.</summary>
internal sealed class SourceProbe : IAsyncDisposable
{
    // DM's limit for the same question.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _disposed;
    private readonly MySqlConnectionOptions _options;
    private MySqlConnection? _connection;

    /// <summary>Prepares; nothing is connected before the first question.</summary>
    /// <param name="options">The source.</param>
    public SourceProbe(MySqlConnectionOptions options)
    {
        _options = options;
        _disposed = _disposing.Token;
    }

    /// <summary>Where the source's binlog ended when it was asked last; null before, and while it can't be asked.</summary>
    public SourcePosition? Last { get; private set; }

    /// <summary>Whether the source was given up, by this worker, so that nobody is asked any more.</summary>
    public bool IsDisposed => _disposed.IsCancellationRequested;

    /// <summary>Asks. A question that is under way ends when the source is given up.</summary>
    /// <returns>Where the binlog ends, null for a source without a binlog and for one that was given up; or why that is not known.</returns>
    public async ValueTask<(SourcePosition? End, ProcessError? Error)> AskAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, _disposed);
        limit.CancelAfter(Limit);
        try
        {
            await _turn.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, Unanswered());
        }
        try
        {
            if (_connection is null or { IsBroken: true })
                _connection = await Session.OpenForReadingAsync(_options, limit.Token);
            Last = await SourcePosition.ReadAsync(_connection, limit.Token);
            return (Last, null);
        }
        catch (TiFerryException error) when (error.Code == SyncErrors.NoBinlog)
        {
            return (null, null);
        }
        catch (Exception error) when (error is TiFerryException or MySqlServerException or MySqlConnectionLostException || (error is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Last = null;
            await CloseAsync();
            return (null, error is OperationCanceledException ? Unanswered() : ProcessErrors.Of(error));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _turn.WaitAsync();
        await CloseAsync();
        _turn.Release();
        _disposing.Dispose();
    }

    private async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
    }

    private ProcessError? Unanswered() => IsDisposed ? null : ProcessErrors.Of(new TiFerryException(
        DatabaseErrors.BadConnection, ErrorScope.Upstream, $"{_options.EndPoint} did not say within {Limit.TotalSeconds} s where its binlog ends", "see that the source runs and can be reached from this worker"));
}
