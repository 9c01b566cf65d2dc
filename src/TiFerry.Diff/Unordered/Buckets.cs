using TiFerry.Diff.Rows;
using TiFerry.MySql;

namespace TiFerry.Diff.Unordered;

/// <summary>
/// What a whole table holds, in any order of rows: rows fall into buckets by a hash, and each bucket has the number of its rows and the sum of their
/// digests. Two tables with the same buckets hold the same rows, equal rows counted. Not for several threads at once.
/// </summary>
internal sealed class Buckets
{
    /// <summary>The number of buckets.</summary>
    public const int Count = 1 << 16;

    private readonly UInt128[] _sums = new UInt128[Count];
    private readonly int[] _rows = new int[Count];

    /// <summary>All rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The bucket that a digest belongs to.</summary>
    public static int Of(UInt128 digest) => (int)(ulong)digest & (Count - 1);

    /// <summary>Adds a row.</summary>
    public void Add(int bucket, UInt128 digest)
    {
        _sums[bucket] += digest;
        _rows[bucket]++;
        Rows++;
    }

    /// <summary>The number of rows in a bucket.</summary>
    public int RowsIn(int bucket) => _rows[bucket];

    /// <summary>Whether a bucket holds the same rows on both sides.</summary>
    public bool HasSame(Buckets other, int bucket) => _rows[bucket] == other._rows[bucket] && _sums[bucket] == other._sums[bucket];

    /// <summary>Reads a table.</summary>
    /// <param name="session">The side's session.</param>
    /// <param name="side">The side.</param>
    /// <param name="table">The table.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<Buckets> ReadAsync(MySqlConnection session, Side side, ComparedTable table, CancellationToken ct)
    {
        var buckets = new Buckets();
        using var rows = new BucketReader(table);
        foreach (var select in table.SelectAll(side))
        {
            await using var result = await session.QueryAsync(select, ct);
            while (await result.ReadAsync(ct))
                buckets.Add(rows.BucketOf(result), rows.Digest);
        }
        return buckets;
    }
}
