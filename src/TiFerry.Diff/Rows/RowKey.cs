using System.Buffers.Binary;
using TiFerry.MySql;

namespace TiFerry.Diff.Rows;

/// <summary>A row's key as one run of bytes: each cell with its length in front. Equal bytes are the same key.</summary>
internal static class RowKey
{
    /// <summary>Writes the key of the current row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="key">Where the key's cells stand.</param>
    /// <param name="output">Overwritten.</param>
    public static void Write(ResultSet row, int[] key, SqlBuffer output)
    {
        output.Clear();
        foreach (var i in key)
        {
            var cell = row.GetSpan(i);
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), cell.Length);
            output.Advance(sizeof(int));
            output.Append(cell);
        }
    }

    /// <summary>The cells of a key.</summary>
    public static List<ReadOnlyMemory<byte>> Cells(byte[] key)
    {
        var cells = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < key.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(key.AsSpan(at));
            cells.Add(key.AsMemory(at + sizeof(int), length));
            at += sizeof(int) + length;
        }
        return cells;
    }
}
