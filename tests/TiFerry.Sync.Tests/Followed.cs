using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests;

/// <summary>A database of a source that is followed from its creation on; <c>{db}</c> stands for its name in statements.</summary>
internal sealed class Followed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Followed(TestServer source, TestServer target, string database)
    {
        Source = source;
        Target = target;
        Database = database;
        Store = new CheckpointStore($"meta_{database}", database);
        Options = new SyncOptions
        {
            Source = source.ConnectionOptions,
            Slots = new TargetSlots(target.ConnectionOptions, $"meta_{database}", database),
            Store = Store,
            Filter = TableFilter.Parse([$"{database}*.*"]),
            ServerId = (uint)(100_000 + Random.Shared.Next(100_000) * 2),
        };
    }

    public TestServer Source { get; }

    public TestServer Target { get; }

    public string Database { get; }

    public CheckpointStore Store { get; }

    public SyncOptions Options { get; set; }

    public SyncProgress Progress { get; private set; } = new();

    /// <summary>Creates the database on both sides and notes where the source is.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="kind">Both sides' kind.</param>
    /// <param name="statements">Its definitions, run on both sides.</param>
    public static async Task<Followed> CreateAsync(ServerFixture servers, ServerKind kind, params string[] statements)
    {
        var followed = new Followed(await servers.SourceAsync(kind), await servers.TargetAsync(kind), ServerFixture.NewDatabaseName("followed"));
        await followed.OnSourceAsync(["CREATE DATABASE {db}", "USE {db}", .. statements]);
        await followed.OnTargetAsync(["CREATE DATABASE meta_{db}", "CREATE DATABASE {db}", "USE {db}", .. statements]);
        await using var target = await followed.Target.ConnectAsync();
        await followed.Store.CreateAsync(target, default);
        await followed.StartHereAsync();
        return followed;
    }

    /// <summary>Makes the source's present position the one to go on from; the target is taken to be exactly there.</summary>
    public async Task StartHereAsync()
    {
        var now = await NowAsync();
        await using var target = await Target.ConnectAsync();
        await Store.WriteAsync(target, new SyncCheckpoint { Position = now.Position, Gtid = now.Gtid, IsExact = true }, default);
    }

    public Task OnSourceAsync(params string[] statements) => Source.RunAsync(statements.Select(Named));

    public Task OnTargetAsync(params string[] statements) => Target.RunAsync(statements.Select(Named));

    public Task<List<string?[]>> SourceRowsAsync(string query) => Source.QueryAsync(Named(query));

    public Task<List<string?[]>> TargetRowsAsync(string query) => Target.QueryAsync(Named(query));

    public string Named(string statement) => statement.Replace("{db}", Database, StringComparison.Ordinal);

    public async Task<SourcePosition> NowAsync()
    {
        await using var source = await Session.OpenForReadingAsync(Source.ConnectionOptions, default);
        return await SourcePosition.ReadAsync(source, default);
    }

    /// <summary>Follows until the source's position of now is applied.</summary>
    public async Task CatchUpAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        Progress = new SyncProgress();
        var isDone = await new Synchronizer(Options with { StopAt = (await NowAsync()).Position }, Progress, Log.None).RunAsync(deadline.Token);
        Assert.True(isDone, "not caught up in time");
    }

    public async Task<SyncCheckpoint> CheckpointAsync()
    {
        await using var target = await Target.ConnectAsync();
        return (await Store.ReadAsync(target, default))!;
    }

    /// <summary>Fails the test unless both sides hold the same.</summary>
    public async Task AssertEqualAsync()
    {
        var difference = (await ServerContents.ReadAsync(Source, Database)).DifferenceFrom(await ServerContents.ReadAsync(Target, Database));
        Assert.True(difference.Length == 0, difference);
    }
}
