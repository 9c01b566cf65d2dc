using TiFerry.Binlog;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Apply;

/// <summary>What is true where a window ends.</summary>
/// <param name="Start">Where the window begins.</param>
/// <param name="Checkpoint">The checkpoint that holds once its changes are applied.</param>
/// <param name="Transactions">Source transactions that end in it.</param>
/// <param name="EventTime">When the last of them was committed on the source; default where that is not known.</param>
/// <param name="EndsTransaction">Whether it ends where a source transaction ends.</param>
/// <param name="Remembered">Statements that belong into the checkpoint's transaction; null for none.</param>
/// <param name="Settle">What has to be put right behind the last replayed change, in the checkpoint's transaction; null elsewhere.</param>
internal sealed record WindowEnd(BinlogPosition Start, SyncCheckpoint Checkpoint, long Transactions, DateTimeOffset EventTime, bool EndsTransaction, byte[]? Remembered, Func<ApplySession, CancellationToken, ValueTask>? Settle);
