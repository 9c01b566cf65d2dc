using TiFerry.Core.Errors;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>Asks a source where its binlog ends, over one connection that is kept. A source that does not answer is given up after a while, so that status never hangs.</summary>
/// <param name="options">The source.</param>
internal sealed class SourceProbe(MySqlConnectionOptions options) : IAsyncDisposable
{
    // DM's limit for the same question.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private MySqlConnection? _connection;
    private bool _isDisposed;

    /// <summary>Where the source's binlog ended when it was asked last; null before, and while it can't be asked.</summary>
    public SourcePosition? Last { get; private set; }

    /// <summary>Asks.</summary>
    /// <returns>Where the binlog ends, null for a source without a binlog; or why that is not known.</returns>
    public async ValueTask<(SourcePosition? End, ProcessError? Error)> AskAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            await _turn.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, TimedOut());
        }
        try
        {
            // The worker has let go of the source; who asks again finds it so.
            if (_isDisposed)
                return (null, null);
            if (_connection is null or { IsBroken: true })
                _connection = await Session.OpenForReadingAsync(options, limit.Token);
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
            return (null, error is OperationCanceledException ? TimedOut() : ProcessErrors.Of(error));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _isDisposed = true;
        await CloseAsync();
        _turn.Release();
    }

    private async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
    }

    private ProcessError TimedOut() => ProcessErrors.Of(new TiFerryException(
        DatabaseErrors.BadConnection, ErrorScope.Upstream, $"{options.EndPoint} did not say within {Limit.TotalSeconds} s where its binlog ends", "see that the source runs and can be reached from this worker"));
}
