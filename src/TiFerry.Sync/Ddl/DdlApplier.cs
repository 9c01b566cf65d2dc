using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Ddl;

/// <summary>
/// Runs schema changes on the target. A server commits each of them by itself, so before one runs, the checkpoint notes it with a digest of
/// the definitions it touches: after a crash, a digest that changed says that it ran.
/// </summary>
internal sealed partial class DdlApplier
{
    private readonly SyncOptions _options;
    private readonly MySqlConnection _control;
    private readonly SyncProgress _progress;
    private readonly Log _log;
    private readonly SqlDialect _sourceDialect;
    private readonly TargetDialect _dialect;
    private readonly SessionSettings _settings;
    private readonly DdlScope _scope;
    private readonly RenameMarker _marker;

    public DdlApplier(SyncOptions options, ServerInfo source, TargetDialect dialect, MySqlConnection control, SyncProgress progress, Log log)
    {
        _options = options;
        _control = control;
        _progress = progress;
        _log = log;
        _sourceDialect = SqlDialect.Of(source);
        _dialect = dialect;
        _settings = new SessionSettings(source, control.Server, dialect.Mapping);
        _scope = new DdlScope(options.Filter, _sourceDialect);
        _marker = new RenameMarker(options.Store.MetaSchema, options.Slots.TaskName);
    }

    /// <summary>MariaDB's split ALTER: what the GTID event before the statement said.</summary>
    public MariaDbAlterPhase AlterPhase { get; set; }

    /// <summary>Decides what a statement from the binlog means for the target.</summary>
    /// <param name="query">The statement.</param>
    /// <param name="position">Its end position.</param>
    /// <param name="isCopied">Whether an object's copy already holds what stands at the current position.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <returns>What to run; null where there is nothing to do.</returns>
    /// <exception cref="TiFerryException">The statement can't be applied.</exception>
    public ValueTask<DdlPlan?> PlanAsync(QueryEvent query, BinlogPosition position, Predicate<TableName> isCopied, CancellationToken ct) =>
        ValueTask.FromResult(Plan(query, position, isCopied));

    private DdlPlan? Plan(QueryEvent query, BinlogPosition position, Predicate<TableName> isCopied)
    {
        var statement = _scope.Recognize(query, out var text);
        var kind = statement.Kind;
        if (kind.IsSchemaChange)
            return PlanSchemaChange(query, statement, text, position, isCopied);
        if (kind is StatementKind.XaCommit or StatementKind.RollbackToSavepoint || kind == StatementKind.Unknown && _options.Filter.MatchSchema(query.Schema))
            throw Unsupported(query, statement, position);
        if (kind.IsRowChange && _scope.TouchesCarriedRows(statement, query))
        {
            throw new TiFerryException(SyncErrors.StatementFormat, ErrorScope.Upstream,
                $"the source logged a change as a statement ({kind}) in database '{query.Schema}' at {position}",
                "SET GLOBAL binlog_format = ROW on the source, reconnect its clients, and copy the tables again");
        }
        if (kind.IsStoredProgram || kind == StatementKind.Account)
        {
            _progress.Skipped(kind.ToString());
            _log.Warn("statement is not carried to the target", ("kind", kind), ("database", query.Schema), ("position", position));
        }
        return null;
    }

    /// <summary>Runs a plan, unless the checkpoint and the target say that it ran before.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="checkpoint">The checkpoint that holds now: all before the statement is applied.</param>
    /// <param name="ct">Stops the wait; the target may go on with the statement.</param>
    /// <returns>What the checkpoint has to hold until it is behind the statement.</returns>
    /// <exception cref="TiFerryException">The target refuses the statement.</exception>
    public async ValueTask<PendingDdl> RunAsync(DdlPlan plan, SyncCheckpoint checkpoint, CancellationToken ct)
    {
        // A session of its own, because the statement needs the source's settings. Its slot is free only when what a lost predecessor left running has ended.
        await using var session = await _options.Slots.OpenAsync("ddl", ct);
        await UseSchemaAsync(session, plan.Schema, ct);
        await session.ExecuteAsync(plan.Session, ct);
        var pending = checkpoint.Ddl is { } noted && noted.Position == plan.Position ? noted : null;
        var piece = pending?.Piece ?? 0;
        if (pending is not null && await HasRunAsync(plan, pending, ct))
        {
            _log.Info("schema change ran before the restart", ("position", plan.Position), ("piece", piece));
            piece++;
        }
        for (; piece < plan.Statements.Count; piece++)
        {
            if (plan.Kind == StatementKind.RenameTable)
                await _marker.ResetAsync(_control, ct);
            pending = new PendingDdl(plan.Position, piece, await DigestAsync(plan.Objects, ct));
            await _options.Store.WriteAsync(_control, checkpoint with { Ddl = pending }, ct);
            await RunPieceAsync(session, plan, piece, ct);
        }
        _progress.AppliedDdl();
        _log.Info("schema change applied", ("kind", plan.Kind), ("objects", string.Join(", ", plan.Objects)), ("position", plan.Position));
        return pending!;
    }

    private async ValueTask<bool> HasRunAsync(DdlPlan plan, PendingDdl pending, CancellationToken ct) =>
        !string.Equals(pending.Before, await DigestAsync(plan.Objects, ct), StringComparison.Ordinal)
        || (plan.Kind == StatementKind.RenameTable && await _marker.IsMovedAsync(_control, ct));

    private async ValueTask RunPieceAsync(MySqlConnection session, DdlPlan plan, int piece, CancellationToken ct)
    {
        var statement = plan.Statements[piece];
        using var sql = new SqlBuffer();
        sql.Append(statement);
        if (plan.Kind == StatementKind.RenameTable)
            _marker.AppendMove(sql);
        try
        {
            await session.ExecuteAsync(sql, ct);
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            throw new TiFerryException(SyncErrors.DdlFailed, ErrorScope.Downstream,
                $"the target refuses the schema change at {plan.Position}: {SecretText.Mask(Encoding.UTF8.GetString(statement.AsSpan(0, Math.Min(300, statement.Length))))}",
                "change the target by hand so that the statement succeeds, and run the same command again; or make the change by hand and go on behind it with --start-position", error);
        }
    }

    // The source's session may have been in a database that is not carried, or that the statement creates.
    private static async ValueTask UseSchemaAsync(MySqlConnection session, string schema, CancellationToken ct)
    {
        if (schema.Length == 0)
            return;
        try
        {
            await session.ExecuteAsync($"USE {TableName.Quote(schema)}", ct);
        }
        catch (MySqlServerException error) when (error.Code == 1049)
        {
        }
    }

    private DdlPlan? PlanSchemaChange(QueryEvent query, SqlStatement statement, byte[]? text, BinlogPosition position, Predicate<TableName> isCopied)
    {
        if (statement.IsTemporary || AlterPhase is MariaDbAlterPhase.Start or MariaDbAlterPhase.Rollback)
            return null;
        var objects = _scope.ObjectsInScope(statement, query);
        if (objects.Count == 0)
            return null;
        var left = objects.Where(o => !isCopied(o)).ToList();
        if (left.Count == 0)
            return null;
        if (statement.Kind is StatementKind.CreateSequence or StatementKind.AlterSequence or StatementKind.DropSequence)
            throw Unsupported(query, statement, position);
        if (text is null)
        {
            throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream,
                $"the schema change at {position} is written in a character set that can't be converted without a doubt (collation {query.ClientCollation} of its client)",
                "make the change on the target by hand, then go on behind it with --mode incremental --start-position");
        }
        var mode = (SqlMode)(query.SqlMode ?? 0);
        var statements = Pieces(text, query.Schema, statement, left, objects.Count, mode).SelectMany(s => _dialect.RewriteStatement(s, mode, query.DefaultCollationForUtf8mb4)).ToList();
        if (statements.Count == 0)
            return null;
        return new DdlPlan(statement.Kind, query.Schema, statements, left, position, _settings.For(query));
    }

    // DROP TABLE a, b of which only a is carried must not touch b.
    private IReadOnlyList<byte[]> Pieces(byte[] text, string schema, SqlStatement statement, List<TableName> left, int inScope, SqlMode mode)
    {
        var dialect = _sourceDialect with { Mode = mode };
        var touched = statement.Objects.Distinct().Count();
        if (statement.Database is not null || touched <= 1 || (left.Count == inScope && inScope == touched)
            || statement.Kind is not (StatementKind.DropTable or StatementKind.DropView or StatementKind.RenameTable))
            return TakesOneChangeAtATime && statement.Kind == StatementKind.AlterTable ? DdlText.SplitAlter(text, dialect) : [text];
        return [.. DdlText.SplitTables(text, dialect).Where(piece =>
            DdlParser.Read(piece, dialect).Objects.Any(o => left.Contains(new TableName(o.Schema ?? schema, o.Name))))];
    }

    private async ValueTask<string> DigestAsync(IReadOnlyList<TableName> objects, CancellationToken ct)
    {
        var text = new StringBuilder();
        foreach (var name in objects)
        {
            text.Append(name).Append('=');
            var statement = name.Name.Length == 0 ? $"SHOW CREATE DATABASE {name}" : $"SHOW CREATE TABLE {name}";
            try
            {
                text.Append(NextNumber().Replace((await _control.QueryRowsAsync(statement, ct))[0][1]!, ""));
            }
            catch (MySqlServerException error) when (error.Code is 1146 or 1049 or 1356)
            {
                text.Append("missing ").Append(error.Code);
            }
            text.Append('\n');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // It is no part of the definition: before MySQL 8.0 a restart of the server changes it.
    [GeneratedRegex(" AUTO_INCREMENT=[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NextNumber();

    // TiDB manual, "ALTER TABLE": several changes in one statement from 6.2 on.
    private bool TakesOneChangeAtATime => _control.Server.Flavour == ServerFlavour.TiDb && !_control.Server.IsTiDbAtLeast(6, 2);

    private static TiFerryException Unsupported(QueryEvent query, SqlStatement statement, BinlogPosition position) =>
        statement is UnknownStatement unknown
            ? DdlScope.Unknown(query, unknown, position)
            : new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"the source logged a statement of kind {statement.Kind} in database '{query.Schema}' at {position}, which can't be applied to the target",
                "leave the object out with --filter, or do on the target what the statement does and go on behind it with --start-position");
}
