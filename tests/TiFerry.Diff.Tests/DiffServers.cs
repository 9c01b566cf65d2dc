using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

/// <summary>The servers that all tests of this project share.</summary>
[CollectionDefinition(Name)]
public sealed class DiffServers : ICollectionFixture<ServerFixture>
{
    public const string Name = "servers";
}
