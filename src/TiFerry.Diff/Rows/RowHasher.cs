using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using TiFerry.MySql;

namespace TiFerry.Diff.Rows;

/// <summary>
/// Digests of rows: the first 128 bits of SHA-256, so that different rows can be taken to have different ones. Sums of them do not depend on the order
/// of rows. Not for several threads at once.
/// </summary>
internal sealed class RowHasher(IReadOnlyList<ComparedColumn> columns) : IDisposable
{
    private const int KeptBytes = 1024 * 1024;
    private const int Null = -1;

    private readonly SqlBuffer _bytes = new(4096);

    /// <summary>Digests a whole row.</summary>
    public UInt128 HashRow(ResultSet row)
    {
        _bytes.Clear();
        for (var i = 0; i < columns.Count; i++)
            AppendCell(row, i);
        return Digest();
    }

    /// <summary>Digests one cell.</summary>
    public UInt128 HashCell(ResultSet row, int column)
    {
        _bytes.Clear();
        AppendCell(row, column);
        return Digest();
    }

    /// <summary>Whether two rows hold the same values.</summary>
    public bool AreEqual(ResultSet source, ResultSet target)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (source.IsNull(i) != target.IsNull(i) || (!source.GetSpan(i).SequenceEqual(target.GetSpan(i)) && !AreEqual(source, target, i)))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    // The bytes differ; the values may still be the same.
    private bool AreEqual(ResultSet source, ResultSet target, int column) =>
        columns[column].Rule != CellRule.Bytes && HashCell(source, column) == HashCell(target, column);

    // The length stands behind the value: read from the end, a row can be taken apart in one way only.
    private void AppendCell(ResultSet row, int column)
    {
        var start = _bytes.Length;
        var isNull = row.IsNull(column);
        if (!isNull)
            AppendValue(columns[column].Rule, row.GetSpan(column));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), isNull ? Null : _bytes.Length - start);
        _bytes.Advance(sizeof(int));
    }

    private void AppendValue(CellRule rule, ReadOnlySpan<byte> cell)
    {
        switch (rule)
        {
            case CellRule.Json:
                if (JsonForm.TryWrite(cell, _bytes))
                    break;
                // No form begins like this.
                _bytes.Append((byte)0);
                _bytes.Append(cell);
                break;
            case CellRule.Double or CellRule.DoubleWithoutMinusZero when Utf8Parser.TryParse(cell, out double value, out var used) && used == cell.Length:
                var isZero = rule == CellRule.DoubleWithoutMinusZero && value == 0;
                BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), isZero ? 0 : value);
                _bytes.Advance(sizeof(double));
                break;
            default:
                _bytes.Append(cell);
                break;
        }
    }

    private UInt128 Digest()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.WrittenSpan, digest);
        if (_bytes.Length > KeptBytes)
            _bytes.Shrink(KeptBytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
