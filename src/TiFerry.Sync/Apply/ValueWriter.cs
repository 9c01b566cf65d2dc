using System.Buffers.Text;
using TiFerry.Binlog.Values;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Writes binlog values as SQL literals for a session of <c>Session.OpenForWritingAsync</c>. What decides is the target's column:
/// strings go as the bytes they are, numbers and indexes as digits, floating point quoted so that the sign of zero stays.
/// </summary>
internal sealed class ValueWriter
{
    /// <summary>
    /// How many ENUM error values (index 0) were written since this was last set to 0: their statement needs the relaxed
    /// sql_mode, and each gives exactly one warning.
    /// </summary>
    public int EnumErrors { get; set; }

    /// <summary>Appends <c>(v1,v2,...)</c> with the values of all written columns.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="table">The table on the target.</param>
    /// <param name="image">A full row image.</param>
    public void WriteRow(SqlBuffer sql, TargetTable table, ref RowImageReader image)
    {
        var columns = table.Table.Columns;
        var separator = (byte)'(';
        while (image.Read() && image.Ordinal < columns.Count)
        {
            var column = columns[image.Ordinal];
            if (column.IsGenerated)
                continue;
            sql.Append(separator);
            separator = (byte)',';
            WriteValue(sql, column, ref image);
        }
        sql.Append((byte)')');
    }

    /// <summary>Appends what names the row: a literal for a key of one column, <c>(a=1 AND b=2)</c> for a longer one.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="table">The table on the target, which has a row key.</param>
    /// <param name="image">A row image that holds the key's columns.</param>
    public static void WriteKey(SqlBuffer sql, TargetTable table, ref RowImageReader image)
    {
        var remaining = table.KeyColumnCount;
        var isSingle = remaining == 1;
        if (!isSingle)
            sql.Append((byte)'(');
        while (image.Read())
        {
            if (!table.IsKeyColumn(image.Ordinal))
                continue;
            var column = table.Table.Columns[image.Ordinal];
            if (!isSingle)
            {
                sql.AppendIdentifier(column.Name);
                sql.Append((byte)'=');
            }
            WriteComparable(sql, column, image.Value);
            if (--remaining == 0)
                break;
            sql.Append(" AND "u8);
        }
        if (!isSingle)
            sql.Append((byte)')');
    }

    /// <summary>Appends <c>a &lt;=&gt; 1 AND ...</c> over all stored columns, exact to the byte.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="table">The table on the target.</param>
    /// <param name="image">A full row image.</param>
    public static void WriteWholeRowCondition(SqlBuffer sql, TargetTable table, ref RowImageReader image)
    {
        var columns = table.Table.Columns;
        var isFirst = true;
        while (image.Read() && image.Ordinal < columns.Count)
        {
            var column = columns[image.Ordinal];
            if (column.IsGenerated)
                continue;
            if (!isFirst)
                sql.Append(" AND "u8);
            isFirst = false;
            if (image.IsNull)
            {
                sql.AppendIdentifier(column.Name);
                sql.Append(" IS NULL"u8);
                continue;
            }
            WriteExactCondition(sql, column, image.Value);
        }
    }

    /// <summary>Appends <c>a=1,b=2</c> with the values of all written columns.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="table">The table on the target.</param>
    /// <param name="image">A full row image.</param>
    public void WriteAssignments(SqlBuffer sql, TargetTable table, ref RowImageReader image)
    {
        var columns = table.Table.Columns;
        var isFirst = true;
        while (image.Read() && image.Ordinal < columns.Count)
        {
            var column = columns[image.Ordinal];
            if (column.IsGenerated)
                continue;
            if (!isFirst)
                sql.Append((byte)',');
            isFirst = false;
            sql.AppendIdentifier(column.Name);
            sql.Append((byte)'=');
            WriteValue(sql, column, ref image);
        }
    }

    /// <summary>Appends a value that an indexed column can be compared with: in the column's own character set and by its collation.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="column">The target's column.</param>
    /// <param name="value">The value, not NULL.</param>
    public static void WriteComparable(SqlBuffer sql, Column column, BinlogValue value)
    {
        switch (column.Kind)
        {
            case ColumnKind.Text:
                sql.Append((byte)'_');
                sql.Append(ExactText.Introducer(column));
                AppendHexString(sql, value.AsBytes());
                break;
            case ColumnKind.Enum:
                WriteMember(sql, column, value.AsEnumIndex());
                break;
            case ColumnKind.Set:
                WriteMembers(sql, column, value.AsSetMask());
                break;
            case ColumnKind.Float or ColumnKind.Double:
                // Unquoted and with an exponent: a double literal, equal to the stored value to the last bit.
                WriteDouble(sql, column, value);
                break;
            default:
                WritePlain(sql, column, value);
                break;
        }
    }

    private void WriteValue(SqlBuffer sql, Column column, ref RowImageReader image)
    {
        if (image.IsNull)
        {
            sql.Append("NULL"u8);
            return;
        }
        var value = image.Value;
        switch (column.Kind)
        {
            case ColumnKind.Float or ColumnKind.Double:
                sql.Append((byte)'\'');
                WriteDouble(sql, column, value);
                sql.Append((byte)'\'');
                break;
            case ColumnKind.Enum:
                var index = value.AsEnumIndex();
                if (index == 0)
                    EnumErrors++;
                sql.Append((long)index);
                break;
            default:
                WritePlain(sql, column, value);
                break;
        }
    }

    private static void WritePlain(SqlBuffer sql, Column column, BinlogValue value)
    {
        switch (column.Kind)
        {
            case ColumnKind.Integer:
                if (column.IsUnsigned)
                    sql.Append(value.AsUInt64());
                else
                    sql.Append(value.AsInt64());
                break;
            case ColumnKind.Decimal or ColumnKind.Year:
                value.WriteText(sql, column.IsUnsigned);
                break;
            case ColumnKind.Bit:
                sql.Append(value.AsBit());
                break;
            case ColumnKind.Set:
                sql.Append(value.AsSetMask());
                break;
            case ColumnKind.Temporal:
                sql.Append((byte)'\'');
                value.WriteText(sql, unsigned: false);
                sql.Append((byte)'\'');
                break;
            case ColumnKind.FixedBinary:
                WriteFixedBinary(sql, column, value.AsBytes());
                break;
            case ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6:
                MariaDbFixedTypes.Write(sql, column.Kind, value.AsBytes());
                break;
            default:
                if (value.Type == BinlogColumnType.Json)
                    WriteJson(sql, value);
                else
                    sql.AppendString(value.AsBytes());
                break;
        }
    }

    // The binlog holds no trailing zero bytes of BINARY(n); a comparison would miss the row without them.
    private static void WriteFixedBinary(SqlBuffer sql, Column column, ReadOnlySpan<byte> bytes)
    {
        sql.Append("x'"u8);
        var digits = sql.GetSpan(column.FixedLength * 2);
        Convert.TryToHexString(bytes, digits, out var written);
        digits[written..(column.FixedLength * 2)].Fill((byte)'0');
        sql.Advance(column.FixedLength * 2);
        sql.Append((byte)'\'');
    }

    private static void WriteJson(SqlBuffer sql, BinlogValue value)
    {
        using var text = new SqlBuffer();
        value.WriteText(text, unsigned: false);
        // A JSON column refuses a binary string.
        sql.Append("_utf8mb4"u8);
        sql.AppendString(text.WrittenSpan);
    }

    private static void WriteDouble(SqlBuffer sql, Column column, BinlogValue value)
    {
        var number = column.Kind == ColumnKind.Float && value.Type == BinlogColumnType.Float ? value.AsSingle() : value.AsDouble();
        var digits = sql.GetSpan(32);
        Utf8Formatter.TryFormat(number, digits, out var written, new System.Buffers.StandardFormat('E', 16));
        sql.Advance(written);
    }

    private static void WriteExactCondition(SqlBuffer sql, Column column, BinlogValue value)
    {
        switch (column.Kind)
        {
            case ColumnKind.Text or ColumnKind.Binary or ColumnKind.FixedBinary or ColumnKind.Geometry or ColumnKind.Vector
                when value.Type != BinlogColumnType.Json:
                sql.Append("CAST("u8);
                sql.AppendIdentifier(column.Name);
                sql.Append(" AS BINARY)="u8);
                if (column.Kind == ColumnKind.FixedBinary)
                    WriteFixedBinary(sql, column, value.AsBytes());
                else
                    sql.AppendString(value.AsBytes());
                break;
            case ColumnKind.Json or ColumnKind.Text or ColumnKind.Binary:
                sql.AppendIdentifier(column.Name);
                sql.Append(column.Kind == ColumnKind.Json ? "=CAST("u8 : "="u8);
                WriteJson(sql, value);
                if (column.Kind == ColumnKind.Json)
                    sql.Append(" AS JSON)"u8);
                break;
            case ColumnKind.Enum or ColumnKind.Set:
                sql.AppendIdentifier(column.Name);
                // Not +0, which goes through a double.
                sql.Append("|0="u8);
                if (column.Kind == ColumnKind.Enum)
                    sql.Append((long)value.AsEnumIndex());
                else
                    sql.Append(value.AsSetMask());
                break;
            default:
                sql.AppendIdentifier(column.Name);
                sql.Append((byte)'=');
                WriteComparable(sql, column, value);
                break;
        }
    }

    private static void WriteMember(SqlBuffer sql, Column column, int index)
    {
        var name = index == 0 || index > column.Members.Count ? "" : column.Members[index - 1];
        AppendUtf8(sql, name);
    }

    private static void WriteMembers(SqlBuffer sql, Column column, ulong mask)
    {
        var names = new List<string>();
        for (var i = 0; i < column.Members.Count; i++)
        {
            if ((mask & (1UL << i)) != 0)
                names.Add(column.Members[i]);
        }
        AppendUtf8(sql, string.Join(',', names));
    }

    private static void AppendUtf8(SqlBuffer sql, string text)
    {
        sql.Append("_utf8mb4"u8);
        AppendHexString(sql, System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static void AppendHexString(SqlBuffer sql, ReadOnlySpan<byte> bytes)
    {
        sql.Append(" x'"u8);
        var digits = sql.GetSpan(bytes.Length * 2 + 1);
        Convert.TryToHexString(bytes, digits, out var written);
        sql.Advance(written);
        sql.Append((byte)'\'');
    }
}
