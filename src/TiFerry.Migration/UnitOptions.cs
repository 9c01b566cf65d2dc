using System.Security.Cryptography;
using System.Text;
using TiFerry.Core.Config;
using TiFerry.Sync;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Target;

namespace TiFerry.Migration;

/// <summary>What the units are told of a migration.</summary>
internal static class UnitOptions
{
    /// <summary>What following is told, but for what only a running task knows.</summary>
    public static SyncOptions Sync(MigrationOptions options, TargetSlots slots, CheckpointStore checkpoints)
    {
        var syncer = options.Rules.Syncer;
        return new SyncOptions
        {
            Source = options.Source,
            Slots = slots,
            Store = checkpoints,
            Filter = options.Selection(),
            Router = options.Router(),
            EventFilter = options.Rules.CompileFilter(),
            Expressions = options.Rules.ExpressionFilters,
            TimeZone = TimeZones.Find(options.Rules.Timezone),
            OnlineTables = options.Rules.OnlineDdl.Compile(),
            Operations = options.Operations,
            Workers = options.Workers,
            Batch = syncer?.Batch ?? 0,
            Compact = syncer?.Compact ?? true,
            MultipleRows = syncer?.MultipleRows ?? true,
            SafeMode = options.SafeMode || syncer is { SafeMode: true },
            SafeModeDuration = options.SafeModeDuration ?? syncer?.SafeModeDuration ?? TimeSpan.Zero,
            Redacts = options.Redacts,
            ServerId = ServerId(options),
            ReconnectLimit = options.Patience,
        };
    }

    /// <summary>The id by which the source knows the task. It is the same for every run, so that the source ends a lost predecessor's stream when the next one connects.</summary>
    public static uint ServerId(MigrationOptions options)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Target.Host}:{options.Target.Port}:{options.Target.UnixSocket}/{options.MetaSchema}/{options.TaskName}{(options.CheckpointId == CheckpointStore.OnlySource ? "" : $"/{options.CheckpointId}")}"));
        return 0x4000_0000 | (BitConverter.ToUInt32(digest) & 0x3FFF_FFFF);
    }
}
