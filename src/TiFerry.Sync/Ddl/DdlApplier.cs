using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Ddl;

/// <summary>
/// Runs schema changes on the target. A server commits each of them by itself, so before one runs, the checkpoint notes it with a digest of
/// the definitions it touches: after a crash, a digest that changed says that it ran.
/// </summary>
internal sealed partial class DdlApplier(SyncOptions options, MySqlConnection control, SyncProgress progress, Log log)
{
    private static readonly int[] AlreadyDone = [1007, 1008, 1050, 1051, 1060, 1061, 1068, 1091, 1517, 1826];

    // Is no digest, so the definitions always differ from it.
    private const string HasRun = "";

    private readonly RenameMarker _marker = new(options.Store.MetaSchema, options.Slots.TaskName, options.Store.SourceId);

    /// <summary>Runs a plan, unless the checkpoint and the target say that it ran before.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="checkpoint">The checkpoint that holds now: all before the statement is applied.</param>
    /// <param name="ct">Stops the wait; the target may go on with the statement.</param>
    /// <returns>What the checkpoint has to hold until it is behind the statement; null where the plan has no statements.</returns>
    /// <exception cref="TiFerryException">The target refuses the statement.</exception>
    public async ValueTask<PendingDdl?> RunAsync(DdlPlan plan, SyncCheckpoint checkpoint, CancellationToken ct)
    {
        if (plan.Steps.Count == 0)
            return null;
        using var timing = progress.Stages.Begin(SyncStage.Ddl);
        progress.AddedDdl();
        // A session of its own, because the statement needs the source's settings. Its slot is free only when what a lost predecessor left running has ended.
        await using var session = await options.Slots.OpenAsync(TargetSlots.Ddl, ct);
        var pending = checkpoint.Ddl is { } noted && noted.Operation == plan.Operation && (noted.Position == plan.Position || string.IsNullOrEmpty(noted.Position.File)) ? noted : null;
        var piece = pending?.Piece ?? 0;
        if (pending is not null && await HasRunAsync(plan.Steps[piece], pending, ct))
        {
            log.Info("schema change ran before the restart", ("position", plan.Position), ("piece", piece));
            piece++;
        }
        else if (pending is not null && plan.Steps[piece].IsExchange)
        {
            throw new TiFerryException(SyncErrors.DdlFailed, ErrorScope.Downstream,
                $"the connection to the target was lost while it exchanged a partition at {plan.Position}, and whether it did so can't be seen: {SecretText.Mask(Encoding.UTF8.GetString(plan.Steps[piece].Sql.AsSpan(0, Math.Min(300, plan.Steps[piece].Sql.Length))))}",
                "compare the rows of both tables; run the statement on the target by hand if they have not changed places, and then skip it");
        }
        for (; piece < plan.Steps.Count; piece++)
        {
            var step = plan.Steps[piece];
            if (step.IsRename)
                await _marker.ResetAsync(control, ct);
            pending = new PendingDdl(plan.Position, piece, await DigestAsync(step.Objects, ct), plan.Operation);
            await options.Store.WriteAsync(control, checkpoint with { Ddl = pending }, ct);
            await UseSchemaAsync(session, plan.Schema, ct);
            await session.ExecuteAsync(step.Session, ct);
            try
            {
                await RunStepAsync(session, plan, step, ct);
            }
            catch (Exception error) when (error is MySqlServerException || error is TiFerryException refused && refused.Code == SyncErrors.DdlFailed)
            {
                // What is changed by hand before the next start must not pass for the statement.
                await options.Store.WriteAsync(control, checkpoint with { Ddl = piece == 0 ? null : new PendingDdl(plan.Position, piece - 1, HasRun, plan.Operation) }, ct);
                throw;
            }
        }
        progress.AppliedDdl();
        log.Info("schema change applied", ("kind", plan.Kind), ("objects", string.Join(", ", plan.Steps.SelectMany(s => s.Objects).Distinct())), ("position", plan.Position));
        return pending!;
    }

    private async ValueTask<bool> HasRunAsync(DdlStep step, PendingDdl pending, CancellationToken ct)
    {
        // A changed table that another source of the task changes too says nothing of who did it; what ran already is found out by running it again.
        if (step.IsShared && options.OtherSources is not null && pending.Before != HasRun)
            return false;
        return !string.Equals(pending.Before, await DigestAsync(step.Objects, ct), StringComparison.Ordinal)
            || (step.IsRename && await _marker.IsMovedAsync(control, ct));
    }

    private async ValueTask RunStepAsync(MySqlConnection session, DdlPlan plan, DdlStep step, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        sql.Append(step.Sql);
        if (step.IsRename)
            _marker.AppendMove(sql);
        try
        {
            await session.ExecuteAsync(sql, ct);
        }
        // The same change of another of its sources came first. With several sources of the task DM takes these errors for done, whatever the table, of each change by itself.
        catch (MySqlServerException error) when ((step.IsShared || (options.OtherSources is not null && !step.HasSeveralChanges)) && AlreadyDone.Contains(error.Code))
        {
            log.Warn("a schema change was made before", ("objects", string.Join(", ", step.Objects)), ("position", plan.Position), ("error", error.Message));
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            throw new TiFerryException(SyncErrors.DdlFailed, ErrorScope.Downstream,
                $"the target refuses the schema change at {plan.Position}: {SecretText.Mask(Encoding.UTF8.GetString(step.Sql.AsSpan(0, Math.Min(300, step.Sql.Length))))}",
                "change the target by hand so that the statement succeeds, and run the same command again; or make the change by hand and skip the statement", error);
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

    private async ValueTask<string> DigestAsync(IReadOnlyList<TableName> objects, CancellationToken ct)
    {
        var text = new StringBuilder();
        foreach (var name in objects)
        {
            text.Append(name).Append('=');
            var statement = name.Name.Length == 0 ? $"SHOW CREATE DATABASE {name}" : $"SHOW CREATE TABLE {name}";
            try
            {
                text.Append(NextNumber().Replace((await control.QueryRowsAsync(statement, ct))[0][1]!, ""));
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
}
