using System.Text;
using TiFerry.Core.Logging;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Copy;

/// <summary>
/// A migration of one database whose table <c>slow</c> is copied row by row, so that a test can do something while the copy runs.
/// </summary>
internal sealed class SlowCopy
{
    private const int SlowRows = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TestServer _source;
    private readonly TestServer _target;

    private SlowCopy(TestServer source, TestServer target, string database)
    {
        _source = source;
        _target = target;
        Database = database;
        Options = new MigrationOptions
        {
            Source = source.ConnectionOptions,
            Target = target.ConnectionOptions,
            Filter = [$"{database}.*"],
            TaskName = database,
            MetaSchema = $"meta_{database}",
            ChunkRows = 1,
            Threads = 2,
            StopWhenCaughtUp = true,
        };
    }

    public string Database { get; }

    public MigrationOptions Options { get; set; }

    /// <summary>Makes the database on the source.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="kind">Both sides' kind.</param>
    /// <param name="statements">More of its contents; <c>{db}</c> stands for its name.</param>
    public static async Task<SlowCopy> CreateAsync(ServerFixture servers, ServerKind kind, params string[] statements)
    {
        var copy = new SlowCopy(await servers.SourceAsync(kind), await servers.TargetAsync(kind), ServerFixture.NewDatabaseName("copy"));
        await copy.OnSourceAsync(["CREATE DATABASE {db}", "CREATE TABLE {db}.slow (id INT PRIMARY KEY, v INT)",
            $"INSERT INTO {{db}}.slow VALUES {string.Join(",", Enumerable.Range(1, SlowRows).Select(i => $"({i},{i})"))}", .. statements]);
        return copy;
    }

    public Task OnSourceAsync(params string[] statements) => _source.RunAsync(statements.Select(s => s.Replace("{db}", Database, StringComparison.Ordinal)));

    public Task OnTargetAsync(params string[] statements) => _target.RunAsync(statements.Select(s => s.Replace("{db}", Database, StringComparison.Ordinal)));

    public Task<List<string?[]>> TargetRowsAsync(string query) => _target.QueryAsync(query.Replace("{db}", Database, StringComparison.Ordinal));

    /// <summary>Runs to the end; in the middle of the copy, an action.</summary>
    public async Task RunAsync(Func<Task>? meanwhile = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var output = new MemoryStream();
        using var log = new Log(output);
        var task = new MigrationTask(Options, log);
        var running = task.RunAsync(deadline.Token);
        if (meanwhile is not null)
        {
            await UntilCopyingAsync(task, running);
            await meanwhile();
        }
        Assert.True(await running, $"not done within {Patience}, its stage is {task.Progress.Stage}; its log:\n{Encoding.UTF8.GetString(output.ToArray())}");
    }

    /// <summary>Runs until some rows are copied, and stops.</summary>
    public async Task RunPartlyAsync()
    {
        using var stop = new CancellationTokenSource();
        var task = new MigrationTask(Options, Log.None);
        var running = task.RunAsync(stop.Token);
        await UntilCopyingAsync(task, running);
        await stop.CancelAsync();
        Assert.False(await running);
    }

    public async Task AssertEqualAsync()
    {
        var difference = (await ServerContents.ReadAsync(_source, Database)).DifferenceFrom(await ServerContents.ReadAsync(_target, Database));
        Assert.True(difference.Length == 0, difference);
    }

    private static async Task UntilCopyingAsync(MigrationTask task, Task<bool> running)
    {
        while (!task.Progress.Copy.Tables().Exists(t => t.Name.Name == "slow" && t.Rows is > 10 and < SlowRows / 2))
        {
            if (running.IsCompleted)
                Assert.Fail($"the copy ended early: {running.Exception}");
            await Task.Delay(1);
        }
    }
}
