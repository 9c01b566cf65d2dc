using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace TiFerry.TestServers;

/// <summary>
/// Servers shared by the tests of a class or collection, started when first asked for. Each test makes databases of its own
/// (<see cref="NewDatabaseName"/>). For a whole assembly: a <c>[CollectionDefinition]</c> with <c>ICollectionFixture&lt;ServerFixture&gt;</c>.
/// </summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private static int _databases;
    private readonly ConcurrentDictionary<(ServerKind Kind, bool IsSource), Lazy<Task<TestServer>>> _servers = new();

    /// <summary>The shared server with a row-format binary log. Skips the test when this kind is not on the machine; MariaDB must be.</summary>
    public Task<TestServer> SourceAsync(ServerKind kind = ServerKind.MariaDb) => GetAsync(kind, isSource: true);

    /// <summary>The shared server without a binary log. Skips the test when this kind is not on the machine; MariaDB must be.</summary>
    public Task<TestServer> TargetAsync(ServerKind kind = ServerKind.MariaDb) => GetAsync(kind, isSource: false);

    /// <summary>Skips the running <c>[SkippableFact]</c> or <c>[SkippableTheory]</c> when the server is not installed; does nothing for MariaDB, which must be.</summary>
    public static void SkipUnlessInstalled(ServerKind kind) =>
        Skip.If(kind != ServerKind.MariaDb && !TestServer.IsInstalled(kind), $"{kind} is not installed; scripts/install-servers.sh --all gets it.");

    /// <summary>A database name that no other test of this process uses.</summary>
    public static string NewDatabaseName(string prefix = "t") =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref _databases)}");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            if (server.Value.IsCompletedSuccessfully)
                await (await server.Value).DisposeAsync();
        }
    }

    private Task<TestServer> GetAsync(ServerKind kind, bool isSource)
    {
        SkipUnlessInstalled(kind);
        return _servers.GetOrAdd((kind, isSource), static key => new(() =>
            TestServer.StartAsync(key.Kind, key.IsSource ? ServerOptions.Source(key.Kind) : ServerOptions.Target(key.Kind)))).Value;
    }
}
