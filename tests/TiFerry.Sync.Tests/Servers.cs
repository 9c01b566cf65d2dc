using TiFerry.TestServers;

namespace TiFerry.Sync.Tests;

/// <summary>The servers that all tests of this assembly share.</summary>
[CollectionDefinition(Name)]
public sealed class Servers : ICollectionFixture<ServerFixture>
{
    public const string Name = "servers";

    public static TheoryData<ServerKind> All => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];
}
