using TiFerry.TestServers;

namespace TiFerry.IntegrationTests;

/// <summary>Tests that share the servers and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "servers";
}
