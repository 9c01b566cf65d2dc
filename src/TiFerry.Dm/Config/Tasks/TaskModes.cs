namespace TiFerry.Dm.Config.Tasks;

/// <summary>What belongs to a <see cref="TaskMode"/>.</summary>
public static class TaskModes
{
    /// <summary>The mode as files have it.</summary>
    public static string Text(this TaskMode mode) => mode switch
    {
        TaskMode.All => "all",
        TaskMode.Full => "full",
        TaskMode.Incremental => "incremental",
        TaskMode.Dump => "dump",
        TaskMode.Load => "load",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    /// <summary>The mode of a text; null where there is none.</summary>
    public static TaskMode? Parse(string text) => text switch
    {
        "all" => TaskMode.All,
        "full" => TaskMode.Full,
        "incremental" => TaskMode.Incremental,
        "dump" => TaskMode.Dump,
        "load" => TaskMode.Load,
        _ => null,
    };

    /// <summary>Whether rows that exist already are read from the source.</summary>
    public static bool HasDump(this TaskMode mode) => mode is TaskMode.All or TaskMode.Full or TaskMode.Dump;

    /// <summary>Whether rows that exist already are written to the target.</summary>
    public static bool HasLoad(this TaskMode mode) => mode is TaskMode.All or TaskMode.Full or TaskMode.Load;

    /// <summary>Whether the source is followed.</summary>
    public static bool HasSync(this TaskMode mode) => mode is TaskMode.All or TaskMode.Incremental;
}
