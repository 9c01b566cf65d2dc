using System.Globalization;
using TiFerry.IntegrationTests.Traffic;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>Members are killed and stopped at random while two sources are written to and change their definitions.</summary>
[Collection(ServerCollection.Name)]
public sealed class MayhemTests(ServerFixture servers)
{
    private const int Blows = 14;

    [SkippableTheory]
    [InlineData(1)]
    public async Task All_sources_equal_their_target_in_the_end(int seed)
    {
        await using var cluster = await DmCluster.StartAsync(masters: 3, workers: 3);
        var target = await servers.TargetAsync(ServerKind.MariaDb);
        var kinds = TestServer.IsInstalled(ServerKind.MySql56) ? new[] { ServerKind.MariaDb, ServerKind.MySql56 } : [ServerKind.MariaDb];
        List<ClusterTask> tasks = [];
        List<string> story = [];
        try
        {
            foreach (var kind in kinds)
            {
                var task = await ClusterTask.CreateAsync(cluster, await servers.SourceAsync(kind), target, "mayhem", rows: 10_000);
                tasks.Add(task);
                task.Writers.Start(clients: 2, seed);
                await task.StartAsync();
            }
            var schemas = new SchemaWriter(await servers.SourceAsync(kinds[0]), tasks[0].Name);
            await schemas.CreateAsync();
            using var end = new CancellationTokenSource();
            var changing = ChangeDefinitionsAsync(schemas, end.Token);
            var random = new Random(seed);
            for (var blow = 0; blow < Blows; blow++)
                await StrikeAsync(cluster, random, story);
            await end.CancelAsync();
            await changing;
            foreach (var task in tasks)
                await task.EndEqualAsync();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"after {string.Join(", ", story)}", error);
        }
        finally
        {
            foreach (var task in tasks)
                await task.DisposeAsync();
        }
    }

    private static async Task ChangeDefinitionsAsync(SchemaWriter schemas, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
            await schemas.RunAsync(() => Task.Delay(100, CancellationToken.None));
    }

    // One member at a time, so that masters keep their quorum; how long it is away is the random part.
    private static async Task StrikeAsync(DmCluster cluster, Random random, List<string> story)
    {
        var members = cluster.Members.ToList();
        var member = members[random.Next(members.Count)];
        var away = TimeSpan.FromMilliseconds(random.Next(500, 9000));
        var isKilled = random.Next(2) == 0;
        story.Add(string.Create(CultureInfo.InvariantCulture, $"{(isKilled ? "kill" : "stop")} {member.Name} {away.TotalSeconds:f1} s"));
        if (isKilled)
            await member.KillAsync();
        else
            member.Pause();
        await Task.Delay(away);
        if (isKilled)
            await member.StartAsync();
        else
            member.Continue();
        await Task.Delay(random.Next(200, 2000));
    }
}
