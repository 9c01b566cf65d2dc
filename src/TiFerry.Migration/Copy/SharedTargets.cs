using TiFerry.Core.Errors;
using TiFerry.Migration.Meta;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>
/// Which tables of the target other sources of the task write to. Each source says what it writes to before it does, and says when it is about to take a table's rows away. Each looks at the other's word only after it has
/// given its own, so of two at the same time at least one sees the other, whichever process is stopped in between.
/// </summary>
/// <param name="meta">Where sources tell each other.</param>
/// <param name="hasOtherSources">Whether the task has other sources at all.</param>
/// <param name="targetNames">Where objects go.</param>
internal sealed class SharedTargets(MetaStore meta, bool hasOtherSources, TargetNames targetNames)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private readonly HashSet<TableName> _told = [];

    /// <summary>Tells what objects are written to, and waits while another source takes something of it away.</summary>
    /// <param name="target">A writing session.</param>
    /// <param name="names">The source's names.</param>
    /// <param name="ct">Stops the wait.</param>
    public async ValueTask TellAsync(MySqlConnection target, IEnumerable<TableName> names, CancellationToken ct)
    {
        var untold = hasOtherSources ? names.Where(n => !_told.Contains(n)).Distinct().ToList() : [];
        if (untold.Count == 0)
            return;
        await meta.TellTargetsAsync(target, [.. untold.Select(n => (n, PartOf(n).Table, PartOf(n).Condition))], ct);
        while (await meta.IsClearedByOthersAsync(target, untold, ct))
            await Task.Delay(LookAgain, ct);
        // Not before: after a lost connection it is told again.
        _told.UnionWith(untold);
    }

    /// <summary>The other sources that write to a part of a table, or to tables of a schema.</summary>
    public async ValueTask<IReadOnlyList<string>> OthersAsync(MySqlConnection target, TargetPart part, CancellationToken ct) =>
        hasOtherSources ? await meta.OtherSourcesAsync(target, part.Table, part.Condition, ct) : [];

    /// <summary>Takes rows, a table or a schema away, unless other sources write there.</summary>
    /// <param name="target">A writing session.</param>
    /// <param name="part">What is taken away.</param>
    /// <param name="why">What makes it necessary.</param>
    /// <param name="clear">Takes it away.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="TiFerryException">Other sources write there.</exception>
    public async ValueTask ClearAsync(MySqlConnection target, TargetPart part, string why, Func<ValueTask> clear, CancellationToken ct)
    {
        if (!hasOtherSources)
        {
            await clear();
            return;
        }
        await meta.MarkClearingAsync(target, part.Table, true, ct);
        if (await OthersAsync(target, part, ct) is { Count: > 0 } others)
        {
            await meta.MarkClearingAsync(target, part.Table, false, ct);
            throw new TiFerryException(SyncErrors.ApplyFailed, ErrorScope.Downstream,
                $"{why}, which takes the rows in {part.Table} away, and sources {string.Join(", ", others.Take(5))} of the task write there too",
                $"stop the task, empty {part.Table} on the target, and start the task again with --remove-meta; or let the routes extract the source's id (extract-source) into a column, so that each source's rows can be told apart");
        }
        await clear();
        await meta.MarkClearingAsync(target, part.Table, false, ct);
    }

    private TargetPart PartOf(TableName name) => name.Name.Length == 0 ? new TargetPart(targetNames.Of(name), []) : new TargetPart(targetNames.Of(name), targetNames.ExtractedFrom(name));
}
