using System.Runtime.CompilerServices;
using TiFerry.Migration.Checks;
using TiFerry.Schema.Tables;

namespace TiFerry.Dm.Checks;

/// <summary>Whether the source's account may read what is dumped, and stop writing for the moment in which the dump begins.</summary>
internal static class FileDumpPrivilegeRule
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(SubTaskContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var source = context.Servers.Source;
        var grants = await Grants.ReadAsync(source, ct);
        var account = (await source.QueryScalarAsync("SELECT CURRENT_USER()", ct))!;
        var missing = new List<string>();
        foreach (var schema in (await context.Servers.ObjectsAsync(ct)).GroupBy(o => o.Name.Schema, StringComparer.Ordinal))
        {
            var whole = $"{TableName.Quote(schema.Key)}.*";
            if (!schema.All(o => grants.HasTable("SELECT", schema.Key, o.Name.Name)))
                missing.Add($"SELECT on {whole}");
            if (schema.Any(o => o.IsView && !grants.HasTable("SHOW VIEW", schema.Key, o.Name.Name)))
                missing.Add($"SHOW VIEW on {whole}");
            if (context.SubTask.Consistency == "lock" && !grants.HasSchema("LOCK TABLES", schema.Key))
                missing.Add($"LOCK TABLES on {whole}");
        }
        if (context.SubTask.Consistency is "auto" or "flush" && !grants.HasGlobal("RELOAD", "FLUSH_TABLES"))
            missing.Add("RELOAD on *.*");
        if (await context.Servers.HasBinlogAsync(ct) && !grants.HasGlobal("REPLICATION CLIENT", "BINLOG MONITOR", "SUPER"))
            missing.Add("REPLICATION CLIENT on *.*");
        if (missing.Count > 0)
        {
            yield return CheckResult.Error("dump privileges", missing, list => $"{account} lacks {list}",
                $"as an administrator of the source: {PrivilegeText.Grant(missing, source.Server, account)}");
        }
    }
}
