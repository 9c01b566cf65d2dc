namespace TiFerry.TestServers.Zoo;

/// <summary>One or a few tables that show one hard thing. Statements name no database: they run in the current one, after <see cref="TableZoo.Session"/>.</summary>
/// <param name="Name">Unique; usually the table's name.</param>
/// <param name="Guards">What goes wrong in a tool that does not know about it.</param>
/// <param name="RunsOn">The servers that take exactly these statements; two of them can exchange the tables.</param>
public sealed record ZooEntry(string Name, string Guards, Servers RunsOn)
{
    /// <summary>DDL, in order.</summary>
    public required IReadOnlyList<string> Create { get; init; }

    /// <summary>The first rows, in order.</summary>
    public IReadOnlyList<string> Inserts { get; init; } = [];

    /// <summary>Later changes, in order; together they change every base table of the entry.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
}
