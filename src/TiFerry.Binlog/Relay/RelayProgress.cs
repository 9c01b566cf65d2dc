namespace TiFerry.Binlog.Relay;

/// <summary>How far a relay log has got: what DM shows as <c>relayStatus</c>.</summary>
/// <param name="SubDirectory">The sub-directory that is written (<c>relaySubDir</c>); empty before there is one.</param>
/// <param name="Position">After the last event that was written, with the source's own file name (<c>relayBinlog</c>); null before there is one.</param>
/// <param name="Gtids">The GTIDs of all complete transactions up to there (<c>relayBinlogGtid</c>); empty where there are none.</param>
/// <param name="SourcePosition">The end of the source's binlog (<c>masterBinlog</c>).</param>
/// <param name="SourceGtids">The GTIDs of all transactions of the source (<c>masterBinlogGtid</c>); empty where there are none.</param>
/// <param name="BytesWritten">Bytes written since the start.</param>
/// <param name="BytesPerSecond">Over the last seconds.</param>
public sealed record RelayProgress(
    string SubDirectory, BinlogPosition? Position, string Gtids, BinlogPosition SourcePosition, string SourceGtids, long BytesWritten, double BytesPerSecond)
{
    /// <summary>Whether the relay log holds all that the source has (<c>relayCatchUpMaster</c>).</summary>
    public bool IsCaughtUp => Position is { } position && position.File == SourcePosition.File && position.Position >= SourcePosition.Position;
}
