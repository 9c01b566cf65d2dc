using TiFerry.Migration.Routes;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>A table of one source.</summary>
/// <param name="Context">The source.</param>
/// <param name="Table">The table.</param>
public sealed record SourceTable(CheckContext Context, Table Table);

/// <summary>Several tables, of one source or of several, that go to one table of the target.</summary>
/// <param name="Target">The table on the target.</param>
/// <param name="Parts">The tables that go there, at least two.</param>
public sealed record MergedTable(TableName Target, IReadOnlyList<SourceTable> Parts)
{
    /// <summary>Whether columns that the routes extract tell the rows of each table from all others, so that their keys can't meet.</summary>
    public bool AreApart
    {
        get
        {
            var parts = Parts.Select(p => new TargetPart(Target, p.Context.Names.ExtractedFrom(p.Table.Name))).ToList();
            return parts.TrueForAll(p => !p.IsWholeTable) && parts.Distinct().Count() == parts.Count;
        }
    }

    /// <summary>Finds what is merged.</summary>
    /// <param name="contexts">The sources of one task.</param>
    /// <param name="ct">Stops the search.</param>
    public static async ValueTask<List<MergedTable>> FindAsync(IReadOnlyList<CheckContext> contexts, CancellationToken ct)
    {
        var tables = new List<SourceTable>();
        foreach (var context in contexts)
            tables.AddRange((await context.TablesAsync(ct)).Select(t => new SourceTable(context, t)));
        return [.. tables.GroupBy(t => t.Context.Names.Of(t.Table.Name)).Where(g => g.Count() > 1).OrderBy(g => g.Key).Select(g => new MergedTable(g.Key, [.. g]))];
    }

    /// <summary>Those of the tables whose rows a server numbers by itself (AUTO_INCREMENT).</summary>
    /// <param name="ct">Stops the search.</param>
    public async ValueTask<List<SourceTable>> NumberedAsync(CancellationToken ct)
    {
        var numbered = new List<SourceTable>();
        foreach (var source in Parts.GroupBy(p => p.Context))
        {
            var names = await source.Key.NumberedTablesAsync(ct);
            numbered.AddRange(source.Where(p => names.Contains(p.Table.Name)));
        }
        return numbered;
    }
}
