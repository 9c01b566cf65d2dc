namespace TiFerry.Binlog.Relay;

/// <summary>What a relay log has written, known without asking the source.</summary>
/// <param name="SubDirectory">The sub-directory that is written; empty before there is one.</param>
/// <param name="Position">After the last event that was written, with the source's own file name; null before there is one.</param>
/// <param name="Gtids">The GTIDs of all complete transactions up to there; empty where there are none.</param>
/// <param name="Bytes">Bytes written since the start.</param>
public readonly record struct RelayWritten(string SubDirectory, BinlogPosition? Position, string Gtids, long Bytes)
{
    /// <summary>Before anything was written.</summary>
    public static readonly RelayWritten Nothing = new("", null, "", 0);
}
