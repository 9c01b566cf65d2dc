namespace TiFerry.MySql;

/// <summary>A connection on loan from a <see cref="MySqlPool"/>; disposing gives it back.</summary>
public sealed class PooledConnection : IAsyncDisposable
{
    private readonly MySqlPool _pool;
    private MySqlConnection? _connection;

    internal PooledConnection(MySqlPool pool, MySqlConnection connection)
    {
        _pool = pool;
        _connection = connection;
    }

    /// <summary>The connection.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public MySqlConnection Connection => _connection ?? throw new ObjectDisposedException(nameof(PooledConnection));

    /// <summary>Gives the connection back, once.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _connection, null) is { } connection ? _pool.ReturnAsync(connection) : ValueTask.CompletedTask;
}
