namespace TiFerry.TestServers.Zoo;

/// <summary>
/// Tables that break careless tools: every type with its edge values, every charset, every kind of key, odd names, relations.
/// The statements run in the current database, in a session prepared with <see cref="Session"/>; the entry "odd_names" makes databases of its own, whose names
/// start with <c>odd</c>.
/// </summary>
public static class TableZoo
{
    private static readonly IReadOnlyList<ZooEntry> Entries =
    [
        .. Numbers.Entries, .. Temporals.Entries, .. Texts.Entries, .. Charsets.Entries, .. Documents.Entries, .. Keys.Entries, .. Columns.Entries, .. Names.Entries, .. Relations.Entries,
        .. Storage.Entries,
    ];

    /// <summary>Lets the session write what old and lax sessions have written: zero and invalid dates, an explicit 0 in AUTO_INCREMENT, the enum's error value.</summary>
    public static IReadOnlyList<string> Session { get; } =
    [
        "SET NAMES utf8mb4",
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'",
    ];

    /// <summary>Creates the zoo's database and enters it; its defaults are known to every server.</summary>
    /// <param name="database">A plain identifier.</param>
    public static IReadOnlyList<string> Database(string database) =>
        [$"CREATE DATABASE {database} DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", $"USE {database}"];

    /// <summary>The entries that the server takes.</summary>
    public static IReadOnlyList<ZooEntry> Statements(ServerKind kind) => [.. Entries.Where(entry => entry.RunsOn.HasFlag(SetOf(kind)))];

    /// <summary>The entries that both servers take, for a crossing from one to the other.</summary>
    public static IReadOnlyList<ZooEntry> Statements(ServerKind source, ServerKind target) => [.. Statements(source).Where(entry => entry.RunsOn.HasFlag(SetOf(target)))];

    /// <summary>Updates, deletes and inserts that touch every table; each entry's own are in <see cref="ZooEntry.Changes"/>.</summary>
    public static IReadOnlyList<string> Changes(ServerKind kind) => [.. Statements(kind).SelectMany(entry => entry.Changes)];

    private static Servers SetOf(ServerKind kind) => (Servers)(1 << (int)kind);
}
