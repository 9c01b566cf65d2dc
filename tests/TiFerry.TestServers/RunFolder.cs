namespace TiFerry.TestServers;

/// <summary>This process's folder for data directories. Whatever a crashed run left is removed by the next one.</summary>
public static class RunFolder
{
    private static readonly Lazy<(string Path, FileStream Lock)> Mine = new(Create);
    private static int _number;

    /// <summary>Everything that the test servers write is below here.</summary>
    public static string Root { get; } = Path.Combine(Path.GetTempPath(), "tiferry-servers");

    /// <summary>Creates an empty folder for one server.</summary>
    public static string CreateServerFolder()
    {
        var folder = Path.Combine(Mine.Value.Path, Interlocked.Increment(ref _number).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        return folder;
    }

    private static (string Path, FileStream Lock) Create()
    {
        Directory.CreateDirectory(Root);
        var path = Path.Combine(Root, $"run-{Environment.ProcessId:d}-{Guid.NewGuid().ToString("N")[..8]}");
        // The lock file comes first and lives as long as the process: a folder without a living owner is a left-over.
        var owner = new FileStream(path + ".lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        RemoveLeftOvers();
        Directory.CreateDirectory(path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            TryRemove(path);
            owner.Dispose();
            File.Delete(path + ".lock");
        };
        return (path, owner);
    }

    private static void RemoveLeftOvers()
    {
        foreach (var lockFile in Directory.EnumerateFiles(Root, "run-*.lock"))
        {
            try
            {
                using var free = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                TryRemove(Path.ChangeExtension(lockFile, null));
                File.Delete(lockFile);
            }
            catch (IOException)
            {
                // Its owner is alive, or another process is removing it.
            }
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Already gone, or a dying server still writes there; the next run removes it.
        }
    }
}
