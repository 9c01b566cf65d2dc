using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Worker.Stages;

/// <summary>
/// Which errors may pass by themselves. The lists are those of DM (dm/pkg/retry/errors.go), by the server's words and by code; TiFerry's own codes are added where doing
/// the same again has to fail again.
/// </summary>
internal static class ResumableErrors
{
    private static readonly string[] Lasting =
    [
        // Schema changes that the target can't run.
        "can't drop column with index",
        "with tidb_enable_change_multi_schema is disable",
        "unsupported add column",
        "unsupported modify column",
        "unsupported modify charset",
        "unsupported modify collate",
        "unsupported drop integer primary key",
        "unsupported collation",
        "invalid default value for",
        "unsupported drop primary key",
        "error 1059",
        "error 1117",
        "error 1069",

        // Rows that the target can't hold.
        "error 1062",
        "error 1406",
        "error 1366",
        "error 8025",

        // Binlog that the source no longer has.
        "could not find first log file name in binary log index file",
        "the slave is connecting using change master to master_auto_position = 1, but the master has purged binary logs containing gtids that the slave requires",
    ];

    private static readonly HashSet<int> LastingCodes =
    [
        36008, // order of schema changes in merged tables
        32001, 32004, // dump: runtime, no global lock
        36027, // columns of a row and of the table differ
        11129, // a schema change was cancelled
        34020, 34021, // load: duplicates, checksum
        90301, // row images without all columns
        90303, // row larger than the target takes
        90305, // checkpoint unusable
        90306, // lost events
        90307, // kind of transaction that can't be applied
        90308, // values that change
        90312, // another worker has the task now
        90330, 90331, // expressions
        36014, // statement format
        36030, // a filter says that it is an error
    ];

    private static readonly HashSet<int> LastingRelayCodes =
    [
        30001, 30002, 30004, 30005, 30008, // the relay directory itself is wrong
        30024, // the source's binlog is another one
    ];

    /// <summary>Whether a subtask that paused because of this error may go on by itself.</summary>
    public static bool MayPass(ProcessError error) =>
        !LastingCodes.Contains(error.ErrCode) && !Lasting.Any(text => error.RawCause.Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a relay log that paused because of this error may go on by itself.</summary>
    public static bool MayPassForRelay(ProcessError error) => !LastingRelayCodes.Contains(error.ErrCode);
}
