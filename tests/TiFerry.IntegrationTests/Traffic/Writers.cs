using System.Globalization;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Traffic;

/// <summary>Clients that change a source without pause: a deterministic sequence each, in an interleaving that nobody foresees.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private static readonly string[] Tables =
    [
        "CREATE TABLE accounts (id INT PRIMARY KEY, email VARCHAR(40) COLLATE utf8mb4_general_ci NOT NULL, rank_no INT NULL, note TEXT, UNIQUE KEY email (email), UNIQUE KEY rank_no (rank_no))",
        "CREATE TABLE entries (account VARCHAR(20) NOT NULL, n INT NOT NULL, amount DECIMAL(12,2) NOT NULL, at DATETIME(6) NOT NULL, PRIMARY KEY (account, n), KEY at (at))",
        "CREATE TABLE heap_lines (kind INT, line VARCHAR(30), flag ENUM('x','y'))",
        "CREATE TABLE totals (name VARCHAR(20) PRIMARY KEY, total BIGINT NOT NULL)",
    ];

    private readonly TestServer _server;
    private readonly string _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];
    private long _transactions;

    private Writers(TestServer server, string database)
    {
        _server = server;
        _database = database;
    }

    /// <summary>Transactions committed so far.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Creates the tables with their first rows.</summary>
    /// <param name="server">The source.</param>
    /// <param name="database">A database that is created.</param>
    /// <param name="rows">How many rows the two large tables begin with.</param>
    public static async Task<Writers> CreateAsync(TestServer server, string database, int rows)
    {
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync([$"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"USE {database}", .. Tables]);
        await connection.RunAsync("BEGIN");
        for (var from = 0; from < rows; from += 500)
        {
            var ids = Enumerable.Range(from, Math.Min(500, rows - from)).ToList();
            await connection.RunAsync(
                $"INSERT INTO accounts VALUES {string.Join(',', ids.Select(id => $"({id * 3}, 'User{id}@example.com', {(id % 3 == 0 ? "NULL" : id.ToString(CultureInfo.InvariantCulture))}, REPEAT('n', {id % 200}))"))}",
                $"INSERT INTO entries VALUES {string.Join(',', ids.Select(id => $"('acc{id % 97}', {id}, {id}.25, '2024-01-01 00:00:00.{id:d6}')"))}",
                $"INSERT INTO heap_lines VALUES {string.Join(',', ids.Select(id => $"({id % 50}, 'line {id % 20}', {(id % 7 == 0 ? "NULL" : "'x'")})"))}");
        }
        await connection.RunAsync("INSERT INTO totals VALUES ('all', 0), ('swaps', 0)", "COMMIT");
        return new Writers(server, database);
    }

    /// <summary>Lets clients work until <see cref="StopAsync"/>; they wait out restarts of the server.</summary>
    public void Start(int clients, int seed = 1)
    {
        for (var client = 0; client < clients; client++)
        {
            var random = new Random(seed * 1000 + client);
            _clients.Add(Task.Run(() => WorkAsync(random)));
        }
    }

    /// <summary>Ends the clients; a client that met an error it did not expect fails here.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _clients.Clear();
    }

    /// <summary>Waits until a number of further transactions is committed.</summary>
    public async Task UntilFurtherAsync(long transactions)
    {
        var goal = Transactions + transactions;
        await Eventually.TrueAsync(
            async () =>
            {
                if (_clients.Find(client => client.IsFaulted) is { } failed)
                    await failed;
                return Transactions >= goal;
            },
            $"{transactions} more transactions");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _server.ConnectAsync(_database);
                await connection.ExecuteAsync("SET NAMES utf8mb4", default);
                while (!_stop.IsCancellationRequested)
                    await TransactAsync(connection, random);
            }
            catch (MySqlConnectionLostException)
            {
                await Task.Delay(50);
            }
            catch (MySqlServerException shuttingDown) when (shuttingDown.Code is 1053 or 1927)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task TransactAsync(MySqlConnection connection, Random random)
    {
        try
        {
            await connection.ExecuteAsync("BEGIN", default);
            var statements = random.Next(1, 5);
            for (var i = 0; i < statements; i++)
            {
                foreach (var statement in Change(random))
                    await connection.ExecuteAsync(statement, default);
            }
            await connection.ExecuteAsync(random.Next(12) == 0 ? "ROLLBACK" : "COMMIT", default);
            Interlocked.Increment(ref _transactions);
        }
        // A duplicate, a lock wait or a deadlock is what clients live with.
        catch (MySqlServerException error) when (error.Code is 1062 or 1205 or 1213 or 1020)
        {
            await connection.ExecuteAsync("ROLLBACK", default);
        }
    }

    private static string[] Change(Random random)
    {
        var id = random.Next(6000);
        var other = random.Next(6000);
        return random.Next(16) switch
        {
            0 or 1 => [$"INSERT INTO accounts (id, email, rank_no, note) VALUES ({id}, 'New{id}@example.com', NULL, 'new') ON DUPLICATE KEY UPDATE note = CONCAT('again ', {other})"],
            2 or 3 => [$"UPDATE accounts SET note = REPEAT('u', {other % 300}) WHERE id BETWEEN {id} AND {id + 6}"],
            4 => [$"DELETE FROM accounts WHERE id = {id}"],
            5 => [$"UPDATE accounts SET id = {20000 + other} WHERE id = {id}"],
            6 => [$"UPDATE accounts SET id = {other} WHERE id >= 20000 ORDER BY id LIMIT 1"],
            // Two rows exchange a unique value; it also moves in case only.
            7 =>
            [
                $"SELECT @a := rank_no FROM accounts WHERE id = {id * 3 % 6000}", $"SELECT @b := rank_no FROM accounts WHERE id = {other * 3 % 6000}",
                $"UPDATE accounts SET rank_no = NULL WHERE id IN ({id * 3 % 6000}, {other * 3 % 6000})",
                $"UPDATE accounts SET rank_no = @b WHERE id = {id * 3 % 6000}",
                $"UPDATE accounts SET rank_no = @a WHERE id = {other * 3 % 6000} AND {id} <> {other}",
                "UPDATE totals SET total = total + 1 WHERE name = 'swaps'",
            ],
            8 => [$"UPDATE accounts SET email = UPPER(email) WHERE id BETWEEN {id} AND {id + 3}"],
            9 => [$"REPLACE INTO accounts (id, email, rank_no, note) VALUES ({id}, 'User{other}@example.com', {other}, 'took the place of others')"],
            10 => [$"INSERT INTO entries (account, n, amount, at) VALUES ('acc{id % 97}', {10000 + other}, {id}.5, NOW(6)) ON DUPLICATE KEY UPDATE amount = amount + 1"],
            11 => [$"UPDATE entries SET account = 'acc{other % 97}' WHERE n = {id % 2000} LIMIT 1"],
            12 => [$"DELETE FROM entries WHERE account = 'acc{id % 97}' AND n BETWEEN {other} AND {other + 20}"],
            13 => [$"INSERT INTO heap_lines (kind, line, flag) VALUES ({id % 50}, 'line {other % 20}', 'y'), ({id % 50}, 'line {other % 20}', 'y'), (NULL, NULL, NULL)"],
            14 => [$"UPDATE heap_lines SET line = 'changed {other % 5}', flag = NULL WHERE kind = {id % 50} LIMIT 2", "UPDATE totals SET total = total + 1 WHERE name = 'all'"],
            _ => [$"DELETE FROM heap_lines WHERE kind = {id % 50} LIMIT 1"],
        };
    }
}
