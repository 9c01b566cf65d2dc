using System.Runtime.CompilerServices;
using TiFerry.Migration.Copy;
using TiFerry.Migration.Routes;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether every object has one place to go to, and whether what goes to one table can be merged there.</summary>
internal static class RouteCheck
{
    /// <summary>The name of its results.</summary>
    public const string Name = "routes";

    private sealed record Merge(TableName Target, List<Table> Tables);

    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (context.Names.AreSame)
            yield break;
        var objects = await context.ObjectsAsync(ct);
        var isClean = true;
        var merges = (await context.TablesAsync(ct)).GroupBy(t => context.Names.Of(t.Name)).Where(g => g.Count() > 1).Select(g => new Merge(g.Key, [.. g])).ToList();
        await foreach (var result in ObstaclesAsync(context, objects, merges, ct))
        {
            isClean = false;
            yield return result;
        }
        if (isClean)
            yield return CheckResult.Pass(Name, $"{objects.Count(o => context.Names.Of(o.Name) != o.Name)} tables and views get other names{(merges.Count == 0 ? "" : $"; {merges.Count} tables of the target are merged from several")}");
        if (await NumberedAsync(context, merges, ct) is { Count: > 0 } numbered)
        {
            yield return CheckResult.Warning(Name, $"merged tables have AUTO_INCREMENT keys, whose numbers may be the same in several of them: {NameList.Of(numbered)}",
                "let the routes extract columns that tell the tables apart into columns of the target's keys, or see that the numbers differ; equal ones stop the migration");
        }
        var views = objects.Where(o => o.IsView).GroupBy(o => context.Names.Of(o.Name)).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        if (views.Count > 0)
            yield return CheckResult.Warning(Name, $"several views go to each of these: {NameList.Of(views)}; it stops the migration if they don't say the same there", "route them to different names, or leave all but one of them out");
    }

    private static async IAsyncEnumerable<CheckResult> ObstaclesAsync(
        CheckContext context, List<SourceObject> objects, List<Merge> merges, [EnumeratorCancellation] CancellationToken ct)
    {
        var existing = await context.TargetObjectsAsync(ct);
        var mixed = objects.GroupBy(o => context.Names.Of(o.Name)).Where(g => g.Any(o => o.IsTable) && g.Any(o => !o.IsTable)).Select(g => g.Key).ToList();
        if (mixed.Count > 0)
            yield return CheckResult.Error(Name, $"a table and a view go to the same name: {NameList.Of(mixed)}", "route one of the two to another name, or leave it out");

        var homeless = objects.Where(o => o.IsTable && context.Names.ExtractedFrom(o.Name).Count > 0).Select(o => context.Names.Of(o.Name)).Distinct().Where(n => !existing.ContainsKey(n)).ToList();
        if (homeless.Count > 0)
        {
            yield return CheckResult.Error(Name, $"columns are extracted into these tables, which the target does not have: {NameList.Of(homeless)}",
                "create them on the target with the source's columns and the extracted ones, and with keys that tell the source's tables apart");
        }

        var uneven = merges.Where(m => m.Tables.Select(t => string.Join(',', context.Names.ExtractedFrom(t.Name).Select(e => e.Name).Order(StringComparer.OrdinalIgnoreCase))).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1).Select(m => m.Target).ToList();
        if (uneven.Count > 0)
            yield return CheckResult.Error(Name, $"the routes to these tables don't all extract the same columns: {NameList.Of(uneven)}", "let them extract the same columns, so that the rows of each source table can be told apart");

        var differing = merges.Where(m => !existing.ContainsKey(m.Target)).SelectMany(m => m.Tables.Skip(1), (m, t) => (First: m.Tables[0], Other: t, Difference: Difference(m.Tables[0], t)))
            .Where(p => p.Difference is not null).Select(p => $"{p.First.Name} and {p.Other.Name} ({p.Difference})").ToList();
        if (differing.Count > 0)
        {
            yield return CheckResult.Error(Name, $"tables that go to one have different columns or keys: {NameList.Of(differing)}",
                "make them the same on the source, or create the target's table by hand with all columns, those that some lack with default values");
        }

        var isOneSnapshot = !RowImages.AreFull((await context.SourceVariablesAsync(ct)).GetValueOrDefault("binlog_row_image"));
        var inseparable = merges.Where(m => m.Tables.Exists(t => isOneSnapshot || t.RowKey is null) && !AreApart(context, m)).Select(m => m.Target).ToList();
        if (inseparable.Count > 0)
        {
            yield return CheckResult.Error(Name, $"tables without a key, or of a source whose binlog_row_image is not FULL, are merged, and nothing tells their rows apart: {NameList.Of(inseparable)}",
                "let the routes extract columns that tell the source's tables apart (extract-table, extract-schema), give the tables a primary key, or route them to tables of their own");
        }
    }

    private static bool AreApart(CheckContext context, Merge merge)
    {
        var parts = merge.Tables.ConvertAll(t => new TargetPart(merge.Target, context.Names.ExtractedFrom(t.Name)));
        return parts.TrueForAll(p => !p.IsWholeTable) && parts.Distinct().Count() == parts.Count;
    }

    private static string? Difference(Table first, Table other)
    {
        for (var i = 0; i < Math.Max(first.Columns.Count, other.Columns.Count); i++)
        {
            var (a, b) = (first.Columns.ElementAtOrDefault(i), other.Columns.ElementAtOrDefault(i));
            if (a is null || b is null || !a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase) || a.ColumnType != b.ColumnType || a.Collation != b.Collation)
                return $"column {i + 1}: {Describe(a)}, {Describe(b)}";
        }
        var keys = Keys(first).ToHashSet(StringComparer.OrdinalIgnoreCase);
        keys.SymmetricExceptWith(Keys(other));
        return keys.Count == 0 ? null : $"unique key {keys.First()}";
    }

    private static string Describe(Column? column) => column is null ? "none" : $"{TableName.Quote(column.Name)} {column.ColumnType}";

    private static IEnumerable<string> Keys(Table table) => table.UniqueKeys.Select(k => $"({string.Join(", ", k.Columns.Select(o => TableName.Quote(table.Columns[o].Name)))})");

    // The keys of rows that only the extracted columns tell apart are no danger.
    private static async ValueTask<List<TableName>> NumberedAsync(CheckContext context, List<Merge> merges, CancellationToken ct)
    {
        var candidates = merges.Where(m => !AreApart(context, m)).ToList();
        if (candidates.Count == 0)
            return [];
        var schemas = candidates.SelectMany(m => m.Tables).Select(t => t.Name.Schema).Distinct(StringComparer.Ordinal);
        var rows = await context.Source.QueryRowsAsync($"SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN {SqlText.List(schemas)} AND EXTRA LIKE '%auto_increment%'", ct);
        var numbered = rows.Select(r => new TableName(r[0]!, r[1]!)).ToHashSet();
        return [.. candidates.Where(m => m.Tables.Exists(t => numbered.Contains(t.Name))).Select(m => m.Target)];
    }
}
