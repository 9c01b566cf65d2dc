using System.Runtime.CompilerServices;
using TiFerry.Core.Progress;
using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>Whether the disks of this machine have room for dump files and relay log.</summary>
internal static class FreeSpaceRule
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(SubTaskContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var task = context.SubTask;
        if (task is { DumpsFiles: true, DumpDirectory: { } dump })
        {
            var needed = (await context.Servers.TablesAsync(ct)).Sum(t => t.EstimatedBytes);
            var free = FreeBytes(dump);
            if (free < needed)
            {
                yield return CheckResult.Error("dump directory", $"{dump} has {HumanFormat.Bytes(free)} free, and the tables hold about {HumanFormat.Bytes(needed)}",
                    "make room, or set the loaders' dir to a larger disk");
            }
        }
        if (task.RelayDirectory is { } relay && FreeBytes(relay) is var left && left < task.RelayRemainSpace)
        {
            yield return CheckResult.Warning("relay directory", $"{relay} has {HumanFormat.Bytes(left)} free, less than what purge.remain-space of the source keeps free: {HumanFormat.Bytes(task.RelayRemainSpace)}",
                "make room, set relay-dir to a larger disk, or lower purge.remain-space");
        }
    }

    // The directory itself may not be there yet.
    private static long FreeBytes(string directory)
    {
        var existing = Path.GetFullPath(directory);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        return new DriveInfo(existing).AvailableFreeSpace;
    }
}
