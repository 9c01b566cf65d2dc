using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source's account may read the binlog.</summary>
public static class ReplicationPrivilegeCheck
{
    private const string Name = "source replication privileges";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!await context.HasBinlogAsync(ct))
            yield break;
        var grants = await Grants.ReadAsync(context.Source, ct);
        var account = (await context.Source.QueryScalarAsync("SELECT CURRENT_USER()", ct))!;
        var missing = new List<string>();
        if (!grants.HasGlobal("REPLICATION SLAVE"))
            missing.Add("REPLICATION SLAVE on *.*");
        if (!grants.HasGlobal("REPLICATION CLIENT", "BINLOG MONITOR", "SUPER"))
            missing.Add("REPLICATION CLIENT on *.*");
        yield return missing.Count == 0
            ? CheckResult.Pass(Name, $"{account} may read the binlog")
            : CheckResult.Error(Name, missing, list => $"{account} lacks {list}",
                $"as an administrator of the source: {PrivilegeText.Grant(missing, context.Source.Server, account)}");
    }
}
