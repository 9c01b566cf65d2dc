using System.Runtime.CompilerServices;
using TiFerry.Core.Filters;
using TiFerry.Schema.Tables;
using TiFerry.Sync.OnlineDdl;

namespace TiFerry.Migration.Checks;

/// <summary>Tables of gh-ost, pt-online-schema-change and the like on the source, which are not carried where their changes are recognised.</summary>
public static class OnlineDdlCheck
{
    private const string Name = "source online schema changes";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (context.Options.Rules.OnlineDdl.Compile() is not { } online)
            yield break;
        var selection = context.Options.Selection();
        var rows = await context.Source.QueryRowsAsync("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_SCHEMA, TABLE_NAME", ct);
        var tables = rows.Select(r => new TableName(r[0]!, r[1]!)).Where(t => !SystemSchemas.Contains(t.Schema) && selection.MatchTable(t.Schema, t.Name)).ToList();
        var shadows = tables.FindAll(t => online.KindOf(t.Name) == OnlineTableKind.Shadow);
        if (shadows.Count > 0)
        {
            yield return CheckResult.Error(Name, shadows, list => $"an online schema change is under way, whose beginning the binlog no longer tells: {list}",
                "wait until it is done, drop what is left of one that was given up, or give shadow-table-rules that leave out tables that only look like it");
        }
        var trash = tables.FindAll(t => online.KindOf(t.Name) == OnlineTableKind.Trash);
        if (trash.Count > 0)
        {
            yield return CheckResult.Warning(Name, trash, list => $"these look like what online schema changes leave behind, and are not carried: {list}",
                "give trash-table-rules that leave them out, or turn online-ddl off, if they are tables like any others");
        }
    }
}
