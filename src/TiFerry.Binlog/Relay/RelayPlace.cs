using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>A place in a relay log.</summary>
/// <param name="SubDirectory">The sub-directory.</param>
/// <param name="File">The file's own name.</param>
/// <param name="Position">The offset in it.</param>
/// <param name="ByGtid">Whether transactions of the start's GTIDs may follow, which are to be passed over.</param>
internal sealed record RelayPlace(RelaySubDirectory SubDirectory, string File, long Position, bool ByGtid = false)
{
    /// <summary>Finds the place to start; null where the relay log has not got there yet.</summary>
    /// <exception cref="TiFerryException">It will never get there: what is needed was purged, or the start is ambiguous.</exception>
    public static RelayPlace? Find(RelayDirectory directory, BinlogStart start)
    {
        var index = directory.ReadIndex();
        if (index.Count == 0)
            return null;
        if (start.Position is not { } position || start.ByGtid)
            return FindByGtid(directory, index, start);
        var (file, number) = RelayFileName.Split(position.File);
        if (number is not null)
        {
            var named = index.FirstOrDefault(s => s.Number == number) ?? throw RelayErrors.NoFile(directory.FullPath, position.ToString(), "there is no such sub-directory");
            return At(directory, index, named, file, position);
        }

        if (index.Count == 1)
            return At(directory, index, index[0], file, position);
        if (start.MySqlGtids is { IsEmpty: false } || start.MariaDbGtids is { IsEmpty: false })
            return FindByGtid(directory, index, start);
        var having = index.Where(s => System.IO.File.Exists(directory.PathOf(s, file))).ToList();
        return having.Count switch
        {
            0 => At(directory, index, index[^1], file, position),
            1 => At(directory, index, having[0], file, position),
            _ => throw RelayErrors.Ambiguous(directory.FullPath, file),
        };
    }

    private static RelayPlace? At(RelayDirectory directory, IReadOnlyList<RelaySubDirectory> index, RelaySubDirectory subDirectory, string file, BinlogPosition position)
    {
        var path = directory.PathOf(subDirectory, file);
        var files = directory.Files(subDirectory);
        var isLast = subDirectory == index[^1] && (files.Count == 0 || new BinlogPosition(file, 0) >= new BinlogPosition(files[^1], 0));
        if (!System.IO.File.Exists(path))
            return isLast ? null : throw RelayErrors.NoFile(directory.FullPath, position.ToString(), files.Count > 0 ? $"{subDirectory} starts with {files[0]}" : null);
        var offset = Math.Max((long)position.Position, (long)BinlogPosition.FirstEvent);
        var length = new FileInfo(path).Length;
        if (length < offset)
            return isLast ? null : throw RelayErrors.TooBig(path, length, position);
        return new RelayPlace(subDirectory, file, offset);
    }

    /// <summary>The newest file that starts with nothing that is still needed.</summary>
    private static RelayPlace? FindByGtid(RelayDirectory directory, IReadOnlyList<RelaySubDirectory> index, BinlogStart start)
    {
        var hasFiles = false;
        for (var i = index.Count - 1; i >= 0; i--)
        {
            var files = directory.Files(index[i]);
            for (var n = files.Count - 1; n >= 0; n--)
            {
                var before = GtidsBefore(directory.PathOf(index[i], files[n]));
                hasFiles |= before is not null;
                if (before?.MySqlGtids is { } mySql && start.MySqlGtids?.ContainsAll(mySql) == true)
                    return new RelayPlace(index[i], files[n], (long)BinlogPosition.FirstEvent, ByGtid: true);
                if (before?.MariaDbGtids is { } mariaDb && start.MariaDbGtids?.ContainsAll(mariaDb) == true)
                    return new RelayPlace(index[i], files[n], (long)BinlogPosition.FirstEvent, ByGtid: true);
            }
        }

        return hasFiles ? throw RelayErrors.NoGtid(directory.FullPath, start.ToString()) : null;
    }

    /// <summary>The GTIDs of all that came before a file; null while the file does not tell.</summary>
    public static BinlogStart? GtidsBefore(string path)
    {
        if (new FileInfo(path).Length < (long)BinlogPosition.FirstEvent)
            return null;
        using var reader = BinlogFileReader.Open(path, parser: null, isGrowing: true);
        reader.Parser.IsStreamed = true;
        while (reader.TryRead(out var e))
        {
            switch (e)
            {
                case PreviousGtidsEvent previous:
                    return BinlogStart.After(previous.ToGtidSet());
                case MariaDbGtidListEvent list:
                    return BinlogStart.After(EventInspector.ToSet(list));
                case FormatDescriptionEvent or UninterpretedEvent:
                    break;
                default:
                    return null;
            }
        }

        return null;
    }
}
