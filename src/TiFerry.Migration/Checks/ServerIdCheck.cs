using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source can have replicas.</summary>
public static class ServerIdCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        const string name = "source server_id";
        if (!await context.HasBinlogAsync(ct))
            yield break;
        var id = (await context.SourceVariablesAsync(ct)).GetValueOrDefault("server_id");
        yield return id is "0" or null
            ? CheckResult.Error(name, "it is 0, with which the source serves no replicas", "set server_id to a number that no other server of the topology has")
            : CheckResult.Pass(name, $"it is {id}");
    }
}
