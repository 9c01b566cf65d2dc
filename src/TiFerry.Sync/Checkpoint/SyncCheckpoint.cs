using TiFerry.Binlog;

namespace TiFerry.Sync.Checkpoint;

/// <summary>How far the target is: all transactions up to a position, and what more of the next one.</summary>
public sealed record SyncCheckpoint
{
    /// <summary>End of the last transaction that the target holds in full.</summary>
    public required BinlogPosition Position { get; init; }

    /// <summary>The GTID set or position that belongs to it; empty where the source has none.</summary>
    public required string Gtid { get; init; }

    /// <summary>
    /// How many row changes after <see cref="Position"/> that are applied in order the target already holds: they can't be
    /// applied twice, so a restart skips as many.
    /// </summary>
    public long OrderedDone { get; init; }

    /// <summary>Until where the target may be ahead of <see cref="Position"/>; null where it is exactly there.</summary>
    public BinlogPosition? SafeModeExit { get; init; }

    /// <summary>Whether the target is exactly there and not ahead, because the run that wrote this ended in an orderly way.</summary>
    public bool IsExact { get; init; }

    /// <summary>
    /// Whether every change is applied in order and with the checkpoint, because the source logs images that don't hold all columns (<c>binlog_row_image</c>).
    /// Such changes can't be applied twice.
    /// </summary>
    public bool InOrder { get; init; }

    /// <summary>XA transactions that are prepared and not ended: the position before which each begins, by its identifier.</summary>
    public IReadOnlyDictionary<string, BinlogPosition> Prepared { get; init; } = new Dictionary<string, BinlogPosition>();

    /// <summary>Whether <see cref="Gtid"/> holds all transactions up to <see cref="Position"/>, not only those that were followed.</summary>
    public bool HasAllGtids { get; init; }

    /// <summary>The identity of the server whose files and positions these are; empty where it was never noted.</summary>
    public string Source { get; init; } = "";

    /// <summary>The sub-directories of the relay log that was read, whose numbers names of files have; empty where the names are <see cref="Source"/>'s own.</summary>
    public IReadOnlyList<string> SubDirectories { get; init; } = [];

    /// <summary>Whether that is another server than the one that was copied from.</summary>
    public bool HasMoved { get; init; }

    /// <summary>The definition statement that was about to run; null where none was.</summary>
    public PendingDdl? Ddl { get; init; }
}

/// <summary>A definition statement that may or may not have run when the process ended.</summary>
/// <param name="Position">Its end position in the binlog; without a file for the next one, where another server is the source now.</param>
/// <param name="Piece">Which of the statements that it became on the target, from 0; those before have run.</param>
/// <param name="Before">Digest of the definitions it touches, taken before that piece ran.</param>
/// <param name="Operation">Digest of the binlog operation that made these statements; empty for none.</param>
public sealed record PendingDdl(BinlogPosition Position, int Piece, string Before, string Operation = "");
