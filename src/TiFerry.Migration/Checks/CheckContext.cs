using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>What checks have in common: the two servers, and what the source holds of what is to be carried, read when first asked for.</summary>
public sealed class CheckContext : IAsyncDisposable
{
    private Dictionary<string, string>? _sourceVariables;
    private Dictionary<string, string>? _targetVariables;
    private List<string>? _schemas;
    private List<SourceObject>? _objects;
    private (List<Table> Tables, List<string> Unreadable)? _tables;
    private Dictionary<TableName, string>? _targetObjects;
    private HashSet<TableName>? _numbered;

    private CheckContext(MigrationOptions options, CheckWording wording, MySqlConnection source, MySqlConnection target)
    {
        Options = options;
        Wording = wording;
        Filter = options.DataTables();
        Names = new TargetNames(options.Router());
        Source = source;
        Target = target;
    }

    /// <summary>The migration.</summary>
    public MigrationOptions Options { get; }

    /// <summary>How ways out name settings.</summary>
    public CheckWording Wording { get; }

    /// <summary>Which tables take part.</summary>
    public ITableSelector Filter { get; }

    /// <summary>Where objects go.</summary>
    internal TargetNames Names { get; }

    /// <summary>Whether what the target knows of the task, of all its sources, is removed before it starts.</summary>
    public bool BeginsAnew { get; set; }

    /// <summary>A reading session on the source.</summary>
    public MySqlConnection Source { get; }

    /// <summary>A writing session on the target; checks write nothing with it.</summary>
    public MySqlConnection Target { get; }

    /// <summary>Whether no rule names the databases that take part.</summary>
    public bool TakesAllSchemas => Options.Filter.Count == 0 && Options.Rules.BlockAllowList is null;

    /// <summary>Connects to both sides.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="wording">How ways out name settings.</param>
    /// <param name="failures">Takes what is wrong where a side can't be reached.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <returns>Null where <paramref name="failures"/> says why.</returns>
    /// <exception cref="TiFerryException">A filter pattern or a rule is wrong.</exception>
    public static async ValueTask<CheckContext?> OpenAsync(MigrationOptions options, CheckWording wording, ICollection<CheckResult> failures, CancellationToken ct)
    {
        var source = await ConnectAsync("source", Session.OpenForReadingAsync, options.Source, failures, ct);
        var target = await ConnectAsync("target", Session.OpenForWritingAsync, options.Target, failures, ct);
        try
        {
            if (source is not null && target is not null)
            {
                var context = new CheckContext(options, wording, source, target);
                (source, target) = (null, null);
                return context;
            }
            return null;
        }
        finally
        {
            await CloseAsync(source);
            await CloseAsync(target);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
    }

    /// <summary>Where an object of the source goes.</summary>
    /// <exception cref="TiFerryException">More than one route fits.</exception>
    public TableName TargetOf(TableName source) => Names.Of(source);

    /// <summary>The source's global variables, names in lower case.</summary>
    public async ValueTask<Dictionary<string, string>> SourceVariablesAsync(CancellationToken ct) => _sourceVariables ??= await ReadVariablesAsync(Source, ct);

    /// <summary>The target's global variables, names in lower case.</summary>
    public async ValueTask<Dictionary<string, string>> TargetVariablesAsync(CancellationToken ct) => _targetVariables ??= await ReadVariablesAsync(Target, ct);

    /// <summary>Whether the source writes a binlog.</summary>
    public async ValueTask<bool> HasBinlogAsync(CancellationToken ct) => IsOn((await SourceVariablesAsync(ct)).GetValueOrDefault("log_bin"));

    /// <summary>The source's databases that take part, as far as the account sees them.</summary>
    public async ValueTask<List<string>> SchemasAsync(CancellationToken ct)
    {
        if (_schemas is null)
            await ReadScopeAsync(ct);
        return _schemas!;
    }

    /// <summary>The source's tables, views and whatever else has a name like theirs, that take part.</summary>
    public async ValueTask<List<SourceObject>> ObjectsAsync(CancellationToken ct)
    {
        if (_objects is null)
            await ReadScopeAsync(ct);
        return _objects!;
    }

    /// <summary>The definitions of the source's tables that take part.</summary>
    public async ValueTask<List<Table>> TablesAsync(CancellationToken ct) => (_tables ??= await ReadTablesAsync(ct)).Tables;

    /// <summary>Why definitions can't be understood, one text per table.</summary>
    public async ValueTask<List<string>> UnreadableTablesAsync(CancellationToken ct) => (_tables ??= await ReadTablesAsync(ct)).Unreadable;

    /// <summary>The target's databases that get something.</summary>
    public async ValueTask<List<string>> TargetSchemasAsync(CancellationToken ct) =>
    [
        .. (await SchemasAsync(ct)).Select(s => new TableName(s, "")).Concat((await ObjectsAsync(ct)).Select(o => o.Name))
            .Select(n => Names.Of(n).Schema).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>What the target has in the databases that get something: its name there and its type as in <c>information_schema.TABLES</c>.</summary>
    public async ValueTask<Dictionary<TableName, string>> TargetObjectsAsync(CancellationToken ct)
    {
        if (_targetObjects is not null)
            return _targetObjects;
        var schemas = await TargetSchemasAsync(ct);
        var rows = schemas.Count == 0
            ? []
            : await Target.QueryRowsAsync($"SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA IN {SqlText.List(schemas)}", ct);
        return _targetObjects = rows.ToDictionary(r => new TableName(r[0]!, r[1]!), r => r[2]!);
    }

    /// <summary>The source's tables with an AUTO_INCREMENT column, in the databases that take part.</summary>
    public async ValueTask<HashSet<TableName>> NumberedTablesAsync(CancellationToken ct)
    {
        if (_numbered is not null)
            return _numbered;
        var schemas = await SchemasAsync(ct);
        var rows = schemas.Count == 0
            ? []
            : await Source.QueryRowsAsync($"SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN {SqlText.List(schemas)} AND EXTRA LIKE '%auto_increment%'", ct);
        return _numbered = [.. rows.Select(r => new TableName(r[0]!, r[1]!))];
    }

    /// <summary>Whether a variable's text means yes.</summary>
    public static bool IsOn(string? value) => value is not null && (value.Equals("ON", StringComparison.OrdinalIgnoreCase) || value == "1");

    private static async ValueTask<MySqlConnection?> ConnectAsync(
        string side, Func<MySqlConnectionOptions, CancellationToken, ValueTask<MySqlConnection>> open, MySqlConnectionOptions options, ICollection<CheckResult> failures, CancellationToken ct)
    {
        try
        {
            return await open(options, ct);
        }
        catch (Exception error) when (error is MySqlServerException or MySqlConnectionLostException or TiFerryException)
        {
            var (message, wayOut) = ConnectionFailure.Explain(options, error);
            failures.Add(CheckResult.Error($"{side} connection", message, wayOut));
            return null;
        }
    }

    private static ValueTask CloseAsync(MySqlConnection? connection) => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask ReadScopeAsync(CancellationToken ct)
    {
        _schemas = [];
        _objects = [];
        foreach (var row in await Source.QueryRowsAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME", ct))
        {
            var schema = row[0]!;
            if (SystemSchemas.Contains(schema) || schema == Options.MetaSchema || !Filter.MatchSchema(schema))
                continue;
            var rows = await Source.QueryRowsAsync(
                $"SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(schema)} ORDER BY TABLE_NAME", ct);
            var carried = rows.Where(r => Filter.MatchTable(schema, r[0]!)).ToList();
            if (carried.Count == 0 && !Filter.MatchTable(schema, ""))
                continue;
            _schemas.Add(schema);
            _objects.AddRange(carried.Select(r => new SourceObject(new TableName(schema, r[0]!), r[1]!, r[2] ?? "", r[3])));
        }
    }

    private async ValueTask<(List<Table> Tables, List<string> Unreadable)> ReadTablesAsync(CancellationToken ct)
    {
        var tables = new List<Table>();
        var unreadable = new List<string>();
        foreach (var schema in (await ObjectsAsync(ct)).Where(o => o.IsTable).GroupBy(o => o.Name.Schema, o => o.Name, StringComparer.Ordinal))
        {
            var names = schema.ToHashSet();
            try
            {
                tables.AddRange((await TableReader.ReadSchemaAsync(Source, schema.Key, ErrorScope.Upstream, ct)).Where(t => names.Contains(t.Name)));
            }
            catch (TiFerryException)
            {
                // One table can't be read, perhaps one that takes no part: find out which.
                foreach (var name in names)
                    await ReadTableAsync(name, tables, unreadable, ct);
            }
        }
        return (tables, unreadable);
    }

    private async ValueTask ReadTableAsync(TableName name, List<Table> tables, List<string> unreadable, CancellationToken ct)
    {
        try
        {
            if (await TableReader.ReadAsync(Source, name, ErrorScope.Upstream, ct) is { } table)
                tables.Add(table);
        }
        catch (TiFerryException error)
        {
            unreadable.Add(error.Summary);
        }
    }

    private static async ValueTask<Dictionary<string, string>> ReadVariablesAsync(MySqlConnection connection, CancellationToken ct)
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in await connection.QueryRowsAsync("SHOW GLOBAL VARIABLES", ct))
            variables[row[0]!] = row[1] ?? "";
        return variables;
    }
}
