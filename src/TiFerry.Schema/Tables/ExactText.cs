using System.Text;

namespace TiFerry.Schema.Tables;

/// <summary>
/// How a column is selected so that the text protocol carries its whole value, and how such a cell becomes a literal again. For sessions
/// with <c>SET NAMES binary</c>.
/// </summary>
public static class ExactText
{
    /// <summary>What to select so that the text form holds the whole value.</summary>
    /// <param name="column">The column.</param>
    public static string Expression(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var name = TableName.Quote(column.Name);
        return column.Kind switch
        {
            // FLOAT prints six digits only, and a display scale rounds; as a double the value prints in full.
            ColumnKind.Float => $"{name}*1e0",
            ColumnKind.Double when column.HasDisplayScale => $"{name}*1e0",
            ColumnKind.Bit or ColumnKind.Enum => $"{name}+0",
            // MySQL adds a SET as a double, which has no room for 64 members.
            ColumnKind.Set => $"{name}|0",
            _ => name,
        };
    }

    /// <summary>
    /// The character set to name before a literal of a column's bytes. For the three-byte UTF-8 it is utf8mb4, which holds the same bytes: its own names
    /// are unknown to some servers and make others warn.
    /// </summary>
    /// <param name="column">A column that has a character set.</param>
    public static string Introducer(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Charset is "utf8" or "utf8mb3" ? "utf8mb4" : column.Charset!;
    }

    /// <summary>A cell that is not NULL as a literal that the server compares the column with by the column's own collation.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cell">The cell's bytes as <see cref="Expression"/> gives them.</param>
    public static string KeyLiteral(Column column, ReadOnlySpan<byte> cell)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Kind switch
        {
            ColumnKind.Text => $"_{Introducer(column)} x'{Convert.ToHexString(cell)}'",
            ColumnKind.Binary or ColumnKind.FixedBinary => $"x'{Convert.ToHexString(cell)}'",
            // Without a character set these types take a string for their stored form.
            ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6 => $"_utf8mb4'{Encoding.ASCII.GetString(cell)}'",
            ColumnKind.Temporal => $"'{Encoding.ASCII.GetString(cell)}'",
            ColumnKind.Float or ColumnKind.Double when !cell.Contains((byte)'e') => $"{Encoding.ASCII.GetString(cell)}e0",
            _ => Encoding.ASCII.GetString(cell),
        };
    }
}
