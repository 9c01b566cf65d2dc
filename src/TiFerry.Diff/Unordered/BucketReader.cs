using System.Buffers.Binary;
using System.Security.Cryptography;
using TiFerry.Diff.Rows;
using TiFerry.MySql;

namespace TiFerry.Diff.Unordered;

/// <summary>Finds the bucket of a row: by its key where it has one, so that both sides' versions of a row meet, else by the whole row.</summary>
internal sealed class BucketReader(ComparedTable table) : IDisposable
{
    private readonly SqlBuffer _key = new(256);

    /// <summary>Digests the rows.</summary>
    public RowHasher Hasher { get; } = new(table.Columns);

    /// <summary>The digest of the row that was looked at last.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>The bucket of the current row.</summary>
    public int BucketOf(ResultSet row)
    {
        Digest = Hasher.HashRow(row);
        if (table.Key.Length == 0)
            return Buckets.Of(Digest);
        RowKey.Write(row, table.Key, _key);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_key.WrittenSpan, digest);
        return Buckets.Of(BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Hasher.Dispose();
        _key.Dispose();
    }
}
