using System.Globalization;
using System.Runtime.CompilerServices;
using TiFerry.Core.Progress;
using TiFerry.Migration.Copy;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source writes a binlog with everything in it that following needs.</summary>
internal static class BinlogCheck
{
    private static readonly TimeSpan ShortRetention = TimeSpan.FromDays(1);

    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var variables = await context.SourceVariablesAsync(ct);
        if (!CheckContext.IsOn(variables.GetValueOrDefault("log_bin")))
        {
            yield return context.Options.Mode == MigrationMode.Full
                ? CheckResult.Warning("source log_bin", "the source writes no binlog: what is written to it during the copy is not carried, and the copy is only right if nothing is",
                    "stop all writing to the source until the copy is done, or set log_bin")
                : CheckResult.Error("source log_bin", "the source writes no binlog, so it can't be followed",
                    "set log_bin, binlog_format = ROW and server_id in the source's configuration and restart it, or copy once with --mode full while nothing writes");
            yield break;
        }
        yield return CheckResult.Pass("source log_bin", "the source writes a binlog");
        yield return Expect(variables, "binlog_format", "ROW",
            "SET GLOBAL binlog_format = 'ROW' on the source, set it in its configuration too, and let its clients connect anew");
        var rowImage = variables.GetValueOrDefault("binlog_row_image");
        yield return RowImages.AreFull(rowImage)
            ? CheckResult.Pass("source binlog_row_image", $"it is {rowImage ?? "FULL"}")
            : CheckResult.Warning("source binlog_row_image",
                $"it is {rowImage}, which is slower: each table is copied whole by one thread under one snapshot and begins again when interrupted, and changes are applied by one connection in their order",
                "SET GLOBAL binlog_row_image = 'FULL' on the source, set it in its configuration too, and let its clients connect anew before the migration begins");
        if (variables.GetValueOrDefault("binlog_row_value_options") is { Length: > 0 } options)
        {
            yield return CheckResult.Error("source binlog_row_value_options", $"it is {options}: updates of JSON columns are logged in part only",
                "SET GLOBAL binlog_row_value_options = '' on the source, and let its clients connect anew");
        }
        yield return variables.GetValueOrDefault("server_id") is "0" or null
            ? CheckResult.Error("source server_id", "it is 0, with which the source serves no replicas", "set server_id to a number that no other server of the topology has")
            : CheckResult.Pass("source server_id", $"it is {variables["server_id"]}");
        yield return Retention(variables);
        await foreach (var result in LoggedDatabasesAsync(context, ct))
            yield return result;
        if (await ReplicaWithoutLogAsync(context, variables, ct) is { } replica)
            yield return replica;
        yield return await GtidAsync(context, variables, ct);
    }

    private static CheckResult Expect(Dictionary<string, string> variables, string name, string wanted, string wayOut)
    {
        // A server from before the variable behaves as wanted: full images were the only kind.
        var value = variables.GetValueOrDefault(name, wanted);
        return value.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            ? CheckResult.Pass($"source {name}", $"it is {value}")
            : CheckResult.Error($"source {name}", $"it is {value}, and has to be {wanted}", wayOut);
    }

    private static CheckResult Retention(Dictionary<string, string> variables)
    {
        const string name = "source binlog retention";
        var seconds = Number(variables, "binlog_expire_logs_seconds");
        var retention = TimeSpan.FromSeconds(seconds > 0 ? seconds : Number(variables, "expire_logs_days") * 86400);
        if (retention == TimeSpan.Zero)
            return CheckResult.Pass(name, "binlog files are kept until someone removes them");
        var text = $"binlog files are removed after {HumanFormat.Duration(retention)}; the copy, and any pause later, must be shorter";
        return retention < ShortRetention
            ? CheckResult.Warning(name, text, "raise binlog_expire_logs_seconds (or expire_logs_days) on the source until the migration is done")
            : CheckResult.Pass(name, text);
    }

    private static double Number(Dictionary<string, string> variables, string name) =>
        double.TryParse(variables.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;

    // Binlog_Do_DB and Binlog_Ignore_DB leave the changes of whole databases out of the binlog.
    private static async IAsyncEnumerable<CheckResult> LoggedDatabasesAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var statement = context.Source.Server.Flavour == ServerFlavour.MySql && context.Source.Server.IsAtLeast(8, 2) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var rows = await context.Source.QueryRowsAsync(statement, ct);
        if (rows.Count == 0 || rows[0].Length < 4)
            yield break;
        var only = Names(rows[0][2]);
        var ignored = Names(rows[0][3]);
        var schemas = await context.SchemasAsync(ct);
        var unlogged = schemas.Where(s => only.Count > 0 ? !only.Contains(s) : ignored.Contains(s)).ToList();
        if (unlogged.Count > 0)
        {
            yield return CheckResult.Error("source binlog filter", $"binlog_do_db or binlog_ignore_db keeps changes of these databases out of the binlog: {NameList.Of(unlogged)}",
                "take the option out of the source's configuration and restart it, or leave the databases out with --filter");
        }
    }

    private static HashSet<string> Names(string? list) =>
        [.. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static async ValueTask<CheckResult?> ReplicaWithoutLogAsync(CheckContext context, Dictionary<string, string> variables, CancellationToken ct)
    {
        const string name = "source log_slave_updates";
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
                : CheckResult.Error(name, "the source is a replica and does not log what it replicates, so those changes can't be followed", wayOut);
        }
        catch (MySqlServerException)
        {
            return CheckResult.Warning(name, "it is off, and the account may not see whether the source is a replica; what a replica replicates would be missing", wayOut);
        }
    }

    private static async ValueTask<CheckResult> GtidAsync(CheckContext context, Dictionary<string, string> variables, CancellationToken ct)
    {
        const string name = "source GTID";
        if (context.Source.Server.Flavour == ServerFlavour.MariaDb)
            return CheckResult.Pass(name, $"gtid_binlog_pos is '{await context.Source.QueryScalarAsync("SELECT @@GLOBAL.gtid_binlog_pos", ct)}'");
        var mode = variables.GetValueOrDefault("gtid_mode", "OFF");
        return CheckResult.Pass(name, mode.Equals("ON", StringComparison.OrdinalIgnoreCase)
            ? "gtid_mode is ON"
            : $"gtid_mode is {mode}: the source is followed by file and position, so another server can't take its place during the migration");
    }
}
