using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>The errors of the relay log. Numbers are DM's (classes <c>relay-unit</c>, <c>relay-event-lib</c>, <c>functional</c>) where the meaning is the same.</summary>
internal static class RelayErrors
{
    private const string RelayUnit = "relay-unit";
    private const string Anew = "stop what reads the relay log, move the relay directory away, and start again from a position that the source still has; copy the data anew where a task needs older changes";

    private static readonly ErrorCode IndexUnreadable = new(28001, "relay-event-lib", "high");
    private static readonly ErrorCode NumbersBroken = new(30001, RelayUnit, "high");
    private static readonly ErrorCode MetaUnreadable = new(30003, RelayUnit, "high");
    private static readonly ErrorCode AlreadyRunning = new(30009, RelayUnit, "high");
    private static readonly ErrorCode SourceRead = new(30015, RelayUnit, "high");
    private static readonly ErrorCode PositionBeyondSource = new(30024, RelayUnit, "high");
    private static readonly ErrorCode FileOperation = new(30025, RelayUnit, "high");
    private static readonly ErrorCode SwitchNeedsGtid = new(30034, RelayUnit, "high");
    private static readonly ErrorCode UnknownSubDirectory = new(30040, RelayUnit, "high");
    private static readonly ErrorCode RemoveFailed = new(30041, RelayUnit, "high");
    private static readonly ErrorCode NoFileForPosition = new(11036, "functional", "high");
    private static readonly ErrorCode FileUnreadable = new(11038, "functional", "high");
    private static readonly ErrorCode PositionTooBig = new(11106, "functional", "high");
    private static readonly ErrorCode NoFileForGtid = new(11121, "functional", "high");

    public static TiFerryException BadIndex(string path, string what) =>
        new(IndexUnreadable, ErrorScope.Internal, $"the index {path} of the relay log can't be read: {what}", "restore the line: it names a sub-directory such as 3e11fa47-71ca-11e1-9e33-c80aa9429562.000001");

    public static TiFerryException BadOrder(string path, RelaySubDirectory before, RelaySubDirectory after) =>
        new(NumbersBroken, ErrorScope.Internal, $"in the index {path} of the relay log, {after} does not follow {before}", "restore the missing lines: the numbers of the sub-directories count up by one");

    public static TiFerryException BadMeta(string path, string what) =>
        new(MetaUnreadable, ErrorScope.Internal, $"{path} can't be read: {what}", "correct it; it holds binlog-name, binlog-pos and binlog-gtid");

    public static TiFerryException InUse(string path, Exception cause) =>
        new(AlreadyRunning, ErrorScope.Internal, $"another process writes the relay log in {path}", "stop it, or give this one a relay-dir of its own", cause);

    public static TiFerryException Purged(string endPoint, string place, Exception? cause) =>
        new(SourceRead, ErrorScope.Upstream, $"{endPoint} no longer has the binlog from {place} on, which the relay log needs to go on", Anew, cause);

    public static TiFerryException CannotFillGap(string endPoint, string place) =>
        new(SourceRead, ErrorScope.Upstream, $"the relay log lacks a part from {place} on, and {endPoint} no longer has that file",
            "if no task needs it any more, delete that file and all before it from the relay directory; else copy the data of those tasks anew");

    public static TiFerryException SourceFailed(string endPoint, string place, Exception cause) =>
        new(SourceRead, ErrorScope.Upstream, $"{endPoint} can't send its binlog from {place} on", "see that the source runs and the account may replicate, then start again: it goes on from there", cause);

    public static TiFerryException SourceChanged(string endPoint, string place, string what) =>
        new(PositionBeyondSource, ErrorScope.Upstream, $"the binlog of {endPoint} is not the one that the relay log holds up to {place}: {what}",
            $"if the source's binlog was reset or restored, {Anew}");

    public static TiFerryException Damaged(string endPoint, string place, string what, Exception? cause = null) =>
        new(BinlogErrors.Corrupt, ErrorScope.Upstream, $"{endPoint} sends a damaged binlog at {place}: {what}",
            "check the file on the source with mysqlbinlog --verify-binlog-checksum; nothing damaged was written, and the relay log goes on from there when it is started again", cause);

    public static TiFerryException WriteFailed(string path, Exception cause) =>
        new(FileOperation, ErrorScope.Internal, $"{path} can't be written", "make room on the disk (purge-relay removes files that no task needs) or repair it, then resume: nothing is lost, it goes on from there", cause);

    public static TiFerryException NoGtidToSwitch(string endPoint, string uuid, RelaySubDirectory last) =>
        new(SwitchNeedsGtid, ErrorScope.Upstream, $"{endPoint} is now server {uuid}, and what {last} holds has no GTIDs by which to go on there",
            $"connect to the server that it was; or {Anew}");

    public static TiFerryException Behind(string endPoint, string missing) =>
        new(PositionBeyondSource, ErrorScope.Upstream, $"{endPoint} is another server now, and lacks transactions that came from the one before: {missing}",
            $"if it is a replica that will still get them, start again when it has; if they are lost, targets may hold their rows: compare them with the source, then {Anew}");

    public static TiFerryException NoSubDirectory(string path, string name) =>
        new(UnknownSubDirectory, ErrorScope.Internal, $"the relay log in {path} has no sub-directory {name}", "give one that server-uuid.index lists");

    public static TiFerryException CannotRemove(string path, Exception cause) =>
        new(RemoveFailed, ErrorScope.Internal, $"{path} can't be removed", "look at its owner and permissions", cause);

    public static TiFerryException NoFile(string path, string place, string? why = null) =>
        new(NoFileForPosition, ErrorScope.Internal, $"the relay log in {path} has no file for {place}{(why is null ? "" : $": {why}")}",
            "see that the relay log runs and has got there; if the file was purged, follow the source itself or copy the data anew");

    public static TiFerryException Ambiguous(string path, string file) =>
        new(NoFileForPosition, ErrorScope.Internal, $"several sub-directories of the relay log in {path} have a file {file}",
            "name the sub-directory with the file, for example mysql-bin|000002.000003 for mysql-bin.000003 in sub-directory 000002, or start by GTID");

    public static TiFerryException TooBig(string path, long length, BinlogPosition position) =>
        new(PositionTooBig, ErrorScope.Internal, $"the position {position} is beyond the end of {path}, which has {length} bytes", "check the position; if the relay log is behind, wait until it has got there");

    public static TiFerryException NoGtid(string path, string gtids) =>
        new(NoFileForGtid, ErrorScope.Internal, $"the relay log in {path} has no file that starts at or before the GTIDs {gtids}",
            "it was started later or purged: follow the source itself, or copy the data anew");

    public static TiFerryException Unreadable(string path, long offset, string what, Exception? cause = null) =>
        new(FileUnreadable, ErrorScope.Internal, $"the relay log file {path} is damaged at offset {offset}{(what.Length == 0 ? "" : $": {what}")}",
            $"stop the relay log, cut the file off there (truncate -s {offset} {path}), and start the relay log again: it reads the rest anew from the source", cause);
}
