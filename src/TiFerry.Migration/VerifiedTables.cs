using TiFerry.Core.Filters;
using TiFerry.Diff;
using TiFerry.Migration.Routes;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Filter;

namespace TiFerry.Migration;

/// <summary>A table that a filter keeps from being equal on both sides.</summary>
/// <param name="Name">The table on the source.</param>
/// <param name="Reason">Which kind of rule; a sentence part.</param>
public sealed record UnverifiedTable(TableName Name, string Reason);

/// <summary>Which tables can be compared, and with what on the target.</summary>
/// <param name="Pairs">The tables by name; null for all that <paramref name="Filter"/> takes on both sides.</param>
/// <param name="Filter">The tables to compare where no names change.</param>
/// <param name="LeftOut">Tables that are carried and can't be expected to be equal.</param>
internal sealed record VerifiedTables(IReadOnlyList<TablePair>? Pairs, ITableSelector Filter, IReadOnlyList<UnverifiedTable> LeftOut)
{
    // What takes rows along, or leaves them.
    private static readonly BinlogEventKind[] RowEvents =
    [
        BinlogEventKind.Insert, BinlogEventKind.Update, BinlogEventKind.Delete, BinlogEventKind.TruncateTable, BinlogEventKind.DropTablePartition,
        BinlogEventKind.TruncateTablePartition, BinlogEventKind.ExchangePartition,
    ];

    /// <summary>Finds out.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<VerifiedTables> ReadAsync(MigrationOptions options, CancellationToken ct)
    {
        var names = new TargetNames(options.Router());
        var selection = options.DataTables();
        var eventFilter = options.Rules.CompileFilter();
        if (names.AreSame && eventFilter.IsEmpty && options.Rules.ExpressionFilters.Count == 0)
            return new VerifiedTables(null, selection, []);

        var tables = await TablesAsync(options, selection, ct);
        var reasons = tables.Select(t => new UnverifiedTable(t, Reason(options, eventFilter, t))).Where(t => t.Reason.Length > 0).ToDictionary(t => t.Name);
        if (names.AreSame)
            return new VerifiedTables(null, new SelectedTables(selection, _ => true, (schema, table) => !reasons.ContainsKey(new TableName(schema, table))), [.. reasons.Values]);

        var pairs = new List<TablePair>();
        var leftOut = new List<UnverifiedTable>();
        foreach (var part in tables.GroupBy(t => new TargetPart(names.Of(t), names.ExtractedFrom(t))))
        {
            if (part.Select(t => reasons.GetValueOrDefault(t)).FirstOrDefault(r => r is not null) is { } filtered)
                leftOut.AddRange(part.Select(t => new UnverifiedTable(t, filtered.Name == t ? filtered.Reason : $"{filtered.Name}, which goes to the same table, has {filtered.Reason}")));
            else
                pairs.Add(new TablePair(part.First(), part.Key.Table) { Fixed = part.Key.Extracted, Merged = [.. part.Skip(1)] });
        }
        return new VerifiedTables(pairs, selection, leftOut);
    }

    private static async ValueTask<List<TableName>> TablesAsync(MigrationOptions options, ITableSelector selection, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        var rows = await source.QueryRowsAsync("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_SCHEMA, TABLE_NAME", ct);
        return [.. rows.Select(r => new TableName(r[0]!, r[1]!)).Where(t => !SystemSchemas.Contains(t.Schema) && selection.MatchTable(t.Schema, t.Name))];
    }

    private static string Reason(MigrationOptions options, BinlogEventFilter filter, TableName table)
    {
        var comparison = options.Rules.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        if (options.Rules.ExpressionFilters.Any(e => e.Schema.Equals(table.Schema, comparison) && e.Table.Equals(table.Name, comparison)))
            return "an expression filter";
        return RowEvents.Any(kind => filter.Decide(table.Schema, table.Name, kind, "") == FilterAction.Ignore) ? "a binlog event filter that leaves out changes of rows" : "";
    }
}
