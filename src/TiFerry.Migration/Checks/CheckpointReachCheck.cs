using System.Runtime.CompilerServices;
using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source still has its binlog from where a task that began earlier goes on.</summary>
public static class CheckpointReachCheck
{
    private const int NoSuchTable = 1146;

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var options = context.Options;
        if (options.RelayDir is not null || !await context.HasBinlogAsync(ct))
            yield break;
        var task = await new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId).ReadTaskAsync(context.Target, ct);
        if (task is null or { Stage: TaskStage.Done } || await PlaceAsync(context, task, ct) is not { } place)
            yield break;
        var reach = new BinlogReach(context, "source checkpoint", $"the changes since then are gone: {context.Wording.StartOver}");
        var isNamedHere = place.SubDirectories.Count == 0 && (place.Source.Length == 0 || place.Source == await SourceIdentity.ReadAsync(context.Source, ct));
        if (isNamedHere && place.Position.File.Length > 0)
            yield return await reach.CheckAsync(place.Prepared.Values.Append(place.Position).Min(), ct);
        else if (place.HasAllGtids && place.Gtid.Length > 0)
            yield return await reach.CheckAsync(place.Gtid, ct);
    }

    private static async ValueTask<SyncCheckpoint?> PlaceAsync(CheckContext context, TaskRecord task, CancellationToken ct)
    {
        try
        {
            var options = context.Options;
            if (await new CheckpointStore(options.MetaSchema, options.TaskName, options.CheckpointId).ReadAsync(context.Target, ct) is { } checkpoint)
                return checkpoint;
        }
        catch (MySqlServerException error) when (error.Code == NoSuchTable)
        {
        }
        return task.Start is { } start ? new SyncCheckpoint { Position = start.Position, Gtid = start.Gtid, Source = task.Source } : null;
    }
}
