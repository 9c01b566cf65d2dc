namespace TiFerry.MySql;

/// <summary>
/// A bounded set of connections to one server. A connection that is broken, half-read or inside a transaction is closed when it comes back,
/// never handed out again. Thread-safe.
/// </summary>
public sealed class MySqlPool : IAsyncDisposable
{
    private readonly MySqlConnectionOptions _options;
    private readonly bool _resetOnReturn;
    private readonly SemaphoreSlim _free;
    private readonly Stack<MySqlConnection> _idle = new();
    private bool _disposed;

    /// <summary>Creates an empty pool; connections are opened when they are asked for.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="maxConnections">The greatest number of connections at a time.</param>
    /// <param name="resetOnReturn">Make the session as new with <see cref="MySqlConnection.ResetAsync"/> whenever a connection comes back.</param>
    public MySqlPool(MySqlConnectionOptions options, int maxConnections, bool resetOnReturn = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConnections, 1);
        _options = options;
        _resetOnReturn = resetOnReturn;
        _free = new SemaphoreSlim(maxConnections, maxConnections);
        MaxConnections = maxConnections;
    }

    /// <summary>The greatest number of connections at a time.</summary>
    public int MaxConnections { get; }

    /// <summary>Takes a connection, the one used last if there is an idle one; waits while all are taken.</summary>
    /// <param name="ct">Cancels.</param>
    /// <returns>Dispose it to give the connection back.</returns>
    /// <exception cref="MySqlServerException">See <see cref="MySqlConnection.ConnectAsync"/>.</exception>
    /// <exception cref="MySqlConnectionLostException">See <see cref="MySqlConnection.ConnectAsync"/>.</exception>
    /// <exception cref="Core.Errors.TiFerryException">See <see cref="MySqlConnection.ConnectAsync"/>.</exception>
    public async ValueTask<PooledConnection> RentAsync(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _free.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            while (TakeIdle() is { } idle)
            {
                if (idle.IsAliveWhileIdle)
                    return new PooledConnection(this, idle);
                await idle.DisposeAsync().ConfigureAwait(false);
            }

            return new PooledConnection(this, await MySqlConnection.ConnectAsync(_options, ct).ConfigureAwait(false));
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>Closes the idle connections; those that are out are closed when they come back.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        while (TakeIdle() is { } idle)
            await idle.DisposeAsync().ConfigureAwait(false);
    }

    internal async ValueTask ReturnAsync(MySqlConnection connection)
    {
        try
        {
            if (await IsReusableAsync(connection).ConfigureAwait(false) && TryKeep(connection))
                return;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    private async ValueTask<bool> IsReusableAsync(MySqlConnection connection)
    {
        if (!connection.IsIdle || (connection.InTransaction && !_resetOnReturn))
            return false;
        if (!_resetOnReturn)
            return true;
        try
        {
            await connection.ResetAsync(CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception refused) when (refused is MySqlServerException or MySqlConnectionLostException or MySqlProtocolException)
        {
            return false;
        }
    }

    private bool TryKeep(MySqlConnection connection)
    {
        lock (_idle)
        {
            if (_disposed)
                return false;
            _idle.Push(connection);
            return true;
        }
    }

    private MySqlConnection? TakeIdle()
    {
        lock (_idle)
            return _idle.TryPop(out var connection) ? connection : null;
    }
}
