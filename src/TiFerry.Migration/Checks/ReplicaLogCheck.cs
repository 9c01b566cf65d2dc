using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether a source that is a replica itself logs what it replicates.</summary>
public static class ReplicaLogCheck
{
    private const string Name = "source log_slave_updates";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await context.HasBinlogAsync(ct) && await FindAsync(context, ct) is { } result)
            yield return result;
    }

    private static async ValueTask<CheckResult?> FindAsync(CheckContext context, CancellationToken ct)
    {
        var variables = await context.SourceVariablesAsync(ct);
        if (CheckContext.IsOn(variables.GetValueOrDefault("log_replica_updates") ?? variables.GetValueOrDefault("log_slave_updates")))
            return null;
        const string wayOut = "set log_slave_updates (log_replica_updates) on the source and restart it, or migrate from the server that it replicates from";
        var statement = context.Source.Server.Flavour switch
        {
            ServerFlavour.MariaDb => "SHOW ALL SLAVES STATUS",
            _ when context.Source.Server.IsAtLeast(8, 0, 22) => "SHOW REPLICA STATUS",
            _ => "SHOW SLAVE STATUS",
        };
        try
        {
            return (await context.Source.QueryRowsAsync(statement, ct)).Count == 0
                ? null
                : CheckResult.Error(Name, "the source is a replica and does not log what it replicates, so those changes can't be followed", wayOut);
        }
        catch (MySqlServerException)
        {
            return CheckResult.Warning(Name, "it is off, and the account may not see whether the source is a replica; what a replica replicates would be missing", wayOut);
        }
    }
}
