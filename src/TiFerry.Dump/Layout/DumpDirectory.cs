using TiFerry.Core.Errors;
using TiFerry.Core.Progress;

namespace TiFerry.Dump.Layout;

/// <summary>
/// The folder of a dump under way. While it lives it holds <c>metadata.partial</c> open, which tells an unfinished dump and whose it is, and keeps a second process out;
/// at the end <c>metadata</c> takes its place.
/// </summary>
internal sealed class DumpDirectory : IDisposable
{
    private const string Partial = DumpFileName.Metadata + ".partial";
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private readonly FileStream _marker;

    private DumpDirectory(string path, FileStream marker)
    {
        FullPath = path;
        _marker = marker;
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>Makes the folder, or clears it of an unfinished dump.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mark">Whose the new dump is.</param>
    /// <param name="overwrite">Whether a finished dump of the same owner gives way too.</param>
    /// <exception cref="TiFerryException">The folder holds something else, is in use, or can't be written.</exception>
    public static DumpDirectory Open(string path, DumpMark mark, bool overwrite)
    {
        try
        {
            path = Path.GetFullPath(path);
            Directory.CreateDirectory(path);
            Inspect(path, mark.Owner, overwrite);
            var marker = new FileStream(Path.Combine(path, Partial), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                Write(marker, mark.Lines);
                Clear(path);
                return new DumpDirectory(path, marker);
            }
            catch
            {
                marker.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>Looks whether the disk has room.</summary>
    /// <param name="bytes">How much is needed, about.</param>
    /// <exception cref="TiFerryException">There is less.</exception>
    public void RequireSpace(long bytes)
    {
        var free = new DriveInfo(FullPath).AvailableFreeSpace;
        if (free >= bytes)
            return;
        throw new TiFerryException(DumpErrors.Failed, ErrorScope.Internal, $"{FullPath} has {HumanFormat.Bytes(free)} free, and the tables hold about {HumanFormat.Bytes(bytes)}",
            "make room, or dump to a larger disk; where the server's figures are known to be too large, name free_space in ignore-checking-items");
    }

    /// <summary>Writes the metadata and so declares the dump complete; all other files must be on disk.</summary>
    public void Finish(DumpMetadata metadata)
    {
        var path = Path.Combine(FullPath, DumpFileName.Metadata);
        try
        {
            Write(_marker, metadata.ToString());
            File.Move(Path.Combine(FullPath, Partial), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e);
        }
    }

    /// <summary>What to tell where a file can't be written.</summary>
    public static TiFerryException Failed(string path, Exception cause) => (cause.HResult & 0xFFFF) is NoSpace or QuotaExceeded
        ? new(DumpErrors.Failed, ErrorScope.Internal, $"the disk is full: {path} can't be written", "make room, or dump to another folder; the dump begins anew", cause)
        : new(DumpErrors.Failed, ErrorScope.Internal, $"{path} can't be written", "look at the folder's permissions and whether another process dumps to it", cause);

    /// <inheritdoc/>
    public void Dispose() => _marker.Dispose();

    // Nothing is deleted before all is known to be a dump's.
    private static void Inspect(string path, string owner, bool overwrite)
    {
        var names = Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!).ToList();
        var partial = Path.Combine(path, Partial);
        // A process that ended before it had written its mark had not written anything else either.
        if (names.Count == 0 || (names is [Partial] && new FileInfo(partial).Length == 0))
            return;
        var isUnfinished = names.Contains(Partial, StringComparer.Ordinal);
        var metadata = isUnfinished ? DumpMetadata.Parse(File.ReadAllText(partial), partial) : DumpMetadata.Read(path);
        if (metadata is null)
            throw NotOurs(path, names[0]);
        if (metadata.Mark?.Owner != owner)
            throw Anothers(path, metadata.Mark);
        if (!isUnfinished && !overwrite)
            throw new TiFerryException(DumpErrors.Failed, ErrorScope.Internal, $"{path} holds a finished dump", "load it, delete it, or dump to another folder");
        var stranger = names.Find(name => !IsDumpFile(name) || Directory.Exists(Path.Combine(path, name)));
        if (stranger is not null)
            throw NotOurs(path, stranger);
    }

    private static void Write(FileStream marker, string text)
    {
        marker.SetLength(0);
        marker.Write(System.Text.Encoding.UTF8.GetBytes(text));
        marker.Flush(flushToDisk: true);
    }

    private static void Clear(string path)
    {
        // Without its metadata a dump that is half deleted can't be taken for a complete one.
        File.Delete(Path.Combine(path, DumpFileName.Metadata));
        foreach (var file in Directory.GetFiles(path).Where(file => Path.GetFileName(file) != Partial))
            File.Delete(file);
    }

    private static bool IsDumpFile(string name) => name is DumpFileName.Metadata or Partial or FinishedDump.Deleted || DumpFileName.TryParse(name, out _);

    private static TiFerryException Anothers(string path, DumpMark? mark) => new(DumpErrors.Failed, ErrorScope.Internal,
        $"{path} holds a dump {(mark is null ? "of another program" : mark.Owner.Length == 0 ? "that was not made for a task" : $"of {mark.Owner}")}, which is not overwritten",
        "dump to another folder, or delete what is there");

    private static TiFerryException NotOurs(string path, string name) => new(DumpErrors.Failed, ErrorScope.Internal,
        $"{path} is not empty, and {name} in it is not of an unfinished dump", "dump to an empty folder, or delete what is there");
}
