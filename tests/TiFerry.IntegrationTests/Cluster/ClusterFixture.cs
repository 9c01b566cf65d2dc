namespace TiFerry.IntegrationTests.Cluster;

/// <summary>One cluster of three masters and three workers for all tests that leave it whole.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private DmCluster? _cluster;

    internal DmCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is { } cluster)
            await cluster.DisposeAsync();
    }

    /// <summary>The cluster with all its members running; started by the first test that asks.</summary>
    internal async Task<DmCluster> WholeAsync()
    {
        _cluster ??= await DmCluster.StartAsync(masters: 3, workers: 3);
        foreach (var member in _cluster.Members.Where(member => !member.IsRunning))
            await member.StartAsync();
        return _cluster;
    }
}
