using TiFerry.TestServers;

namespace TiFerry.Dump.Tests;

/// <summary>The servers that all tests of this assembly share.</summary>
[CollectionDefinition(Name)]
public sealed class Servers : ICollectionFixture<ServerFixture>
{
    public const string Name = "servers";
}
