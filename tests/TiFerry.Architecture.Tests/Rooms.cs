namespace TiFerry.Architecture.Tests;

/// <summary>The rooms of the house, from docs/architecture.md: a room imports only rooms above it.</summary>
internal static class Rooms
{
    public static readonly IReadOnlyList<string> InOrder =
    [
        "Core", "Grpc", "MySql", "Schema", "Binlog", "TiKv", "Dump", "Import", "Sync", "Diff", "Migration", "Dm", "Programs",
    ];

    /// <summary>The repository's root: the nearest folder upwards that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A room's place in the list; -1 when it is not there.</summary>
    public static int Rank(string room)
    {
        for (var i = 0; i < InOrder.Count; i++)
        {
            if (InOrder[i] == room)
                return i;
        }
        return -1;
    }

    /// <summary>The folders under src that hold a room, by room: <c>src/TiFerry.Sync</c> is Sync, <c>src/Programs</c> is Programs.</summary>
    public static IEnumerable<(string Room, string Folder)> OnDisk() =>
        from folder in Directory.EnumerateDirectories(Path.Combine(Root, "src"))
        let name = Path.GetFileName(folder)
        orderby name
        select (name.StartsWith("TiFerry.", StringComparison.Ordinal) ? name["TiFerry.".Length..] : name, folder);

    /// <summary>Null when <paramref name="from"/> may use <paramref name="to"/>, else why not.</summary>
    public static string? Violation(string from, string to, string where)
    {
        if (from == to)
            return null;
        if (Rank(to) < 0)
            return $"{where}: {from} imports {to}, which is not a room";
        return Rank(to) < Rank(from) ? null : $"{where}: {from} imports {to}, which is not above it";
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "TiFerry.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No TiFerry.slnx above {AppContext.BaseDirectory}.");
        return folder;
    }
}
