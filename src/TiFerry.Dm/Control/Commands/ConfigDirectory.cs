namespace TiFerry.Dm.Control.Commands;

/// <summary>The layout of an exported configuration, DM's: <c>sources/ID.yaml</c>, <c>tasks/NAME.yaml</c>, <c>relay_workers.json</c>.</summary>
/// <param name="Root">The directory.</param>
internal sealed record ConfigDirectory(string Root)
{
    /// <summary>One file for each source.</summary>
    public string Sources => Path.Combine(Root, "sources");

    /// <summary>One file for each task.</summary>
    public string Tasks => Path.Combine(Root, "tasks");

    /// <summary>Which workers pull relay log of which source.</summary>
    public string RelayWorkers => Path.Combine(Root, "relay_workers.json");
}
