using System.Globalization;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// A relay log on disk, in DM's layout: a sub-directory for each server that was followed, <c>server-uuid.index</c> with their names in order, and in each
/// the server's binlog files and <c>relay.meta</c>. The writer, the readers and the purger of a process share one instance: through it readers hear
/// at once that there is more, and files in use are kept. For use by several threads.
/// </summary>
public sealed class RelayDirectory
{
    private const string IndexName = "server-uuid.index";
    private const string LockName = "relay.lock";

    private readonly Lock _indexLock = new();
    private readonly Lock _growthLock = new();
    private readonly HashSet<RelayHold> _holds = [];
    private TaskCompletionSource? _growth;

    /// <summary>Names a relay log, which need not exist yet.</summary>
    /// <param name="path">The directory, DM's <c>relay-dir</c>.</param>
    public RelayDirectory(string path) => FullPath = Path.GetFullPath(path);

    /// <summary>The directory.</summary>
    public string FullPath { get; }

    /// <summary>Whether a writer of this process is at work, so that readers are told when there is more and need not look.</summary>
    internal bool HasWriter { get; private set; }

    /// <summary>Completes the next time that there is more to read. Ask for it before looking.</summary>
    internal Task Growth
    {
        get
        {
            lock (_growthLock)
                return (_growth ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>
    /// The servers that the relay log has followed, oldest first, the one that it follows now last: <c>server_uuid</c> of MySQL, <c>gtid_domain_id-server_id</c> of MariaDB.
    /// Empty where there is no relay log yet.
    /// </summary>
    /// <exception cref="TiFerryException">The index can't be read.</exception>
    public IReadOnlyList<string> Servers => [.. ReadIndex().Select(static s => s.ServerUuid)];

    /// <summary>The names of the sub-directories, oldest first: a server's identity each, and the number that qualifies names of files. Those that were purged are not among them.</summary>
    /// <exception cref="TiFerryException">The index can't be read.</exception>
    public IReadOnlyList<string> SubDirectories => [.. ReadIndex().Select(static s => s.Name)];

    private string IndexPath => Path.Combine(FullPath, IndexName);

    /// <summary>
    /// A position of the server that the relay log follows now, as readers report it: with the number of the sub-directory when it is not the first.
    /// Positions that are compared with a reader's must be qualified so.
    /// </summary>
    /// <exception cref="TiFerryException">The index can't be read.</exception>
    public BinlogPosition Qualify(BinlogPosition position)
    {
        var index = ReadIndex();
        return index.Count == 0 || RelayFileName.Split(position.File).SubDirectory is not null
            ? position
            : position with { File = RelayFileName.Qualify(position.File, index[^1].Number) };
    }

    /// <summary>The sub-directory that a position is in, going by the number in its file's name.</summary>
    /// <param name="position">As readers report it.</param>
    /// <param name="subDirectories">Names of sub-directories, of this relay log or another.</param>
    /// <returns>The sub-directory's name; null where it is none of them.</returns>
    public static string? SubDirectoryOf(BinlogPosition position, IEnumerable<string> subDirectories)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $".{RelayFileName.SubDirectoryOf(position.File):000000}");
        return subDirectories.FirstOrDefault(name => name.EndsWith(number, StringComparison.Ordinal));
    }

    /// <summary>Keeps a file and all after it from being purged, for a task that will read them later. Disposing the result lets them go.</summary>
    /// <param name="position">As readers report it.</param>
    public IDisposable Hold(BinlogPosition position)
    {
        var hold = HoldAll();
        hold.MoveTo(position.File);
        return hold;
    }

    /// <summary>Keeps all files from being purged until the hold is moved.</summary>
    internal RelayHold HoldAll()
    {
        var hold = new RelayHold(this);
        lock (_holds)
            _holds.Add(hold);
        return hold;
    }

    internal void Release(RelayHold hold)
    {
        lock (_holds)
            _holds.Remove(hold);
    }

    /// <summary>Deletes a file unless someone holds it, which can't change meanwhile.</summary>
    /// <returns>Whether it is gone.</returns>
    internal bool TryDelete(RelaySubDirectory subDirectory, string file)
    {
        var name = new BinlogPosition(RelayFileName.Qualify(file, subDirectory.Number), 0);
        lock (_holds)
        {
            foreach (var hold in _holds)
            {
                if (hold.File is not { } held || name >= new BinlogPosition(held, 0))
                    return false;
            }

            var path = PathOf(subDirectory, file);
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw RelayErrors.CannotRemove(path, e);
            }
        }

        return true;
    }

    /// <summary>Makes this process the only writer, until the result is disposed.</summary>
    /// <exception cref="TiFerryException">Another process is, or the directory can't be made.</exception>
    internal IDisposable Own()
    {
        var path = Path.Combine(FullPath, LockName);
        try
        {
            Directory.CreateDirectory(FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RelayErrors.WriteFailed(FullPath, e);
        }

        try
        {
            return new Ownership(this, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RelayErrors.InUse(FullPath, e);
        }
    }

    /// <summary>The sub-directories, oldest first; empty where there is no relay log yet.</summary>
    /// <exception cref="TiFerryException">The index can't be read.</exception>
    internal IReadOnlyList<RelaySubDirectory> ReadIndex()
    {
        var path = IndexPath;
        if (!File.Exists(path))
            return [];
        var all = new List<RelaySubDirectory>();
        foreach (var line in File.ReadLines(path))
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var next = RelaySubDirectory.Parse(line.Trim(), path);
            if (all.Count > 0 && next.Number != all[^1].Number + 1)
                throw RelayErrors.BadOrder(path, all[^1], next);
            all.Add(next);
        }

        return all;
    }

    /// <summary>When the index was changed last; cheap to ask.</summary>
    internal DateTime IndexChanged => File.GetLastWriteTimeUtc(IndexPath);

    /// <summary>Makes a sub-directory with its meta file, then lists it.</summary>
    internal void Add(RelaySubDirectory subDirectory, RelayMeta meta)
    {
        try
        {
            Directory.CreateDirectory(PathOf(subDirectory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RelayErrors.WriteFailed(PathOf(subDirectory), e);
        }

        meta.Write(PathOf(subDirectory));
        lock (_indexLock)
            WriteIndex([.. ReadIndex(), subDirectory]);
    }

    /// <summary>Takes the oldest sub-directory off the list, then deletes it.</summary>
    internal void RemoveOldest()
    {
        RelaySubDirectory oldest;
        lock (_indexLock)
        {
            var all = ReadIndex();
            oldest = all[0];
            WriteIndex(all.Skip(1));
        }

        try
        {
            Directory.Delete(PathOf(oldest), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RelayErrors.CannotRemove(PathOf(oldest), e);
        }
    }

    internal string PathOf(RelaySubDirectory subDirectory) => Path.Combine(FullPath, subDirectory.Name);

    internal string PathOf(RelaySubDirectory subDirectory, string file) => Path.Combine(FullPath, subDirectory.Name, file);

    /// <summary>The names of a sub-directory's binlog files, oldest first.</summary>
    internal List<string> Files(RelaySubDirectory subDirectory)
    {
        var files = new List<(ulong Number, string Name)>();
        var path = PathOf(subDirectory);
        if (!Directory.Exists(path))
            return [];
        foreach (var file in Directory.EnumerateFiles(path))
        {
            var name = Path.GetFileName(file);
            if (RelayFileName.TryGetNumber(name, out var number))
                files.Add((number, name));
        }

        files.Sort();
        return files.ConvertAll(static f => f.Name);
    }

    /// <summary>Tells readers that there is more.</summary>
    internal void NotifyGrowth()
    {
        TaskCompletionSource? growth;
        lock (_growthLock)
        {
            growth = _growth;
            _growth = null;
        }

        growth?.SetResult();
    }

    private void WriteIndex(IEnumerable<RelaySubDirectory> all) => AtomicFile.Write(IndexPath, string.Concat(all.Select(static s => s.Name + "\n")));

    private sealed class Ownership : IDisposable
    {
        private readonly RelayDirectory _directory;
        private readonly FileStream _lock;

        public Ownership(RelayDirectory directory, FileStream @lock)
        {
            _directory = directory;
            _lock = @lock;
            directory.HasWriter = true;
        }

        public void Dispose()
        {
            _directory.HasWriter = false;
            _directory.NotifyGrowth();
            _lock.Dispose();
        }
    }
}
