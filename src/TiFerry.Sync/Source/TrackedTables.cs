using System.Globalization;
using System.Text;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Filter.Expressions;

namespace TiFerry.Sync.Source;

/// <summary>
/// The definitions that the source's tables had where the stream is. They are kept beside the checkpoint; a table that was neither copied nor created nor told is not known,
/// and its rows then go by the places of their columns.
/// </summary>
internal sealed class TrackedTables
{
    private readonly CheckpointStore _store;
    private readonly SchemaTracker _tracker;
    private readonly SqlDialect _dialect;
    private readonly Log _log;
    private readonly Dictionary<TableName, Table> _tables = [];
    private readonly SortedSet<TableName> _changed = [];

    private TrackedTables(CheckpointStore store, SchemaTracker tracker, SqlDialect dialect, Log log)
    {
        _store = store;
        _tracker = tracker;
        _dialect = dialect;
        _log = log;
    }

    /// <summary>What expressions over its rows depend on.</summary>
    public ExpressionOptions ExpressionOptions => new(_dialect);

    /// <summary>Whether definitions have changed that are not kept yet.</summary>
    public bool HasChanges => _changed.Count > 0;

    /// <summary>The tables whose definitions are known.</summary>
    public IReadOnlyCollection<TableName> Names => _tracker.Tables(null);

    /// <summary>Reads what is kept.</summary>
    /// <param name="store">Where it is kept.</param>
    /// <param name="source">A session on the source, asked for its settings.</param>
    /// <param name="target">A session on the target.</param>
    /// <param name="log">The log.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<TrackedTables> LoadAsync(CheckpointStore store, MySqlConnection source, MySqlConnection target, Log log, CancellationToken ct)
    {
        var settings = (await source.QueryRowsAsync("SELECT @@lower_case_table_names, @@collation_server, @@explicit_defaults_for_timestamp, @@default_storage_engine", ct))[0];
        var dialect = SqlDialect.Of(source.Server);
        var tracker = new SchemaTracker(dialect, new TrackerSettings
        {
            LowerCaseTableNames = int.Parse(settings[0]!, CultureInfo.InvariantCulture),
            ServerCollation = settings[1],
            ExplicitDefaultsForTimestamp = settings[2] is "1" or "ON",
            DefaultEngine = settings[3] ?? "InnoDB",
        });
        foreach (var row in await source.QueryRowsAsync("SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA", ct))
            tracker.SetSchema(row[0]!, row[1]!, row[2]!);
        var tables = new TrackedTables(store, tracker, dialect, log);
        foreach (var (name, definition) in await store.ReadTablesAsync(target, ct))
            tables.Set(name, definition);
        return tables;
    }

    /// <summary>The table as it was; null where it is not known.</summary>
    public Table? Find(TableName name)
    {
        if (_tables.TryGetValue(name, out var known))
            return known;
        if (_tracker.Find(name) is not { } definition)
            return null;
        return _tables[name] = definition.ToTable(name);
    }

    /// <summary>The definition of a table; null where it is not known.</summary>
    public TableDefinition? Definition(TableName name) => _tracker.Find(name);

    /// <summary>Follows a statement.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="query">The event it came in.</param>
    /// <param name="mode">The sql_mode it was parsed under.</param>
    /// <param name="position">Where it stands, for messages.</param>
    public void Apply(SqlStatement statement, QueryEvent query, SqlMode mode, BinlogPosition position)
    {
        _tables.Clear();
        try
        {
            _changed.UnionWith(_tracker.Apply(statement, query.Schema, ContextOf(query, mode)));
        }
        // Without a definition rows go by place, and the target's table says whether that can be.
        catch (TiFerryException error)
        {
            foreach (var name in statement.Objects.Select(o => new TableName(o.Schema ?? query.Schema, o.Name)))
            {
                if (_tracker.Remove(name))
                    _changed.Add(name);
            }
            _log.Warn("a definition is not followed any further; rows of the table go by the places of their columns", ("position", position), ("reason", error.Summary));
        }
    }

    /// <summary>Appends the statements that keep what has changed.</summary>
    /// <param name="sql">The packet.</param>
    /// <param name="position">From where on it holds.</param>
    public void TakeChanges(SqlBuffer sql, BinlogPosition position)
    {
        foreach (var name in _changed)
        {
            if (_tracker.Find(name) is { } definition)
                _store.AppendTable(sql, name, definition.ToSql(), position);
            else
                _store.AppendForgetTable(sql, name);
        }
        _changed.Clear();
    }

    private void Set(TableName name, string definition)
    {
        try
        {
            _tracker.Set(name, TableDefinition.Parse(Encoding.UTF8.GetBytes(definition), _dialect));
        }
        catch (TiFerryException error)
        {
            _log.Warn("the kept definition of a table can't be read; its rows go by the places of their columns", ("table", name), ("reason", error.Summary));
        }
    }

    private StatementContext ContextOf(QueryEvent query, SqlMode mode) => new()
    {
        Mode = mode,
        ServerCollation = NameOf(query.ServerCollation),
        DatabaseCollation = NameOf(query.CharsetDatabase),
        ExplicitDefaultsForTimestamp = query.ExplicitDefaultsForTimestamp,
        DefaultCollationForUtf8mb4 = NameOf(query.DefaultCollationForUtf8mb4),
    };

    private string? NameOf(ushort? id) => id is { } known ? Collations.ById(known, _dialect.Flavour)?.Name : null;
}
