using System.Globalization;
using System.Runtime.CompilerServices;
using TiFerry.Migration.Checks;
using TiFerry.MySql;

namespace TiFerry.Dm.Checks;

/// <summary>Whether the servers allow as many connections as the task opens.</summary>
internal static class ConnectionNumberRule
{
    // Beside the readers: one that plans and takes locks, and the binlog stream.
    private const int OthersAtSource = 2;

    // Beside the writers: the one that holds the task's lock and writes checkpoints.
    private const int OthersAtTarget = 1;

    private const string WayOut = "raise max_connections (and max_user_connections) of the server, or lower threads of the mydumpers, pool-size of the loaders or worker-count of the syncers";

    /// <summary>Checks the source.</summary>
    public static async IAsyncEnumerable<CheckResult> OfSourceAsync(SubTaskContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var task = context.SubTask;
        var needed = (task.CopiesTables ? task.DumpThreads : 0) + OthersAtSource;
        foreach (var result in await CheckAsync(context.Servers.Source, await context.Servers.SourceVariablesAsync(ct), needed, task.CopiesTables ? "dumper" : "syncer", ct))
            yield return result;
    }

    /// <summary>Checks the target, which all sources of the task write to.</summary>
    public static async ValueTask<List<CheckResult>> OfTargetAsync(IReadOnlyList<SubTaskContext> sources, CancellationToken ct)
    {
        var first = sources[0];
        var needed = sources.Sum(s => Writers(s.SubTask) + OthersAtTarget);
        try
        {
            return await CheckAsync(first.Servers.Target, await first.Servers.TargetVariablesAsync(ct), needed, first.SubTask.CopiesTables || first.SubTask.LoadsFiles ? "loader" : "syncer", ct);
        }
        catch (Exception error) when (Outcomes.IsAnswer(error))
        {
            return [Outcomes.Unanswered("connections", error)];
        }
    }

    private static int Writers(CheckedSubTask task) => task.LoadsFiles ? task.LoadThreads : Math.Max(task.CopiesTables ? task.LoadThreads : 0, task.Options.Workers);

    private static async ValueTask<List<CheckResult>> CheckAsync(MySqlConnection server, Dictionary<string, string> variables, int needed, string unit, CancellationToken ct)
    {
        var limit = Number(variables, "max_connections");
        var ofAccount = Number(variables, "max_user_connections");
        if (ofAccount > 0)
            limit = limit > 0 ? Math.Min(limit, ofAccount) : ofAccount;
        // TiDB says 0 for no limit.
        if (limit == 0)
            return [];
        if (needed > limit)
            return [CheckResult.Error("connections", $"checked database's max_connections: {limit} is less than the number {unit} needs: {needed}", WayOut)];
        // Our own connections end with the check.
        var used = Math.Max(0, await UsedAsync(server, ct) - 1);
        return limit - used >= needed ? [] :
            [CheckResult.Warning("connections", $"database's max_connections: {limit}, used_connections: {used}, available_connections: {limit - used} is less than {unit} needs: {needed}", WayOut)];
    }

    private static async ValueTask<long> UsedAsync(MySqlConnection server, CancellationToken ct)
    {
        var rows = await server.QueryRowsAsync("SHOW GLOBAL STATUS LIKE 'Threads_connected'", ct);
        return rows.Count > 0 && long.TryParse(rows[0][1], NumberStyles.None, CultureInfo.InvariantCulture, out var used) ? used : 0;
    }

    private static long Number(Dictionary<string, string> variables, string name) =>
        long.TryParse(variables.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
