using TiFerry.TestServers;

namespace TiFerry.Dm.Tests.Worker;

/// <summary>The servers that the worker's tests share.</summary>
[CollectionDefinition(Name)]
public sealed class Servers : ICollectionFixture<ServerFixture>
{
    public const string Name = "worker-servers";
}
