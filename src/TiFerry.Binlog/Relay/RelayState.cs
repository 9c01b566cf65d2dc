namespace TiFerry.Binlog.Relay;

/// <summary>What a relay log has written.</summary>
/// <param name="SubDirectory">Where to.</param>
/// <param name="Position">After the last event, with the source's own file name.</param>
/// <param name="Pull">Who wrote it.</param>
internal sealed record RelayState(string SubDirectory, BinlogPosition? Position, RelayPull? Pull)
{
    /// <summary>The GTIDs of all complete transactions that came, as text; empty where there are none.</summary>
    public string Gtids => Pull?.Gtids ?? "";
}
