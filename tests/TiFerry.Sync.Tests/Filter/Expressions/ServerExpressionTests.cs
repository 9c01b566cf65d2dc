using System.Globalization;
using System.Text;
using TiFerry.Schema.Expressions;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Filter.Expressions;

/// <summary>Expressions over rows out of the binlog against what the server that wrote them answers.</summary>
[Collection(Servers.Name)]
public sealed class ServerExpressionTests(ServerFixture servers)
{
    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Comparisons_are_the_servers(ServerKind kind) => await CompareAsync(kind, ExpressionCases.Comparisons, minimum: 0.8);

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Values_are_the_servers(ServerKind kind) => await CompareAsync(kind, [.. ExpressionCases.Values.Select(e => ExpressionCases.Shown(e)), .. ExpressionCases.Values.Select(e => $"({e}) IS TRUE")], minimum: 0.8);

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Peculiar_expressions_are_the_servers_or_refused(ServerKind kind) => await CompareAsync(kind, ExpressionCases.Peculiar, minimum: 0);

    /// <summary>Random conditions. The environment variable TIFERRY_SEED gives other ones, TIFERRY_SEEDS how many seeds to go through from there.</summary>
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Generated_expressions_are_the_servers(ServerKind kind)
    {
        await using var server = await ServerExpressions.CreateAsync(servers, kind);
        var first = Setting("TIFERRY_SEED");
        var last = first + Setting("TIFERRY_SEEDS") - 1;
        var faults = new StringBuilder();
        for (var seed = first; seed <= last; seed++)
        {
            var expressions = GeneratedExpressions.Create(seed, 1000);
            var outcome = await CompareAsync(server, expressions);
            if (outcome.Faults.Length > 0)
                faults.AppendLine(CultureInfo.InvariantCulture, $"{kind} with TIFERRY_SEED={seed}:\n{outcome.Faults}");
            Assert.True(outcome.Compared >= expressions.Count * 0.2, $"TIFERRY_SEED={seed}: only {outcome.Compared} compared:\n{string.Join('\n', outcome.Refused)}");
        }

        Assert.True(faults.Length == 0, faults.ToString());
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Timestamps_are_seen_in_the_time_zone(ServerKind kind)
    {
        string[] expressions = ["ts > '2024-02-29 18:00:00'", "CONCAT(ts)", "CONCAT(ts3)", "UNIX_TIMESTAMP(ts)", "ts = dtm", "HOUR(ts)", "CONCAT(FROM_UNIXTIME(1700000000))", "UNIX_TIMESTAMP(dtm)"];
        await CompareAsync(kind, expressions, minimum: 1, "+05:30", TimeZoneInfo.CreateCustomTimeZone("+05:30", TimeSpan.FromMinutes(330), "+05:30", "+05:30"));
    }

    private async Task CompareAsync(ServerKind kind, IReadOnlyList<string> expressions, double minimum, string timeZone = "+00:00", TimeZoneInfo? zone = null)
    {
        await using var server = await ServerExpressions.CreateAsync(servers, kind, timeZone, zone);
        var (faults, refused, compared) = await CompareAsync(server, expressions);
        Assert.True(faults.Length == 0, $"{compared} compared\n{faults}");
        Assert.True(compared >= expressions.Count * minimum, $"only {compared} of {expressions.Count} compared:\n{string.Join('\n', refused)}");
    }

    private static async Task<Outcome> CompareAsync(ServerExpressions server, IReadOnlyList<string> expressions)
    {
        var answers = await server.AskAsync(expressions);
        var faults = new StringBuilder();
        var refused = new List<string>();
        var compared = 0;
        for (var i = 0; i < expressions.Count; i++)
        {
            string?[] mine;
            try
            {
                mine = server.Evaluate(expressions[i]);
            }
            catch (ExpressionException refusal)
            {
                if (answers[i] is not null)
                    refused.Add($"{expressions[i]}: {refusal.Message}");
                continue;
            }

            if (answers[i] is not { } theirs)
            {
                if (!mine.Contains(ServerExpressions.OutOfRange, StringComparer.Ordinal))
                    refused.Add($"{expressions[i]}: refused by the server alone");
                continue;
            }

            compared++;
            var row = Enumerable.Range(0, mine.Length).FirstOrDefault(r => mine[r] != theirs[r] && mine[r] != ServerExpressions.OutOfRange, -1);
            if (row >= 0)
                faults.AppendLine(CultureInfo.InvariantCulture, $"{expressions[i]} for row {server.IdOf(row)}: {mine[row] ?? "NULL"}, on the server {theirs[row] ?? "NULL"}");
        }

        return new Outcome(faults.ToString(), refused, compared);
    }

    private static int Setting(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1;

    private sealed record Outcome(string Faults, List<string> Refused, int Compared);
}
