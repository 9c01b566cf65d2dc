using TiFerry.Binlog;
using TiFerry.Core.Errors;

namespace TiFerry.Sync.Source;

/// <summary>
/// XA transactions in two phases: their rows are logged when they are prepared and count when they are committed, which may be much later. What is kept of one is the place where its rows
/// stand.
/// </summary>
/// <param name="positions">Those that were prepared before, by identifier.</param>
internal sealed class PreparedTransactions(IReadOnlyDictionary<string, BinlogPosition> positions)
{
    private readonly Dictionary<string, BinlogPosition> _positions = new(positions, StringComparer.Ordinal);
    private string? _open;

    /// <summary>Whether the events that are being read belong to one that is not prepared yet.</summary>
    public bool IsOpen => _open is not null;

    /// <summary>Those that are prepared, for the checkpoint.</summary>
    public IReadOnlyDictionary<string, BinlogPosition> Positions => new Dictionary<string, BinlogPosition>(_positions, StringComparer.Ordinal);

    /// <summary>One begins.</summary>
    /// <param name="id">Its identifier.</param>
    /// <param name="before">A position in front of it.</param>
    public void Open(string id, BinlogPosition before)
    {
        _open = id;
        _positions[id] = before;
    }

    /// <summary>The open one is prepared; the answer is its identifier.</summary>
    public string Close()
    {
        var id = _open ?? "";
        _open = null;
        return id;
    }

    /// <summary>One is committed; the answer is where it begins.</summary>
    /// <exception cref="TiFerryException">It was prepared before the task began.</exception>
    public BinlogPosition Take(string id, BinlogPosition at) =>
        _positions.Remove(id, out var position)
            ? position
            : throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"XA transaction {id} is committed at {at} and was prepared before the position that this task began at: its rows are not known",
                "begin at a position where no XA transaction is prepared (XA RECOVER on the source lists them)");

    /// <summary>One is rolled back.</summary>
    public void Forget(string id) => _positions.Remove(id);
}
