using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>How a cell of a text result becomes a literal.</summary>
internal enum CellFormat
{
    /// <summary>Digits, as they are.</summary>
    Number,

    /// <summary>An ENUM's index, as it is; 0 is the error value.</summary>
    EnumIndex,

    /// <summary>Text that needs no escapes, in quotes.</summary>
    Plain,

    /// <summary>Bytes, in quotes and escaped.</summary>
    Bytes,

    /// <summary>Bytes that the target must convert from the source's character set.</summary>
    Converted,

    /// <summary>Text that must not pass for bytes: JSON columns refuse a string without a character set, INET and UUID columns take it for the stored form.</summary>
    Utf8,
}

/// <summary>How one column is read from the source and written to the target.</summary>
/// <param name="Source">The source's column.</param>
/// <param name="Target">The target's column.</param>
internal sealed record CopyColumn(Column Source, Column Target)
{
    /// <summary>How its cells are written.</summary>
    public CellFormat Format { get; } = Source.Kind switch
    {
        ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Year or ColumnKind.Bit or ColumnKind.Set => CellFormat.Number,
        ColumnKind.Enum => CellFormat.EnumIndex,
        // Quoted, so that the sign of zero and the last digit stay.
        ColumnKind.Float or ColumnKind.Double => CellFormat.Plain,
        ColumnKind.Temporal => CellFormat.Plain,
        ColumnKind.Json or ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6 => CellFormat.Utf8,
        ColumnKind.Text when Target.Kind == ColumnKind.Json => CellFormat.Utf8,
        ColumnKind.Text when !SameCharset(Source.Charset, Target.Charset) => CellFormat.Converted,
        _ => CellFormat.Bytes,
    };

    /// <summary>What to select so that the text form holds the whole value.</summary>
    public string Expression => ExactText.Expression(Source);

    /// <summary>Appends a cell that is not NULL as a value to write.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="cell">The cell's bytes.</param>
    public void Append(SqlBuffer sql, ReadOnlySpan<byte> cell)
    {
        switch (Format)
        {
            case CellFormat.Number or CellFormat.EnumIndex:
                sql.Append(cell);
                break;
            case CellFormat.Plain:
                sql.Append((byte)'\'');
                sql.Append(cell);
                sql.Append((byte)'\'');
                break;
            case CellFormat.Converted:
                sql.Append((byte)'_');
                sql.Append(ExactText.Introducer(Source));
                sql.AppendString(cell);
                break;
            case CellFormat.Utf8:
                sql.Append("_utf8mb4"u8);
                sql.AppendString(cell);
                break;
            default:
                sql.AppendString(cell);
                break;
        }
    }

    /// <summary>A cell that is not NULL as a literal that the source compares the column with, by the column's own collation.</summary>
    /// <param name="cell">The cell's bytes.</param>
    public string KeyLiteral(ReadOnlySpan<byte> cell) => ExactText.KeyLiteral(Source, cell);

    private static bool SameCharset(string? left, string? right) => string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    // utf8 is utf8mb3's old name.
    private static string? Plain(string? charset) => charset is "utf8" ? "utf8mb3" : charset;
}
