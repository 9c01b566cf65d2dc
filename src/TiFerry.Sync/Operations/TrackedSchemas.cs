using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;

namespace TiFerry.Sync.Operations;

/// <summary>
/// The definitions that the source's tables have at the checkpoint (<c>dmctl binlog-schema list|update|delete</c>). Row events name columns by their place only, so a definition that
/// isn't the one under which the next rows were written puts values into wrong columns. Each call waits until no unit works on the task, and keeps others out while it lasts.
/// </summary>
/// <param name="options">The unit's settings.</param>
public sealed class TrackedSchemas(SyncOptions options)
{
    /// <summary>The tables whose definitions are kept, in order.</summary>
    /// <exception cref="TiFerryException">A unit works on the task.</exception>
    public async ValueTask<IReadOnlyList<TableName>> ListAsync(CancellationToken ct)
    {
        await using var target = await OpenAsync(ct);
        return [.. (await options.Store.ReadTablesAsync(target, ct)).Keys.Order()];
    }

    /// <summary>The kept definition of a table of the source as CREATE TABLE; null where none is kept, and rows go by the places of their columns.</summary>
    /// <exception cref="TiFerryException">A unit works on the task.</exception>
    public async ValueTask<string?> GetAsync(TableName table, CancellationToken ct)
    {
        await using var target = await OpenAsync(ct);
        return (await options.Store.ReadTablesAsync(target, ct)).GetValueOrDefault(table);
    }

    /// <summary>Sets the definition of a table of the source.</summary>
    /// <param name="table">The table's name on the source.</param>
    /// <param name="createTable">CREATE TABLE in the source's dialect, as for a session with an empty sql_mode; the name in it doesn't matter.</param>
    /// <param name="ct">Stops the work; nothing has changed then.</param>
    /// <exception cref="TiFerryException">The text can't be read or is no CREATE TABLE with its columns written out, the task has no checkpoint, or a unit works on it.</exception>
    public async ValueTask SetAsync(TableName table, string createTable, CancellationToken ct)
    {
        await using var target = await OpenAsync(ct);
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        await SetAsync(target, source, table, createTable, ct);
    }

    /// <summary>Sets the definition of a table to the one that it has on the source now. Right only where no schema change of the table stands between the checkpoint and the source's present position.</summary>
    /// <exception cref="TiFerryException">There is no such table, the task has no checkpoint, or a unit works on it.</exception>
    public async ValueTask SetFromSourceAsync(TableName table, CancellationToken ct)
    {
        await using var target = await OpenAsync(ct);
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        await SetAsync(target, source, table, await ShowAsync(source, table, ErrorScope.Upstream, ct), ct);
    }

    /// <summary>Sets the definition of a table to the one that its table on the target has now. Right only where both have the same columns in the same order.</summary>
    /// <exception cref="TiFerryException">There is no such table, its definition means nothing to the source's kind of server, the task has no checkpoint, or a unit works on it.</exception>
    public async ValueTask SetFromTargetAsync(TableName table, CancellationToken ct)
    {
        await using var target = await OpenAsync(ct);
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        var routed = options.Router.Route(table.Schema, table.Name);
        await SetAsync(target, source, table, await ShowAsync(target, new TableName(routed.Schema, routed.Table), ErrorScope.Downstream, ct), ct);
    }

    /// <summary>Forgets the definition of a table: its rows go by the places of their columns, which needs a target with the same columns, until the table is created anew.</summary>
    /// <returns>Whether one was kept.</returns>
    /// <exception cref="TiFerryException">A unit works on the task.</exception>
    public async ValueTask<bool> RemoveAsync(TableName table, CancellationToken ct)
    {
        await using var target = await OpenAsync(ct);
        if (!(await options.Store.ReadTablesAsync(target, ct)).ContainsKey(table))
            return false;
        using var sql = new SqlBuffer();
        options.Store.AppendForgetTable(sql, table);
        await target.ExecuteAsync(sql, ct);
        return true;
    }

    private ValueTask<MySqlConnection> OpenAsync(CancellationToken ct) => options.Slots.ClaimIdleAsync(ct);

    private async ValueTask SetAsync(MySqlConnection target, MySqlConnection source, TableName table, string createTable, CancellationToken ct)
    {
        var checkpoint = await options.Store.ReadAsync(target, ct)
            ?? throw new TiFerryException(SyncErrors.CheckpointUnusable, ErrorScope.Downstream, $"task '{options.Slots.TaskName}' has no checkpoint", "start the task once; definitions belong to a position of the source");
        var name = await StoredNameAsync(source, table, ct);
        var definition = Parse(createTable, SqlDialect.Of(source.Server), name, await CollationAsync(source, name.Schema, ct));
        using var sql = new SqlBuffer();
        options.Store.AppendTable(sql, name, definition.ToSql(), checkpoint.Position);
        await target.ExecuteAsync(sql, ct);
    }

    // A column of an unknown type is found here and not by the first row.
    private static TableDefinition Parse(string createTable, SqlDialect dialect, TableName name, string? collation)
    {
        try
        {
            var definition = TableDefinition.Parse(Encoding.UTF8.GetBytes(createTable), dialect, collation) with { Name = name.Name };
            definition.ToTable(name);
            return definition;
        }
        catch (TiFerryException error)
        {
            throw new TiFerryException(SchemaErrors.InvalidCreateTable, ErrorScope.NotSet, $"the definition given for table {name} can't be used: {error.Summary}",
                error.Workaround ?? "give a CREATE TABLE statement as SHOW CREATE TABLE of the source shows it", error);
        }
    }

    // MySQL manual, "lower_case_table_names": with 1 names are kept, and logged, in small letters.
    private static async ValueTask<TableName> StoredNameAsync(MySqlConnection source, TableName table, CancellationToken ct) =>
        await source.QueryScalarAsync("SELECT @@lower_case_table_names", ct) == "1" ? new TableName(table.Schema.ToLowerInvariant(), table.Name.ToLowerInvariant()) : table;

    private static async ValueTask<string?> CollationAsync(MySqlConnection source, string schema, CancellationToken ct) =>
        await source.QueryScalarAsync($"SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {SqlText.Literal(schema)}", ct);

    private static async ValueTask<string> ShowAsync(MySqlConnection server, TableName table, ErrorScope scope, CancellationToken ct)
    {
        try
        {
            return (await server.QueryRowsAsync($"SHOW CREATE TABLE {table}", ct))[0][1]!;
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            throw new TiFerryException(SchemaErrors.CannotReadTable, scope, $"the definition of table {table} can't be read", "check the name, or give the definition as text", error);
        }
    }
}
