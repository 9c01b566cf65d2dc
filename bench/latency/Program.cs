using System.Diagnostics;
using System.Globalization;
using TiFerry.MySql;

if (args is not [var source, var target, var rate, var seconds])
{
    Console.Error.WriteLine("Usage: latency SOURCE-PORT TARGET-PORT RATE SECONDS");
    return 2;
}

const int WarmUpSeconds = 5;
const double LimitMilliseconds = 20;
var perSecond = int.Parse(rate, CultureInfo.InvariantCulture);
var warmUp = perSecond * WarmUpSeconds;
var total = warmUp + (perSecond * int.Parse(seconds, CultureInfo.InvariantCulture));
var committed = new long[total];
var seen = new long[total];
var writing = WriteAsync();
var missing = await WatchAsync();
await writing;
if (missing > 0)
{
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{missing} rows have not arrived a minute after the last commit"));
    return 1;
}

var latencies = new double[total - warmUp];
for (var i = warmUp; i < total; i++)
    latencies[i - warmUp] = Stopwatch.GetElapsedTime(committed[i], seen[i]).TotalMilliseconds;
Array.Sort(latencies);
var worst = At(0.99);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{latencies.Length} commits, {perSecond} a second: median {At(0.5):F1} ms, 90th percentile {At(0.9):F1} ms, 99th {worst:F1} ms (at most {LimitMilliseconds:F0}), longest {latencies[^1]:F1} ms"));
return worst <= LimitMilliseconds ? 0 : 1;

double At(double share) => latencies[(int)Math.Ceiling(latencies.Length * share) - 1];

async Task WriteAsync()
{
    await using var connection = await ConnectAsync(source);
    var start = Stopwatch.GetTimestamp();
    for (var i = 0; i < total; i++)
    {
        // The schedule is fixed: a slow commit does not slow the ones after it.
        var due = start + (i * Stopwatch.Frequency / perSecond);
        var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait);
        await connection.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO bench.ticks VALUES ({i}, 'the quick brown fox jumps over the lazy dog')"), CancellationToken.None);
        Volatile.Write(ref committed[i], Stopwatch.GetTimestamp());
    }
}

// Returns how many rows did not come.
async Task<int> WatchAsync()
{
    await using var connection = await ConnectAsync(target);
    var next = 0;
    var found = 0;
    var deadline = long.MaxValue;
    while (found < total && Stopwatch.GetTimestamp() < deadline)
    {
        var rows = await connection.QueryRowsAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM bench.ticks WHERE id >= {next}"), CancellationToken.None);
        var now = Stopwatch.GetTimestamp();
        foreach (var row in rows)
        {
            var id = int.Parse(row[0]!, CultureInfo.InvariantCulture);
            if (seen[id] != 0)
                continue;
            seen[id] = now;
            found++;
        }

        while (next < total && seen[next] != 0)
            next++;
        if (deadline == long.MaxValue && writing.IsCompleted)
            deadline = now + (60 * Stopwatch.Frequency);
        await Task.Delay(1);
    }

    return total - found;
}

static async Task<MySqlConnection> ConnectAsync(string port) =>
    await MySqlConnection.ConnectAsync(new MySqlConnectionOptions { Host = "127.0.0.1", Port = int.Parse(port, CultureInfo.InvariantCulture), User = "root", Tls = TlsMode.Disabled }, CancellationToken.None);
