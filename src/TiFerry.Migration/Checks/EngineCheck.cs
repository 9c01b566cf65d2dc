using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Storage engines: those that the target lacks, and those that can't roll back.</summary>
public static class EngineCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var tables = (await context.ObjectsAsync(ct)).Where(o => o.IsTable).ToList();
        // TiDB takes every engine's name and uses its own.
        if (context.Target.Server.Flavour != ServerFlavour.TiDb)
        {
            var engines = await EnginesAsync(context.Target, ct);
            foreach (var engine in tables.Where(t => t.Engine.Length > 0 && !engines.Contains(t.Engine)).GroupBy(t => t.Engine, StringComparer.OrdinalIgnoreCase))
            {
                yield return CheckResult.Error("target engines", engine.Select(t => t.Name).ToList(), list => $"the target has no engine {engine.Key}, which these tables use: {list}",
                    $"create the tables on the target by hand with another engine, change it on the source, or leave them out with {context.Wording.Filter}");
            }
        }
        var fragile = (await context.TablesAsync(ct)).Where(t => !t.IsTransactional).ToList();
        if (fragile.Count > 0)
        {
            yield return CheckResult.Warning("source engines", fragile.ConvertAll(t => $"{t.Name} ({t.Engine})"),
                list => $"these tables have an engine without transactions: {list}; a change that failed half way on the source stays half done there and here",
                "change them to InnoDB where that is possible");
        }
    }

    private static async ValueTask<HashSet<string>> EnginesAsync(MySqlConnection connection, CancellationToken ct) =>
        (await connection.QueryRowsAsync("SELECT ENGINE FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT')", ct))
            .Select(r => r[0]!).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
