using TiFerry.Dm.Config.Rules;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Worker.Services;

/// <summary>
/// What of a subtask's configuration may change while it goes on: filters, expression filters, <c>syncers</c>, the target's session variables, and what comes from the source's file. DM lets
/// routes and the block-allow-list change too; here they say what the copy and the checkpoint hold.
/// </summary>
internal static class SubTaskUpdates
{
    private static readonly HashSet<string> Changeable =
    [
        "filter-rules", "expression-filter", "flavor", "server-id", "relay-dir", "enable-gtid", "case-sensitive", "ignore-checking-items", "clean-dump-file",
        "to.password", .. RuleTexts.Syncer(new SyncerSettings()).Select(static s => s.Key),
    ];

    private static readonly string[] ChangeableTables = ["from", "to.session", "filter-rules", "expression-filter", "syncer"];

    /// <summary>Refuses a change that a subtask can't take.</summary>
    /// <param name="source">The source.</param>
    /// <param name="toml">The new configuration of one of its subtasks, as <see cref="SubTaskConfig.ToToml"/> writes it.</param>
    /// <exception cref="Core.Errors.TiFerryException">The subtask isn't here, is in another unit, or something else would change.</exception>
    public static void Check(SourceWorker source, string toml)
    {
        var wanted = Settings(toml);
        var task = wanted.GetValueOrDefault("name", "").Trim('"', '\'');
        var order = source.FindOrder(task) ?? throw WorkerErrors.NoSubTask(task);
        if (source.Find(task) is not { Work.Unit: UnitType.Sync })
            throw WorkerErrors.NotUpdatable(task, $"it is in unit {source.Find(task)?.Work.Unit ?? UnitType.InvalidUnit}");
        var now = Settings(SubTaskConfig.FromJson(order.Config).ToToml());
        var others = now.Keys.Union(wanted.Keys, StringComparer.Ordinal).Where(key => now.GetValueOrDefault(key) != wanted.GetValueOrDefault(key) && !MayChange(key)).Order(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
            throw WorkerErrors.NotUpdatable(task, $"'{string.Join("', '", others)}' would change");
    }

    private static bool MayChange(string key) => Changeable.Contains(key) || ChangeableTables.Any(table => key.StartsWith($"{table}.", StringComparison.Ordinal));

    // Both texts have the same writer, so equal settings are equal lines.
    private static Dictionary<string, string> Settings(string toml)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var table = "";
        var entry = 0;
        foreach (var line in toml.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('['))
            {
                // Entries of a list are told apart by their number.
                table = line.StartsWith("[[", StringComparison.Ordinal) ? $"{line.Trim('[', ']')}.{entry++}." : $"{line.Trim('[', ']')}.";
                settings[table] = "";
                continue;
            }
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                settings[table + line[..equals].TrimEnd()] = line[(equals + 1)..].TrimStart();
        }
        return settings;
    }
}
