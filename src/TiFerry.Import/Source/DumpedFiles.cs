using System.Security.Cryptography;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump.Layout;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Source;

/// <summary>The files of a finished dump, by TiFerry, Dumpling or Mydumper.</summary>
internal sealed class DumpedFiles
{
    private static readonly string[] RowEndings = [".sql", ".csv", ".parquet", ".dat", ".gz", ".zst", ".snappy", ".lz4", ".xz"];
    private readonly SortedDictionary<string, string> _schemas = new(StringComparer.Ordinal);
    private readonly SortedDictionary<TableName, string> _tables = [];
    private readonly SortedDictionary<TableName, string> _views = [];
    private readonly List<DataFile> _data = [];

    private DumpedFiles(DumpMetadata metadata, string identity)
    {
        Metadata = metadata;
        Identity = identity;
    }

    /// <summary>What the dump says of itself.</summary>
    public DumpMetadata Metadata { get; }

    /// <summary>Tells this dump from any other: 32 hexadecimal digits.</summary>
    public string Identity { get; }

    /// <summary>Databases, those of tables without a file of their own included, with the path of their definition; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Schemas => _schemas;

    /// <summary>Tables with the path of their definition.</summary>
    public IReadOnlyDictionary<TableName, string> Tables => _tables;

    /// <summary>Views with the path of their definition.</summary>
    public IReadOnlyDictionary<TableName, string> Views => _views;

    /// <summary>Files with rows, those of a table one after the other.</summary>
    public IReadOnlyList<DataFile> Data => _data;

    /// <summary>Whether Dumpling made it, whose texts are UTF-8 though its files say <c>SET NAMES binary</c>; its data files have nine digits or more.</summary>
    public bool IsDumplings => Metadata.ServerVersion is null && _data.Count > 0 && _data.TrueForAll(f => f.Number.Length >= 9);

    /// <summary>Reads the folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="selection">Which tables and views count.</param>
    /// <param name="log">Told of what is left out.</param>
    /// <exception cref="TiFerryException">It is missing or unfinished, or has files that can't be loaded.</exception>
    public static DumpedFiles Read(string directory, ITableSelector selection, Log log)
    {
        try
        {
            if (!Directory.Exists(directory))
                throw new TiFerryException(LoadErrors.NoDirectory, ErrorScope.Internal, $"{directory} is not there, or no folder", "correct dir of loaders, or dump first");
            var metadata = DumpMetadata.Read(directory);
            if (metadata is not { Finished: not null })
                throw Bad(directory, "it holds no finished dump: its file metadata is missing or tells no end", "dump again");
            var identity = SHA256.HashData(File.ReadAllBytes(Path.Combine(directory, DumpFileName.Metadata)));
            var files = new DumpedFiles(metadata, Convert.ToHexStringLower(identity.AsSpan(0, 16)));
            foreach (var path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
                files.Take(path, selection, log);
            foreach (var schema in files._tables.Keys.Concat(files._views.Keys).Concat(files._data.Select(d => d.Table)).Select(n => n.Schema))
                files._schemas.TryAdd(schema, "");
            // A view's stand-in table is not needed: views are created last.
            foreach (var view in files._views.Keys)
                files._tables.Remove(view);
            files._data.Sort((a, b) => a.Table == b.Table ? string.CompareOrdinal(a.Name, b.Name) : a.Table.CompareTo(b.Table));
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TiFerryException(LoadErrors.BadDataFile, ErrorScope.Internal, $"{directory} can't be read", null, e);
        }
    }

    private void Take(string path, ITableSelector selection, Log log)
    {
        var name = Path.GetFileName(path);
        if (name == DumpFileName.Metadata)
            return;
        if (name.Contains('\uFFFD', StringComparison.Ordinal))
            throw Bad(path, "its name is not UTF-8", "rename it, or dump again");
        if (!DumpFileName.TryParse(name, out var file) || Directory.Exists(path))
        {
            if (RowEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                throw Bad(path, "its name does not tell what it holds", "name it database.table.number.sql, or take it away");
            log.Info("passed over: no file of a dump", ("path", path));
            return;
        }
        if (SystemSchemas.Contains(file.Object.Schema) || !IsSelected(file, selection))
            return;
        switch (file.Kind)
        {
            case DumpFileKind.Database:
                _schemas[file.Object.Schema] = path;
                break;
            case DumpFileKind.Table:
                if (!_tables.TryAdd(file.Object, path))
                    throw Bad(path, $"{_tables[file.Object]} defines the same table", "delete one of the two");
                break;
            case DumpFileKind.View:
                if (!_views.TryAdd(file.Object, path))
                    throw Bad(path, $"{_views[file.Object]} defines the same view", "delete one of the two");
                break;
            case DumpFileKind.Data:
                _data.Add(new DataFile(path, file.Object, file.Number, new FileInfo(path).Length));
                break;
            case DumpFileKind.Other:
                log.Warn("not loaded: triggers, routines, events, sequences and the like stay out", ("path", path));
                break;
            default:
                throw Bad(path, "only SQL files that are not compressed can be loaded", "dump as SQL without compression");
        }
    }

    private static bool IsSelected(DumpFileName file, ITableSelector selection) => file.Object.Name.Length == 0
        ? selection.MatchSchema(file.Object.Schema)
        : selection.MatchTable(file.Object.Schema, file.Object.Name);

    private static TiFerryException Bad(string path, string what, string wayOut) => new(LoadErrors.BadDataFile, ErrorScope.Internal, $"{path} can't be loaded: {what}", wayOut);
}
