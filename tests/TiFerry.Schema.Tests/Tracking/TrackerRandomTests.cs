using System.Text;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Tracking;

/// <summary>Random tables and random changes of them, on real servers and on the tracker. The environment variable TIFERRY_SEED gives other ones.</summary>
[Collection(Servers.Name)]
public sealed class TrackerRandomTests(ServerFixture servers)
{
    private const int Tables = 8;
    private const int ChangesPerTable = 12;

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Random_changes_are_followed(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var seed = Environment.GetEnvironmentVariable("TIFERRY_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 1;
        var report = new StringBuilder();
        var accepted = 0;
        for (var table = 0; table < Tables; table++)
        {
            await using var tracked = await TrackedServer.OpenAsync(server, ServerFixture.NewDatabaseName("rnd"));
            var random = new RandomDdl(new Random(seed + table), kind, () => tracked.Tracker.Find(new(tracked.Schema, "t")));
            for (var change = 0; change < ChangesPerTable; change++)
            {
                var sql = random.Next();
                var before = tracked.Tracker.Find(new(tracked.Schema, "t"))?.ToSql();
                var difference = await tracked.RunAsync(sql);
                accepted += difference is null ? 0 : 1;
                if (difference is { Length: > 0 })
                {
                    report.AppendLine($"## {sql}\n{before}\n{difference}");
                    break;
                }
            }

            if (report.Length == 0 && await tracked.RecreateAsync() is { Length: > 0 } broken)
                report.AppendLine(broken);
        }

        Assert.True(report.Length == 0, $"{kind} seed {seed}\n{report}");
        Assert.True(accepted >= Tables * ChangesPerTable / 4, $"{kind} seed {seed}: the server took {accepted} statements only");
    }
}
