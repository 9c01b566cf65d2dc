using System.Runtime.CompilerServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Routing;
using TiFerry.Migration.Copy;
using TiFerry.Migration.Routes;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether what the target already has is in the way, or, for mode incremental, is what it has to be.</summary>
public static class TargetTableCheck
{
    private const string Name = "target tables";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var existing = await context.TargetObjectsAsync(ct);
        var isIncremental = context.Options.Mode == MigrationMode.Incremental;
        HashSet<TableName> missing = [], otherKind = [], replaced = [];
        foreach (var source in await context.ObjectsAsync(ct))
        {
            var name = context.Names.Of(source.Name);
            if (!existing.TryGetValue(name, out var type))
            {
                if (source.IsTable)
                    missing.Add(name);
            }
            else if ((source.IsView && type != "VIEW") || (source.IsTable && type != "BASE TABLE"))
                otherKind.Add(name);
            else if (source.IsView)
                replaced.Add(name);
        }
        var differing = await DifferingAsync(context, existing, ct);

        if (differing.Count > 0)
            yield return CheckResult.Error(Name, differing, list => $"these have other columns than on the source: {list}", "make the columns the same, or drop the target's tables so that they are created as on the source");
        if (otherKind.Count > 0)
            yield return CheckResult.Error(Name, otherKind, list => $"these are tables on one side and views on the other: {list}", $"drop them on the target, or leave them out with {context.Wording.Filter}");
        if (isIncremental && missing.Count > 0)
            yield return CheckResult.Error(Name, missing, list => $"mode incremental needs the tables, and the target lacks these: {list}", $"load the dump that the start position belongs to first, or leave the tables out with {context.Wording.Filter}");
        if (!isIncremental && replaced.Count > 0)
            yield return CheckResult.Warning(Name, replaced, list => $"these views of the target will be replaced by the source's: {list}", $"leave them out with {context.Wording.Filter} to keep them");
        if (differing.Count + otherKind.Count == 0 && !(isIncremental && missing.Count > 0))
            yield return CheckResult.Pass(Name, isIncremental ? "the target has all tables" : "what the target has already is like the source's");
    }

    private static async ValueTask<List<string>> DifferingAsync(CheckContext context, Dictionary<TableName, string> existing, CancellationToken ct)
    {
        var differing = new List<string>();
        foreach (var table in await context.TablesAsync(ct))
        {
            var part = new TargetPart(context.Names.Of(table.Name), context.Names.ExtractedFrom(table.Name));
            if (existing.GetValueOrDefault(part.Table) == "BASE TABLE" && await DifferenceAsync(context, table, part, ct) is { } difference)
                differing.Add($"{table.Name}{(part.Table == table.Name ? "" : $" -> {part.Table}")} ({difference})");
        }
        return differing;
    }

    private static async ValueTask<string?> DifferenceAsync(CheckContext context, Table source, TargetPart part, CancellationToken ct)
    {
        try
        {
            var target = await TableReader.ReadAsync(context.Target, part.Table, ErrorScope.Downstream, ct);
            return target is null ? null : Difference(source, target, part.Extracted);
        }
        catch (TiFerryException error)
        {
            return error.Summary;
        }
    }

    private static string? Difference(Table source, Table target, IReadOnlyList<ExtractedColumn> extracted)
    {
        var given = source.Columns.Select(c => c.Name).Concat(extracted.Select(c => c.Name));
        var onlySource = source.WrittenColumns.Select(c => c.Name).Except(target.Columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase).Select(TableName.Quote).ToList();
        var onlyTarget = target.Columns.Where(c => !c.CanBeOmitted).Select(c => c.Name).Except(given, StringComparer.OrdinalIgnoreCase).Select(TableName.Quote).ToList();
        var parts = new List<string>(2);
        if (onlySource.Count > 0)
            parts.Add($"only on the source: {NameList.Of(onlySource)}");
        if (onlyTarget.Count > 0)
            parts.Add($"only on the target and without a default value: {NameList.Of(onlyTarget)}");
        return parts.Count == 0 ? TablePlan.Difference(source, target, extracted) : string.Join("; ", parts);
    }
}
