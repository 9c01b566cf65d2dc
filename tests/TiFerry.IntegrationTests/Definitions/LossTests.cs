using System.Text;
using TiFerry.Core.Logging;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Definitions;

/// <summary>What a definition loses on the target is told, once.</summary>
[Collection(ServerCollection.Name)]
public sealed class LossTests(ServerFixture servers)
{
    [SkippableFact]
    public async Task Copy_and_following_tell_each_loss_once_and_of_which_table()
    {
        var source = await servers.SourceAsync(ServerKind.MariaDb);
        var database = ServerFixture.NewDatabaseName("losses");
        await source.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"CREATE TABLE {database}.copied_1 (id INT PRIMARY KEY) ENGINE=Aria", $"CREATE TABLE {database}.copied_2 (id INT PRIMARY KEY) ENGINE=Aria");
        var options = new Crossing(source, await servers.TargetAsync(ServerKind.MySql97), database).Options;
        Assert.Equal(["copied_1"], await LossesAsync(options));
        await source.RunAsync($"CREATE TABLE {database}.followed_1 (id INT PRIMARY KEY) ENGINE=Aria", $"CREATE TABLE {database}.followed_2 (id INT PRIMARY KEY) ENGINE=Aria");
        Assert.Equal(["followed_1"], await LossesAsync(options));
    }

    // The tables of the lines that tell of an engine.
    private static async Task<List<string>> LossesAsync(MigrationOptions options)
    {
        using var output = new MemoryStream();
        using var log = new Log(output);
        Assert.True(await new MigrationTask(options, log).RunAsync(CancellationToken.None));
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n').Where(line => line.Contains("[WARN]", StringComparison.Ordinal) && line.Contains("ENGINE=", StringComparison.Ordinal));
        return [.. lines.Select(line => new[] { "copied_1", "copied_2", "followed_1", "followed_2" }.Single(table => line.Contains(table, StringComparison.Ordinal)))];
    }
}
