using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Rows;

/// <summary>How a column is read, and how its cells are written so that any reader gets the same bytes whatever its own character set is.</summary>
internal sealed class DumpedColumn
{
    private readonly Form _form;
    private readonly byte[] _introducer = [];

    /// <summary>Decides for a column.</summary>
    public DumpedColumn(Column column)
    {
        Name = column.Name;
        Expression = TableName.Quote(column.Name);
        switch (column.Kind)
        {
            case ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Year:
                _form = Form.Number;
                break;
            case ColumnKind.Bit:
                _form = Form.Number;
                Expression = ExactText.Expression(column);
                break;
            case ColumnKind.Enum or ColumnKind.Set when !TellsMembersApart(column):
                _form = Form.Number;
                Expression = ExactText.Expression(column);
                break;
            // In quotes, so that the sign of zero and the last digit stay.
            case ColumnKind.Float or ColumnKind.Double:
                _form = Form.Plain;
                Expression = ExactText.Expression(column);
                break;
            case ColumnKind.Temporal:
                _form = Form.Plain;
                break;
            // JSON columns refuse a string without a character set, INET and UUID columns take it for the stored form.
            case ColumnKind.Json or ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6:
                _form = Form.Text;
                _introducer = "_utf8mb4"u8.ToArray();
                break;
            case ColumnKind.Text or ColumnKind.Enum or ColumnKind.Set when IsUtf8(column.Charset):
                _form = Form.Text;
                break;
            case ColumnKind.Text or ColumnKind.Enum or ColumnKind.Set when column.Charset is not null and not "binary":
                _form = Form.Hex;
                _introducer = Encoding.ASCII.GetBytes($"_{column.Charset} ");
                break;
            default:
                _form = Form.Hex;
                break;
        }
        HasErrorValue = column.Kind == ColumnKind.Enum && _form != Form.Number;
    }

    private enum Form
    {
        /// <summary>Digits, as they are.</summary>
        Number,

        /// <summary>Text that needs no escapes, in quotes.</summary>
        Plain,

        /// <summary>UTF-8 in quotes, escaped.</summary>
        Text,

        /// <summary>Bytes as hexadecimal digits.</summary>
        Hex,
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What to select.</summary>
    public string Expression { get; }

    /// <summary>An ENUM of which an empty text may be a member or the error value (index 0), so that its index has to be selected too.</summary>
    public bool HasErrorValue { get; }

    /// <summary>Appends a cell that is not NULL.</summary>
    public void Append(SqlBuffer sql, ReadOnlySpan<byte> cell)
    {
        switch (_form)
        {
            case Form.Number:
                sql.Append(cell);
                break;
            case Form.Plain:
                sql.Append((byte)'\'');
                sql.Append(cell);
                sql.Append((byte)'\'');
                break;
            case Form.Text:
                sql.Append(_introducer);
                sql.AppendString(cell);
                break;
            default:
                if (!cell.IsEmpty)
                    sql.Append(_introducer);
                AppendHex(sql, cell);
                break;
        }
    }

    // As Dumpling writes it; unlike 0x... it is a string in every context.
    private static void AppendHex(SqlBuffer sql, ReadOnlySpan<byte> cell)
    {
        if (!cell.IsEmpty)
            sql.Append((byte)'x');
        sql.Append((byte)'\'');
        var length = cell.Length * 2;
        Convert.TryToHexStringLower(cell, sql.GetSpan(length), out var written);
        sql.Advance(written);
        sql.Append((byte)'\'');
    }

    private static bool IsUtf8(string? charset) => charset is "utf8mb4" or "utf8mb3" or "utf8" or "ascii";

    // Old servers allowed members that are equal by the column's collation, and servers print characters they can't show as '?': then only the index tells.
    private static bool TellsMembersApart(Column column) =>
        column.Members.Distinct(StringComparer.OrdinalIgnoreCase).Count() == column.Members.Count && !column.Members.Any(m => m.Contains('?', StringComparison.Ordinal));
}
