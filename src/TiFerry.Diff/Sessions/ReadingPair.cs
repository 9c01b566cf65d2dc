using TiFerry.Core.Errors;
using TiFerry.Core.Retry;
using TiFerry.Diff.Rows;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Diff.Sessions;

/// <summary>A reading session on each side that is opened again when it is lost. Not for several threads at once.</summary>
internal sealed class ReadingPair(ComparisonOptions options) : IAsyncDisposable
{
    private MySqlConnection? _source;
    private MySqlConnection? _target;

    /// <summary>The session on the source, while work is under way.</summary>
    public MySqlConnection Source => _source ?? throw new InvalidOperationException("no session is open");

    /// <summary>The session on the target, while work is under way.</summary>
    public MySqlConnection Target => _target ?? throw new InvalidOperationException("no session is open");

    /// <summary>The session of a side, while work is under way.</summary>
    public MySqlConnection this[Side side] => side == Side.Source ? Source : Target;

    /// <summary>Runs work that only reads; runs it again on new sessions where a server was lost meanwhile.</summary>
    /// <param name="what">The work, for the log.</param>
    /// <param name="work">The work; starts anew each time.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="TiFerryException">A server can't be reached, or refuses, for longer than the comparison's patience.</exception>
    /// <exception cref="MySqlServerException">The table was changed; see <see cref="DefinitionChange"/>.</exception>
    public async ValueTask<T> RunAsync<T>(string what, Func<ValueTask<T>> work, CancellationToken ct)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        var giveUpAt = DateTimeOffset.MaxValue;
        while (true)
        {
            try
            {
                _source = await OpenAsync(_source, options.Source, ct);
                _target = await OpenAsync(_target, options.Target, ct);
                return await work();
            }
            catch (Exception error)
            {
                var side = BrokenSide();
                // A result may be half read.
                await DisposeAsync();
                if (!TransientErrors.IsTransient(error) || DateTimeOffset.UtcNow > giveUpAt)
                {
                    if (error is MySqlConnectionLostException or MySqlServerException && !DefinitionChange.IsCauseOf(error))
                        throw Failure(what, side, error);
                    throw;
                }
                if (giveUpAt == DateTimeOffset.MaxValue)
                    giveUpAt = DateTimeOffset.UtcNow + options.Patience;
                options.Log.Warn("comparison interrupted, trying again", ("work", what), ("error", error.Message));
                await backoff.WaitAsync(ct);
            }
        }
    }

    /// <summary>Ends the sessions; the next work opens new ones.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        if (_target is not null)
            await _target.DisposeAsync();
        (_source, _target) = (null, null);
    }

    private ErrorScope BrokenSide() =>
        _source is not { IsBroken: false } ? ErrorScope.Upstream : _target is not { IsBroken: false } ? ErrorScope.Downstream : ErrorScope.NotSet;

    private TiFerryException Failure(string what, ErrorScope side, Exception cause)
    {
        var where = side switch
        {
            ErrorScope.Upstream => $" on the source {options.Source}",
            ErrorScope.Downstream => $" on the target {options.Target}",
            _ => "",
        };
        return new TiFerryException(
            cause is MySqlServerException ? DatabaseErrors.QueryFailed : DatabaseErrors.BadConnection, side, $"comparing failed at {what}{where}",
            "see to it that both servers can be reached and that the account may read the tables, then compare again", cause);
    }

    // Breaking off a long result costs its connection.
    private static async ValueTask<MySqlConnection> OpenAsync(MySqlConnection? connection, MySqlConnectionOptions options, CancellationToken ct)
    {
        if (connection is { IsBroken: false })
            return connection;
        if (connection is not null)
            await connection.DisposeAsync();
        return await Session.OpenForReadingAsync(options, ct);
    }
}
