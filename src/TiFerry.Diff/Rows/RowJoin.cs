using TiFerry.MySql;

namespace TiFerry.Diff.Rows;

/// <summary>
/// Joins rows of both sides by their keys' bytes while both are read: a row is held until its twin comes. What is held at the end, and twins
/// with different values, are the suspects. Needs no order, and so no knowledge of collations. Not for several threads at once.
/// </summary>
internal sealed class RowJoin(ComparedTable table, RowHasher hasher) : IDisposable
{
    private readonly SqlBuffer _key = new(256);
    private readonly Dictionary<byte[], UInt128>[] _held = [new(BytesComparer.Instance), new(BytesComparer.Instance)];
    private readonly List<byte[]> _different = [];

    /// <summary>Rows held and suspects, which is what takes memory.</summary>
    public int Count => HeldOf(Side.Source) + HeldOf(Side.Target) + _different.Count;

    /// <summary>Rows of one side that are held.</summary>
    public int HeldOf(Side side) => _held[(int)side].Count;

    /// <summary>The keys of all rows that have no equal twin.</summary>
    public IEnumerable<byte[]> Suspects => _held[0].Keys.Concat(_held[1].Keys).Concat(_different);

    /// <summary>Takes in the current row if its twin is held.</summary>
    /// <param name="side">The row's side.</param>
    /// <param name="row">The row.</param>
    /// <returns>False where the twin has not come.</returns>
    public bool TryMatch(Side side, ResultSet row)
    {
        var others = _held[1 - (int)side];
        if (others.Count == 0)
            return false;
        RowKey.Write(row, table.Key, _key);
        if (!others.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(_key.WrittenSpan, out var key, out var hash))
            return false;
        if (hash != hasher.HashRow(row))
            _different.Add(key);
        return true;
    }

    /// <summary>Holds the current row until its twin comes.</summary>
    /// <param name="side">The row's side.</param>
    /// <param name="row">The row.</param>
    public void Hold(Side side, ResultSet row)
    {
        RowKey.Write(row, table.Key, _key);
        _held[(int)side][_key.WrittenSpan.ToArray()] = hasher.HashRow(row);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
