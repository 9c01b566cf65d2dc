using System.Globalization;
using System.Text;
using TiFerry.Binlog;
using TiFerry.Core.Errors;

namespace TiFerry.Dump.Layout;

/// <summary>
/// The file <c>metadata</c> of a dump, in the form of Mydumper and Dumpling, which DM reads the start of replication from; times are UTC. TiFerry adds the line
/// <c>Server version:</c> and those of its <see cref="DumpMark"/>, which other readers pass over.
/// </summary>
public sealed record DumpMetadata
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";
    private const string AfterConnect = "/* AFTER CONNECTION POOL ESTABLISHED */";

    /// <summary>When the dump began.</summary>
    public DateTime Started { get; init; }

    /// <summary>When the dump was complete; null where it isn't.</summary>
    public DateTime? Finished { get; init; }

    /// <summary>Where the binlog goes on from what was dumped; null where the source writes none.</summary>
    public BinlogPosition? Position { get; init; }

    /// <summary>The GTID set of that place; empty where the source has none.</summary>
    public string Gtid { get; init; } = "";

    /// <summary>
    /// A dump without locks: the place at which all sessions had begun to read. Up to there the binlog has to be applied in safe mode. Null otherwise.
    /// </summary>
    public BinlogPosition? SafeModeExit { get; init; }

    /// <summary>The GTID set of <see cref="SafeModeExit"/>.</summary>
    public string SafeModeExitGtid { get; init; } = "";

    /// <summary>The version text of the server that was dumped; null in files of other tools.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Whose it is; null in files of other tools.</summary>
    public DumpMark? Mark { get; init; }

    /// <summary>Reads the metadata of a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The metadata; null where the folder or the file is missing.</returns>
    /// <exception cref="TiFerryException">The file can't be read.</exception>
    public static DumpMetadata? Read(string directory)
    {
        var path = Path.Combine(directory, DumpFileName.Metadata);
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TiFerryException(LoadErrors.BadDataFile, ErrorScope.Internal, $"{path} can't be read", null, e);
        }
    }

    /// <summary>Reads the text of a metadata file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file, for errors.</param>
    /// <exception cref="TiFerryException">A position or a time makes no sense.</exception>
    public static DumpMetadata Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new DumpMetadata();
        // Newer versions of Mydumper write the times as comments.
        string[] lines = [.. text.Split('\n').Select(l => l.TrimStart('#', ' ', '\t').TrimEnd())];
        for (var i = 0; i < lines.Length; i++)
        {
            if (Value(lines[i], "Started dump at:") is { } started)
                result = result with { Started = Time(started, path) };
            else if (Value(lines[i], "Finished dump at:") is { } finished)
                result = result with { Finished = Time(finished, path) };
            else if (Value(lines[i], "Server version:") is { } version)
                result = result with { ServerVersion = version };
            else if (Value(lines[i], DumpMark.OwnerKey) is { } owner)
                result = result with { Mark = new DumpMark(owner, "") };
            else if (Value(lines[i], DumpMark.RunKey) is { } run && result.Mark is { } mark)
                result = result with { Mark = mark with { Run = run } };
            else if (Value(lines[i], "SHOW MASTER STATUS:") is { } rest)
                result = result.WithPosition(lines, ref i, rest == AfterConnect, path);
            else if (Value(lines[i], "SHOW BINARY LOG STATUS:") is { } rest2)
                result = result.WithPosition(lines, ref i, rest2 == AfterConnect, path);
            else if (lines[i].StartsWith("SHOW ", StringComparison.Ordinal))
                SkipBlock(lines, ref i);
        }
        return result;
    }

    /// <summary>The text of the file.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Started dump at: {Started.ToString(TimeFormat, CultureInfo.InvariantCulture)}\n");
        AppendPosition(text, "SHOW MASTER STATUS:", Position, Gtid);
        AppendPosition(text, $"SHOW MASTER STATUS: {AfterConnect}", SafeModeExit, SafeModeExitGtid);
        if (ServerVersion is not null)
            text.Append(CultureInfo.InvariantCulture, $"Server version: {ServerVersion}\n");
        text.Append(Mark?.Lines);
        if (Finished is { } finished)
            text.Append(CultureInfo.InvariantCulture, $"Finished dump at: {finished.ToString(TimeFormat, CultureInfo.InvariantCulture)}\n");
        return text.ToString();
    }

    private static void AppendPosition(StringBuilder text, string title, BinlogPosition? position, string gtid)
    {
        if (position is { } place)
            text.Append(CultureInfo.InvariantCulture, $"{title}\n\tLog: {place.File}\n\tPos: {place.Position}\n\tGTID:{gtid}\n\n");
    }

    private DumpMetadata WithPosition(string[] lines, ref int i, bool isExit, string path)
    {
        var (file, position, gtid) = ("", 0UL, "");
        var inGtid = false;
        for (i++; i < lines.Length && lines[i].Length > 0; i++)
        {
            if (Value(lines[i], "Log:") is { } log)
                file = log;
            else if (Value(lines[i], "Pos:") is { } pos)
                position = ulong.TryParse(pos, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(path, $"'{pos}' is no position");
            else if (Value(lines[i], "GTID:") is { } set)
                (gtid, inGtid) = (set, true);
            // MySQL breaks a long set into lines.
            else if (inGtid && gtid.EndsWith(','))
                gtid += lines[i];
        }
        if (file.Length == 0)
            throw Bad(path, "it names no binlog file");
        return isExit
            ? this with { SafeModeExit = new BinlogPosition(file, position), SafeModeExitGtid = gtid }
            : this with { Position = new BinlogPosition(file, position), Gtid = gtid };
    }

    private static void SkipBlock(string[] lines, ref int i)
    {
        while (i < lines.Length && lines[i].Length > 0)
            i++;
    }

    private static string? Value(string line, string key) => line.StartsWith(key, StringComparison.Ordinal) ? line[key.Length..].Trim() : null;

    private static DateTime Time(string text, string path) =>
        DateTime.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Bad(path, $"'{text}' is no time");

    private static TiFerryException Bad(string path, string what) => new(LoadErrors.BadDataFile, ErrorScope.Internal, $"{path} can't be understood: {what}", "dump again");
}
