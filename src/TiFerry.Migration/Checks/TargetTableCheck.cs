using System.Runtime.CompilerServices;
using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether what the target already has is in the way, or, for mode incremental, is what it has to be.</summary>
internal static class TargetTableCheck
{
    private const string Name = "target tables";

    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var existing = await context.TargetObjectsAsync(ct);
        var isIncremental = context.Options.Mode == MigrationMode.Incremental;
        List<TableName> filled = [], missing = [], otherKind = [], replaced = [];
        List<string> differing = [];
        foreach (var source in await context.ObjectsAsync(ct))
        {
            if (!existing.TryGetValue(source.Name, out var type))
            {
                if (source.IsTable)
                    missing.Add(source.Name);
            }
            else if ((source.IsView && type != "VIEW") || (source.IsTable && type != "BASE TABLE"))
                otherKind.Add(source.Name);
            else if (source.IsView)
                replaced.Add(source.Name);
            else if (!isIncremental && await context.Target.QueryScalarAsync($"SELECT 1 FROM {source.Name} LIMIT 1", ct) is not null)
                filled.Add(source.Name);
        }
        foreach (var table in await context.TablesAsync(ct))
        {
            if (existing.GetValueOrDefault(table.Name) == "BASE TABLE" && !filled.Contains(table.Name) && await DifferenceAsync(context, table, ct) is { } difference)
                differing.Add($"{table.Name} ({difference})");
        }

        if (filled.Count > 0)
        {
            yield return CheckResult.Error(Name, $"these already hold rows: {NameList.Of(filled)}",
                "empty or drop them on the target, leave them out with --filter, or follow only with --mode incremental if they hold the source's data already");
        }
        if (differing.Count > 0)
            yield return CheckResult.Error(Name, $"these have other columns than on the source: {NameList.Of(differing)}", "make the columns the same, or drop the target's tables so that they are created as on the source");
        if (otherKind.Count > 0)
            yield return CheckResult.Error(Name, $"these are tables on one side and views on the other: {NameList.Of(otherKind)}", "drop them on the target, or leave them out with --filter");
        if (isIncremental && missing.Count > 0)
            yield return CheckResult.Error(Name, $"mode incremental needs the tables, and the target lacks these: {NameList.Of(missing)}", "load the dump that the start position belongs to first, or leave the tables out with --filter");
        if (!isIncremental && replaced.Count > 0)
            yield return CheckResult.Warning(Name, $"these views of the target will be replaced by the source's: {NameList.Of(replaced)}", "leave them out with --filter to keep them");
        if (filled.Count + differing.Count + otherKind.Count == 0 && !(isIncremental && missing.Count > 0))
            yield return CheckResult.Pass(Name, isIncremental ? "the target has all tables" : "nothing on the target is in the way");
    }

    private static async ValueTask<string?> DifferenceAsync(CheckContext context, Table source, CancellationToken ct)
    {
        try
        {
            var target = await TableReader.ReadAsync(context.Target, source.Name, ErrorScope.Downstream, ct);
            return target is null ? null : Difference(source, target);
        }
        catch (TiFerryException error)
        {
            return error.Summary;
        }
    }

    private static string? Difference(Table source, Table target)
    {
        var onSource = source.WrittenColumns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var onTarget = target.WrittenColumns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var onlySource = onSource.Except(onTarget, StringComparer.OrdinalIgnoreCase).Select(TableName.Quote).ToList();
        var onlyTarget = onTarget.Except(onSource, StringComparer.OrdinalIgnoreCase).Select(TableName.Quote).ToList();
        var parts = new List<string>(2);
        if (onlySource.Count > 0)
            parts.Add($"only on the source: {NameList.Of(onlySource)}");
        if (onlyTarget.Count > 0)
            parts.Add($"only on the target: {NameList.Of(onlyTarget)}");
        return parts.Count == 0 ? null : string.Join("; ", parts);
    }
}
