using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>Tests that share one cluster of a master and two workers, and leave it as they found it. They run when all others are done, so that they have the machine for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SmallCluster : ICollectionFixture<ServerFixture>, ICollectionFixture<SmallClusterFixture>
{
    public const string Name = "small cluster";
}

/// <summary>One master and two workers.</summary>
public sealed class SmallClusterFixture : IAsyncLifetime
{
    private DmCluster? _cluster;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is { } cluster)
            await cluster.DisposeAsync();
    }

    /// <summary>The cluster with all its members running; started by the first test that asks.</summary>
    internal async Task<DmCluster> WholeAsync()
    {
        _cluster ??= await DmCluster.StartAsync(masters: 1, workers: 2);
        foreach (var member in _cluster.Members.Where(member => !member.IsRunning))
            await member.StartAsync();
        await _cluster.UntilAllWorkersAsync();
        return _cluster;
    }
}
