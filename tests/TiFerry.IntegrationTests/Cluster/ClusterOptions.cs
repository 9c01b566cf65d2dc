namespace TiFerry.IntegrationTests.Cluster;

/// <summary>How a cluster differs from the usual one.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The scheme of the etcd members' URLs.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Further arguments of each master.</summary>
    public IReadOnlyList<string> MasterArguments { get; init; } = [];

    /// <summary>Further arguments of each worker.</summary>
    public IReadOnlyList<string> WorkerArguments { get; init; } = [];

    /// <summary>Further arguments of dmctl.</summary>
    public IReadOnlyList<string> ControlArguments { get; init; } = [];
}
