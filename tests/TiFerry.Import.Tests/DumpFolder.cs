using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump;
using TiFerry.Dump.Layout;
using TiFerry.MySql.Sessions;
using TiFerry.TestServers;

namespace TiFerry.Import.Tests;

/// <summary>A throw-away folder for a dump's files.</summary>
internal sealed class DumpFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tiferry-dump-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Dumps databases of a server into the folder.</summary>
    public async Task<DumpMetadata> DumpAsync(TestServer source, string filter, Func<DumpOptions, DumpOptions>? change = null)
    {
        var options = new DumpOptions { Source = source.ConnectionOptions, Directory = Path, Tables = TableFilter.Parse([filter]) };
        return await new DumpTask(change?.Invoke(options) ?? options, Log.None).RunAsync(CancellationToken.None);
    }

    /// <summary>How the folder is loaded into a server.</summary>
    public LoadOptions LoadInto(TestServer target, string task) => new()
    {
        Directory = Path,
        Task = task,
        MetaSchema = "load_meta",
        PoolSize = 3,
        OpenSession = (_, ct) => Session.OpenForWritingAsync(target.ConnectionOptions, ct),
    };

    /// <summary>Loads the folder into a server.</summary>
    public Task<DumpMetadata> LoadAsync(TestServer target, string task, Func<LoadOptions, LoadOptions>? change = null)
    {
        var options = LoadInto(target, task);
        return new LoadTask(change?.Invoke(options) ?? options, Log.None).RunAsync(CancellationToken.None);
    }

    /// <summary>Writes a file of a dump.</summary>
    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    /// <summary>Writes what tells a finished dump by TiFerry.</summary>
    public void WriteMetadata() => Write("metadata", new DumpMetadata { Started = DateTime.UnixEpoch, Finished = DateTime.UnixEpoch, ServerVersion = "10.11.14-MariaDB" }.ToString());
}
