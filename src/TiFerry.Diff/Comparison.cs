using System.Threading.Channels;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Diff.Chunks;
using TiFerry.Diff.Definitions;
using TiFerry.Diff.Rows;
using TiFerry.Diff.Sessions;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff;

/// <summary>
/// Proves that two servers hold the same rows, to the byte of each value, by reading both. The source may be written to meanwhile if
/// <see cref="ComparisonOptions.WaitUntilApplied"/> is given: then only what stays different counts. Views, sequences, routines and indexes that are
/// not unique are not looked at; neither are the past rows of system-versioned tables.
/// </summary>
public sealed class Comparison
{
    private readonly ComparisonOptions _options;

    /// <summary>Prepares the comparison.</summary>
    /// <param name="options">What to compare and how.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of threads or rows is less than one.</exception>
    public Comparison(ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HeldRows, 1);
        _options = options;
    }

    private sealed record Work(TableTally Tally, Chunk? Chunk);

    private sealed record FoundPair(TablePair Name, Table? Source, Table? Target, IReadOnlyList<Table> Merged);

    /// <summary>How far it is.</summary>
    public ComparisonProgress Progress { get; } = new();

    /// <summary>Compares.</summary>
    /// <param name="ct">Stops the comparison.</param>
    /// <returns>What was found; differences are a result, not an exception.</returns>
    /// <exception cref="TiFerryException">
    /// A server refuses the login or a statement, or can't be reached for longer than <see cref="ComparisonOptions.Patience"/>, or a column has a type
    /// that is not known.
    /// </exception>
    public async Task<ComparisonResult> RunAsync(CancellationToken ct)
    {
        await using var sessions = new ReadingPair(_options);
        var results = new List<TableComparison>();
        var tallies = await sessions.RunAsync("list of tables", () => ListAsync(sessions, results, ct), ct);
        Progress.Begin(tallies.Count + results.Count, tallies.Sum(t => t.Table.Source.EstimatedRows));
        foreach (var result in results)
            Report(result);
        await CompareAsync(sessions, tallies, ct);
        results.AddRange(tallies.Select(t => t.ToComparison()));
        results.Sort((a, b) => a.Table.Source.CompareTo(b.Table.Source));
        return new ComparisonResult(results);
    }

    // The tables that both sides have; those of one side only go straight to the results.
    private async ValueTask<List<TableTally>> ListAsync(ReadingPair sessions, List<TableComparison> results, CancellationToken ct)
    {
        results.Clear();
        var pairs = _options.Tables is null
            ? await PairSchemasAsync(sessions, ct)
            : await ReadNamedAsync(sessions, _options.Tables, ct);
        var tallies = new List<TableTally>();
        foreach (var (name, source, target, merged) in pairs)
        {
            if (source is null || target is null)
            {
                results.Add(new TableComparison { Table = name, Outcome = source is null ? TableOutcome.ExtraOnTarget : TableOutcome.MissingOnTarget });
                continue;
            }
            var table = new ComparedTable(
                source, target, sessions.Source.Server.Flavour, sessions.Target.Server.Flavour, merged, name.Fixed, _options.AllowsExtraColumns);
            tallies.Add(new TableTally(name, table, DefinitionComparer.Compare(table, _options.Collations), _options.NamedRows));
        }
        // Large tables first, so that no thread is left alone with one at the end.
        tallies.Sort((a, b) => b.Table.Source.EstimatedBytes.CompareTo(a.Table.Source.EstimatedBytes));
        return tallies;
    }

    private static async ValueTask<List<FoundPair>> ReadNamedAsync(
        ReadingPair sessions, IReadOnlyList<TablePair> names, CancellationToken ct)
    {
        var pairs = new List<FoundPair>(names.Count);
        foreach (var name in names)
        {
            var merged = new List<Table>();
            foreach (var other in name.Merged)
            {
                // One that was dropped meanwhile has no rows.
                if (await TableReader.ReadAsync(sessions.Source, other, ErrorScope.Upstream, ct) is { } table)
                    merged.Add(table);
            }
            pairs.Add(new FoundPair(name,
                await TableReader.ReadAsync(sessions.Source, name.Source, ErrorScope.Upstream, ct),
                await TableReader.ReadAsync(sessions.Target, name.Target, ErrorScope.Downstream, ct), merged));
        }
        return pairs;
    }

    private async ValueTask<List<FoundPair>> PairSchemasAsync(ReadingPair sessions, CancellationToken ct)
    {
        var names = await FoldsNamesAsync(sessions, ct) ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var pairs = new List<FoundPair>();
        var targetSchemas = await SchemasAsync(sessions.Target, ct);
        foreach (var schema in await SchemasAsync(sessions.Source, ct))
        {
            if (SystemSchemas.Contains(schema) || !_options.Filter.MatchSchema(schema))
                continue;
            var targetSchema = targetSchemas.Find(s => names.Equals(s, schema));
            var sources = await ReadSchemaAsync(sessions.Source, schema, ErrorScope.Upstream, ct);
            var targets = targetSchema is null ? [] : await ReadSchemaAsync(sessions.Target, targetSchema, ErrorScope.Downstream, ct);
            var byName = targets.ToDictionary(t => t.Name.Name, names);
            foreach (var source in sources)
            {
                byName.Remove(source.Name.Name, out var target);
                pairs.Add(new FoundPair(new TablePair(source.Name, target?.Name ?? source.Name), source, target, []));
            }
            pairs.AddRange(byName.Values.Select(t => new FoundPair(new TablePair(t.Name, t.Name), null, t, [])));
        }
        return pairs;
    }

    private async ValueTask<List<Table>> ReadSchemaAsync(MySqlConnection connection, string schema, ErrorScope scope, CancellationToken ct)
    {
        var tables = await TableReader.ReadSchemaAsync(connection, schema, scope, ct);
        return [.. tables.Where(t => _options.Filter.MatchTable(schema, t.Name.Name))];
    }

    private static async ValueTask<List<string>> SchemasAsync(MySqlConnection connection, CancellationToken ct) =>
        [.. (await connection.QueryRowsAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA", ct)).Select(row => row[0]!)];

    // Where one side stores names in lower case, the letter case of the other's must not matter.
    private static async ValueTask<bool> FoldsNamesAsync(ReadingPair sessions, CancellationToken ct)
    {
        const string query = "SELECT @@lower_case_table_names";
        return await sessions.Source.QueryScalarAsync(query, ct) != "0" || await sessions.Target.QueryScalarAsync(query, ct) != "0";
    }

    private async Task CompareAsync(ReadingPair sessions, List<TableTally> tallies, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var queue = Channel.CreateBounded<Work>(2 * _options.Threads);
        var tasks = new List<Task> { PlanAsync(sessions, tallies, queue.Writer, stop.Token) };
        for (var i = 0; i < _options.Threads; i++)
            tasks.Add(CompareChunksAsync(queue.Reader, stop.Token));
        await foreach (var task in Task.WhenEach(tasks))
        {
            if (!task.IsCompletedSuccessfully)
                await stop.CancelAsync();
        }
        // The first failure is the one that stopped the others.
        if (tasks.Find(t => t.IsFaulted) is { } failed)
            await failed;
        await Task.WhenAll(tasks);
    }

    private async Task PlanAsync(ReadingPair sessions, List<TableTally> tallies, ChannelWriter<Work> queue, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            foreach (var tally in tallies)
            {
                foreach (var chunk in await ChunksAsync(sessions, tally, ct))
                {
                    tally.Open();
                    await queue.WriteAsync(new Work(tally, chunk), ct);
                }
                Close(tally);
            }
        }
        finally
        {
            queue.Complete();
        }
    }

    private async ValueTask<IReadOnlyList<Chunk?>> ChunksAsync(ReadingPair sessions, TableTally tally, CancellationToken ct)
    {
        if (!tally.Table.HasSameOrder)
            return [null];
        try
        {
            return await sessions.RunAsync(
                tally.Name.ToString(), () => ChunkPlanner.PlanAsync(sessions.Source, tally.Table, _options.ChunkRows, ct), ct);
        }
        catch (MySqlServerException error) when (DefinitionChange.IsCauseOf(error))
        {
            tally.Change(error.ServerMessage);
            return [];
        }
    }

    private async Task CompareChunksAsync(ChannelReader<Work> queue, CancellationToken ct)
    {
        await Task.Yield();
        await using var sessions = new ReadingPair(_options);
        var comparer = new TableComparer(_options, sessions, Progress);
        await foreach (var work in queue.ReadAllAsync(ct))
        {
            await comparer.CompareAsync(work.Tally, work.Chunk, ct);
            Close(work.Tally);
        }
    }

    private void Close(TableTally tally)
    {
        if (tally.Close())
            Report(tally.ToComparison());
    }

    private void Report(TableComparison table)
    {
        Progress.TableDone();
        if (table.IsEqual)
            _options.Log.Debug("table is equal", ("table", table.Table), ("rows", table.SourceRows));
        else
            _options.Log.Warn("table is not equal", ("table", table.Table), ("difference", table.ToString()));
        foreach (var definition in table.Definitions)
            _options.Log.Warn("definitions differ", ("table", table.Table), ("difference", definition.Text));
    }
}
