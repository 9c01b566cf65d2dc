using TiFerry.Core.Errors;
using TiFerry.Core.Filters;

namespace TiFerry.Dump.Layout;

/// <summary>A finished dump whose rows are on the target: its files may go. The file <c>metadata</c> stays, for it tells where the binlog goes on.</summary>
public static class FinishedDump
{
    /// <summary>Stands beside <c>metadata</c> before the first file is deleted, so that what is left is never taken for the whole dump.</summary>
    internal const string Deleted = DumpFileName.Metadata + ".loaded";

    /// <summary>Whether files of the dump have been deleted, all or some.</summary>
    /// <param name="directory">The folder.</param>
    public static bool IsDeleted(string directory) => File.Exists(Path.Combine(directory, Deleted));

    /// <summary>Deletes the files of a dump that TiFerry made, and nothing else. What ended in the middle can be done again.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="loaded">The tables that were loaded.</param>
    /// <returns>False where nothing was deleted: the dump has no mark of TiFerry, has rows of tables that were not loaded, or no rows at all.</returns>
    /// <exception cref="TiFerryException">A file can't be read or deleted.</exception>
    public static bool TryDelete(string directory, ITableSelector loaded)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(loaded);
        if (DumpMetadata.Read(directory) is not { Mark: not null })
            return false;
        try
        {
            var files = Directory.GetFiles(directory).Where(path => DumpFileName.TryParse(Path.GetFileName(path), out _)).ToList();
            if (!IsDeleted(directory))
            {
                var tables = files.Select(path => DumpFileName.TryParse(Path.GetFileName(path), out var name) ? name : default).Where(name => name.Kind is DumpFileKind.Data).ToList();
                if (tables.Count == 0 || tables.Exists(name => !loaded.MatchTable(name.Object.Schema, name.Object.Name)))
                    return false;
                File.WriteAllText(Path.Combine(directory, Deleted), "");
            }
            files.ForEach(File.Delete);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TiFerryException(DumpErrors.Failed, ErrorScope.Internal, $"the rows of the dump in {directory} are on the target, and its files can't be deleted", "look at the folder's permissions, or set clean-dump-file to false", e);
        }
    }
}
