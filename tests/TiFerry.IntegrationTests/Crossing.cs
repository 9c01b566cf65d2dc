using System.Text;
using TiFerry.Core.Logging;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests;

/// <summary>One migration between two test servers, run as often as a test likes: each run is a new process as far as the task can tell.</summary>
internal sealed class Crossing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TestServer _source;
    private readonly TestServer _target;

    public Crossing(TestServer source, TestServer target, params string[] databases)
    {
        _source = source;
        _target = target;
        Databases = databases;
        var name = ServerFixture.NewDatabaseName("crossing");
        Options = new MigrationOptions
        {
            Source = source.ConnectionOptions,
            Target = target.ConnectionOptions,
            Filter = [.. databases.Select(database => $"{database}.*")],
            TaskName = name,
            MetaSchema = $"meta_{name}",
            ChunkRows = 500,
            StopWhenCaughtUp = true,
        };
    }

    /// <summary>The databases that cross; none for all.</summary>
    public IReadOnlyList<string> Databases { get; }

    /// <summary>What each run gets.</summary>
    public MigrationOptions Options { get; set; }

    /// <summary>Copies what is not copied yet and follows until the source's position of now is applied.</summary>
    public async Task RunAsync(CancellationToken stop = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        using var output = new MemoryStream();
        using var log = new Log(output);
        var task = new MigrationTask(Options, log);
        var isDone = await task.RunAsync(deadline.Token);
        Assert.True(isDone || stop.IsCancellationRequested, $"the crossing was not done within {Patience}, its stage is {task.Progress.Stage}; its log:\n{Encoding.UTF8.GetString(output.ToArray())}");
    }

    /// <summary>Begins a run that ends only when it is stopped or fails.</summary>
    public RunningCrossing Start() => new(new MigrationTask(Options with { StopWhenCaughtUp = false }, Log.None));

    /// <summary>Fails the test unless both sides hold the same.</summary>
    public async Task AssertEqualAsync()
    {
        var difference = await Sides.DifferenceAsync(_source, _target, Databases, Options.MetaSchema);
        Assert.True(difference.Length == 0, difference);
    }
}
