using System.Globalization;
using System.Text;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// <c>relay.meta</c> of a sub-directory: how far the relay log has got, in TOML with DM's three keys. For people and for DM; what counts at a restart
/// are the files, except where there is none yet.
/// </summary>
/// <param name="File">The source's file.</param>
/// <param name="Position">Offset after the last event.</param>
/// <param name="Gtids">The GTIDs of all complete transactions up to there; empty where there are none.</param>
internal sealed record RelayMeta(string File, ulong Position, string Gtids)
{
    private const string FileName = "relay.meta";

    /// <summary>Reads the file of a sub-directory; null where there is none.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It is no such file.</exception>
    public static RelayMeta? Read(string subDirectory)
    {
        var path = Path.Combine(subDirectory, FileName);
        if (!System.IO.File.Exists(path))
            return null;
        var meta = new RelayMeta("", BinlogPosition.FirstEvent, "");
        foreach (var line in System.IO.File.ReadLines(path))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            var value = line.AsSpan(equals + 1).Trim();
            meta = line.AsSpan(0, equals).Trim() switch
            {
                "binlog-name" => meta with { File = ReadString(value, path) },
                "binlog-pos" => meta with { Position = ReadNumber(value, path) },
                "binlog-gtid" => meta with { Gtids = ReadString(value, path) },
                _ => meta,
            };
        }

        return meta;
    }

    /// <summary>Writes the file of a sub-directory, whole or not at all.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The disk is full, or the file can't be written.</exception>
    public void Write(string subDirectory)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"binlog-name = {Quote(File)}\nbinlog-pos = {Position}\nbinlog-gtid = {Quote(Gtids)}\n");
        AtomicFile.Write(Path.Combine(subDirectory, FileName), text);
    }

    private static string Quote(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string ReadString(ReadOnlySpan<char> value, string path)
    {
        if (value.Length < 2 || value[0] != '"')
            throw RelayErrors.BadMeta(path, "a value is not in double quotes");
        var text = new StringBuilder();
        for (var i = 1; i < value.Length; i++)
        {
            if (value[i] == '"')
                return text.ToString();
            if (value[i] == '\\' && i + 1 < value.Length)
                i++;
            text.Append(value[i]);
        }

        throw RelayErrors.BadMeta(path, "a value has no closing quote");
    }

    private static ulong ReadNumber(ReadOnlySpan<char> value, string path)
    {
        var end = value.IndexOfAnyExceptInRange('0', '9');
        return ulong.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw RelayErrors.BadMeta(path, "binlog-pos is no number");
    }
}
