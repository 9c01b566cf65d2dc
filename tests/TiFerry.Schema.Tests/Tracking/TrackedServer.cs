using System.Globalization;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Tracking;

/// <summary>A session of a real server and a tracker that is told each statement of it. After each one both must have the same tables.</summary>
internal sealed class TrackedServer : IAsyncDisposable
{
    private readonly MySqlConnection _connection;

    // Definitions are read with an empty sql_mode: under some modes servers leave things out.
    private readonly MySqlConnection _reader;
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);
    private SqlDialect _dialect;
    private string? _serverCollation;
    private StatementContext _context = StatementContext.Default;

    private TrackedServer(MySqlConnection connection, MySqlConnection reader, SqlDialect dialect, SchemaTracker tracker, string schema)
    {
        _connection = connection;
        _reader = reader;
        _dialect = dialect;
        Tracker = tracker;
        Schema = schema;
    }

    public SchemaTracker Tracker { get; }

    /// <summary>The session's database.</summary>
    public string Schema { get; private set; }

    /// <summary>Opens a session with a database of its own.</summary>
    public static async Task<TrackedServer> OpenAsync(TestServer server, string schema)
    {
        var connection = await server.ConnectAsync();
        var reader = await server.ConnectAsync();
        await reader.RunAsync("SET NAMES utf8mb4", "SET SESSION sql_mode = ''");
        var dialect = SqlDialect.Of(connection.Server);
        var lowerCase = (await connection.QueryRowsAsync("SELECT @@lower_case_table_names", CancellationToken.None))[0][0]!;
        var tracker = new SchemaTracker(dialect, new TrackerSettings { LowerCaseTableNames = int.Parse(lowerCase, CultureInfo.InvariantCulture) });
        var tracked = new TrackedServer(connection, reader, dialect, tracker, schema);
        await connection.RunAsync("SET NAMES utf8mb4", "SET SESSION default_storage_engine = InnoDB");
        await tracked.ReadContextAsync();
        await tracked.RunAsync($"CREATE DATABASE {schema}");
        await tracked.RunAsync($"USE {schema}");
        return tracked;
    }

    /// <summary>Runs a statement on both. Returns the differences that are there afterwards, one a line; empty for none.</summary>
    /// <returns>Null where the server refused the statement, with <see cref="ServerError"/> set.</returns>
    public async Task<string?> RunAsync(string sql)
    {
        ServerError = null;
        try
        {
            await _connection.ExecuteAsync(sql, CancellationToken.None);
        }
        catch (MySqlServerException error)
        {
            ServerError = error.Message;
            return null;
        }

        if (sql.StartsWith("SET ", StringComparison.OrdinalIgnoreCase))
        {
            await ReadContextAsync();
            return "";
        }

        IReadOnlyList<TableName> changed;
        try
        {
            var statement = DdlParser.Parse(Encoding.UTF8.GetBytes(sql), _dialect);
            if (statement.Kind is StatementKind.CreateDatabase or StatementKind.DropDatabase)
                _schemas.Add(statement.Database!);
            if (statement.Kind == StatementKind.Use)
                Schema = statement.Database!;
            changed = Tracker.Apply(statement, Schema, _context);
        }
        catch (TiFerryException error)
        {
            return error.Message;
        }

        return await CompareAsync(changed);
    }

    /// <summary>Why the server refused the last statement.</summary>
    public string? ServerError { get; private set; }

    /// <summary>Creates every tracked table anew from <see cref="TableDefinition.ToSql"/>. Returns the differences, one a line; empty for none.</summary>
    public async Task<string> RecreateAsync()
    {
        var report = new StringBuilder();
        await _connection.RunAsync("SET SESSION sql_mode = ''", "SET SESSION foreign_key_checks = 0");
        foreach (var name in Tracker.Tables(null))
        {
            var before = await ShowAsync(name);
            var sql = Tracker.Find(name)!.ToSql();
            await _connection.RunAsync($"USE {TableName.Quote(name.Schema)}", $"DROP TABLE {name}");
            try
            {
                await _connection.ExecuteAsync(sql, CancellationToken.None);
            }
            catch (MySqlServerException error)
            {
                report.AppendLine(CultureInfo.InvariantCulture, $"{error.Message}\nin {sql}");
                continue;
            }

            var after = await ShowAsync(name);
            Differ(name, $"by {sql}", TextOf(after), TextOf(before), report);
        }

        return report.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var schema in _schemas)
            await _connection.ExecuteAsync($"DROP DATABASE IF EXISTS {TableName.Quote(schema)}", CancellationToken.None);
        await _connection.DisposeAsync();
        await _reader.DisposeAsync();
    }

    private async Task ReadContextAsync()
    {
        var values = (await _connection.QueryRowsAsync("SELECT @@sql_mode, @@collation_server, @@explicit_defaults_for_timestamp", CancellationToken.None))[0];
        _dialect = _dialect with { Mode = SqlModes.Parse(values[0]!, _dialect.Flavour) };
        _serverCollation = values[1];
        var isMySql8 = _dialect is { Flavour: ServerFlavour.MySql, Version: >= 80030 };
        _context = new StatementContext
        {
            Mode = _dialect.Mode,
            ServerCollation = _serverCollation,
            ExplicitDefaultsForTimestamp = values[2] == "1",
            DefaultCollationForUtf8mb4 = isMySql8 ? (await ValueAsync("SELECT @@default_collation_for_utf8mb4")) : null,
            GeneratesInvisiblePrimaryKey = isMySql8 && await ValueAsync("SELECT @@sql_generate_invisible_primary_key") == "1",
        };
    }

    private async Task<string?> ValueAsync(string sql) => (await _connection.QueryRowsAsync(sql, CancellationToken.None))[0][0];

    private async Task<string> CompareAsync(IReadOnlyList<TableName> changed)
    {
        var report = new StringBuilder();
        var list = string.Join(", ", _schemas.Select(SqlText.Literal));
        var rows = await _connection.QueryRowsAsync(
            $"SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ({list}) AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')", CancellationToken.None);
        var there = string.Join(", ", rows.Select(r => new TableName(r[0]!, r[1]!)).Order());
        var tracked = string.Join(", ", Tracker.Tables(null));
        if (there != tracked)
            report.AppendLine(CultureInfo.InvariantCulture, $"tables {tracked}, not {there}");
        foreach (var name in changed)
        {
            if (Tracker.Find(name) is { } definition)
                await CompareAsync(name, definition, report);
        }

        return report.ToString();
    }

    private async Task CompareAsync(TableName name, TableDefinition definition, StringBuilder report)
    {
        if (await TableReader.ReadAsync(_reader, name, ErrorScope.Upstream, CancellationToken.None) is not { } table)
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"{name} is not there");
            return;
        }

        Differ(name, "tracked", TableText.Of(definition.ToTable(name)), TableText.Of(table), report);
        var actual = await TableText.ReadDetailsAsync(_reader, name, definition);
        Differ(name, "tracked", TableText.DetailsOf(definition), actual, report);
        try
        {
            var show = await ShowAsync(name);
            var shown = TableDefinition.Parse(Encoding.UTF8.GetBytes(show), _dialect with { Mode = SqlMode.None });
            Differ(name, "shown", TableText.Of(shown.ToTable(name)), TableText.Of(table), report);
            Differ(name, "shown", TableText.DetailsOf(shown), await TableText.ReadDetailsAsync(_reader, name, shown), report);
            Differ(name, "tracked against shown", TableText.ConstraintsOf(definition), TableText.ConstraintsOf(shown), report);
        }
        catch (TiFerryException error)
        {
            report.AppendLine(error.Message);
        }
    }

    // The counter of AUTO_INCREMENT is not part of a definition.
    private async Task<string> ShowAsync(TableName name) =>
        System.Text.RegularExpressions.Regex.Replace((await _reader.QueryRowsAsync($"SHOW CREATE TABLE {name}", CancellationToken.None))[0][1]!, @" AUTO_INCREMENT=\d+", "",
            System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));

    private string TextOf(string show)
    {
        var definition = TableDefinition.Parse(Encoding.UTF8.GetBytes(show), _dialect with { Mode = SqlMode.None });
        return $"{TableText.Of(definition.ToTable(new TableName("", "")))}\n{TableText.DetailsOf(definition)}\n{TableText.ConstraintsOf(definition)}";
    }

    private static void Differ(TableName name, string what, string mine, string theirs, StringBuilder report)
    {
        if (mine == theirs)
            return;
        var (a, b) = (mine.Split('\n'), theirs.Split('\n'));
        report.AppendLine(CultureInfo.InvariantCulture, $"{name} {what}:");
        foreach (var line in a.Except(b, StringComparer.Ordinal))
            report.AppendLine(CultureInfo.InvariantCulture, $"  mine   {line}");
        foreach (var line in b.Except(a, StringComparer.Ordinal))
            report.AppendLine(CultureInfo.InvariantCulture, $"  server {line}");
        if (!a.Except(b, StringComparer.Ordinal).Any() && !b.Except(a, StringComparer.Ordinal).Any())
            report.AppendLine("  another order");
    }
}
