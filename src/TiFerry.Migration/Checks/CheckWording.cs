namespace TiFerry.Migration.Checks;

/// <summary>What the settings that ways out name are called where the user sets them.</summary>
public sealed record CheckWording
{
    /// <summary>The flags of <c>tiferry</c>.</summary>
    public static readonly CheckWording Flags = new();

    /// <summary>The keys of DM's task file.</summary>
    public static readonly CheckWording TaskFile = new()
    {
        Filter = "block-allow-list",
        StartPosition = "meta (binlog-name, binlog-pos)",
        StartGtid = "meta (binlog-gtid)",
        ModeFull = "task-mode: full",
        ModeIncremental = "task-mode: incremental",
        Target = "target-database",
        Verification = "a comparison of both sides",
        KeepRows = "; or, where rows that the source does not have may stay, name downstream_table_empty in ignore-checking-items",
        StartOver = "stop the task, empty its tables on the target, and start it with --remove-meta",
    };

    /// <summary>What chooses the tables.</summary>
    public string Filter { get; init; } = "--filter";

    /// <summary>Where following begins, by file and position.</summary>
    public string StartPosition { get; init; } = "--start-position";

    /// <summary>Where following begins, by GTID.</summary>
    public string StartGtid { get; init; } = "--start-gtid";

    /// <summary>What asks for a copy only.</summary>
    public string ModeFull { get; init; } = "--mode full";

    /// <summary>What asks for following only.</summary>
    public string ModeIncremental { get; init; } = "--mode incremental";

    /// <summary>What names the target.</summary>
    public string Target { get; init; } = "--to";

    /// <summary>What compares both sides at the end.</summary>
    public string Verification { get; init; } = "--verify";

    /// <summary>What lets a copy go to tables that hold rows; empty for nothing.</summary>
    public string KeepRows { get; init; } = "";

    /// <summary>How a task begins anew.</summary>
    public string StartOver { get; init; } = "empty the tables on the target, and begin anew under another --task";

    /// <summary>How one table is left out.</summary>
    /// <param name="isFirst">Whether nothing is chosen yet.</param>
    /// <param name="table">As <c>schema.table</c>.</param>
    internal string LeaveOut(bool isFirst, string table) =>
        Filter == Flags.Filter ? $"{(isFirst ? "--filter '*.*' " : "")}--filter '!{table}' for each" : $"ignore-tables of the {Filter}";
}
