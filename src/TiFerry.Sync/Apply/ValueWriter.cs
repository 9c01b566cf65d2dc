using System.Buffers.Text;
using TiFerry.Binlog.Values;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Route;

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

    /// <summary>Appends <c>(v1,v2,...)</c> with the values of all written columns that the image holds, then the constants.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="mapping">Where the values go.</param>
    /// <param name="image">A row image.</param>
    public void WriteRow(SqlBuffer sql, TableMapping mapping, ref RowImageReader image)
    {
        var separator = (byte)'(';
        while (image.Read())
        {
            if (mapping.ColumnAt(image.Ordinal) is not { IsWritten: true } column)
                continue;
            sql.Append(separator);
            separator = (byte)',';
            WriteValue(sql, column, ref image);
        }
        foreach (var constant in mapping.Constants)
        {
            sql.Append(separator);
            separator = (byte)',';
            sql.Append(constant.Literal);
        }
        // An insert of nothing but defaults, logged with a minimal image.
        if (separator == (byte)'(')
            sql.Append(separator);
        sql.Append((byte)')');
    }

    /// <summary>Appends the names of the columns that <see cref="WriteRow"/> writes values for.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="mapping">Where the values go.</param>
    /// <param name="image">A row image.</param>
    public static void WriteColumnNames(SqlBuffer sql, TableMapping mapping, RowImageReader image)
    {
        var isFirst = true;
        while (image.Read())
        {
            if (mapping.ColumnAt(image.Ordinal) is { IsWritten: true } column)
                AppendName(column.Target);
        }
        foreach (var constant in mapping.Constants)
            AppendName(constant.Target);

        void AppendName(Column column)
        {
            if (!isFirst)
                sql.Append((byte)',');
            isFirst = false;
            sql.AppendIdentifier(column.Name);
        }
    }

    /// <summary>Appends what names the row: a literal for a key of one column, <c>(a=1 AND b=2)</c> for a longer one.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="mapping">Where the values go; it has a row key.</param>
    /// <param name="image">A row image that holds the key's columns.</param>
    public static void WriteKey(SqlBuffer sql, TableMapping mapping, ref RowImageReader image)
    {
        if (!mapping.HasSingleKey)
        {
            sql.Append((byte)'(');
            WriteKeyCondition(sql, mapping, ref image);
            sql.Append((byte)')');
            return;
        }
        while (image.Read())
        {
            if (!mapping.IsKeyColumn(image.Ordinal))
                continue;
            WriteComparable(sql, mapping.ColumnAt(image.Ordinal)!, image.Value);
            return;
        }
    }

    /// <summary>Appends <c>a=1 AND b=2</c> over the columns of the row key.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="mapping">Where the values go; it has a row key.</param>
    /// <param name="image">A row image that holds the key's columns.</param>
    public static void WriteKeyCondition(SqlBuffer sql, TableMapping mapping, ref RowImageReader image)
    {
        var remaining = mapping.KeyColumnCount;
        var isFirst = true;
        while (remaining > 0 && image.Read())
        {
            if (!mapping.IsKeyColumn(image.Ordinal))
                continue;
            var column = mapping.ColumnAt(image.Ordinal)!;
            BeginCondition(sql, column.Target, ref isFirst);
            sql.Append((byte)'=');
            WriteComparable(sql, column, image.Value);
            remaining--;
        }
        foreach (var constant in mapping.KeyConstants)
        {
            BeginCondition(sql, constant.Target, ref isFirst);
            sql.Append((byte)'=');
            sql.Append(constant.Literal);
        }
    }

    /// <summary>Appends <c>a=1 AND b IS NULL ...</c> over all stored columns that the image holds, exact to the byte.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="mapping">Where the values go.</param>
    /// <param name="image">A row image.</param>
    public static void WriteWholeRowCondition(SqlBuffer sql, TableMapping mapping, ref RowImageReader image)
    {
        var isFirst = true;
        while (image.Read())
        {
            if (mapping.ColumnAt(image.Ordinal) is not { IsWritten: true } column)
                continue;
            if (image.IsNull)
            {
                BeginCondition(sql, column.Target, ref isFirst);
                sql.Append(" IS NULL"u8);
                continue;
            }
            if (!isFirst)
                sql.Append(" AND "u8);
            isFirst = false;
            WriteExactCondition(sql, column, image.Value);
        }
        foreach (var constant in mapping.Constants)
        {
            BeginCondition(sql, constant.Target, ref isFirst);
            sql.Append((byte)'=');
            sql.Append(constant.Literal);
        }
    }

    /// <summary>Appends <c>a=1,b=2</c> with the values of all written columns that the image holds.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="mapping">Where the values go.</param>
    /// <param name="image">A row image.</param>
    public void WriteAssignments(SqlBuffer sql, TableMapping mapping, ref RowImageReader image)
    {
        var isFirst = true;
        while (image.Read())
        {
            if (mapping.ColumnAt(image.Ordinal) is not { IsWritten: true } column)
                continue;
            if (!isFirst)
                sql.Append((byte)',');
            isFirst = false;
            sql.AppendIdentifier(column.Target.Name);
            sql.Append((byte)'=');
            WriteValue(sql, column, ref image);
        }
    }

    private static void BeginCondition(SqlBuffer sql, Column column, ref bool isFirst)
    {
        if (!isFirst)
            sql.Append(" AND "u8);
        isFirst = false;
        sql.AppendIdentifier(column.Name);
    }

    /// <summary>Appends a value that an indexed column can be compared with: in the column's own character set and by its collation.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="column">Where the value goes.</param>
    /// <param name="value">The value, not NULL.</param>
    public static void WriteComparable(SqlBuffer sql, MappedColumn column, BinlogValue value)
    {
        switch (column.Target.Kind)
        {
            case ColumnKind.Text when value.Type != BinlogColumnType.Json:
                sql.Append((byte)'_');
                sql.Append(column.Introducer ?? ExactText.Introducer(column.Target));
                AppendHexString(sql, value.AsBytes());
                break;
            case ColumnKind.Enum:
                WriteMember(sql, column.Members ?? column.Target.Members, value.AsEnumIndex());
                break;
            case ColumnKind.Set:
                WriteMembers(sql, column.Members ?? column.Target.Members, value.AsSetMask());
                break;
            case ColumnKind.Float or ColumnKind.Double:
                // Unquoted and with an exponent: a double literal, equal to the stored value to the last bit.
                WriteDouble(sql, value);
                break;
            default:
                WritePlain(sql, column, value);
                break;
        }
    }

    private void WriteValue(SqlBuffer sql, MappedColumn column, ref RowImageReader image)
    {
        if (image.IsNull)
        {
            sql.Append("NULL"u8);
            return;
        }
        var value = image.Value;
        switch (column.Target.Kind)
        {
            case ColumnKind.Float or ColumnKind.Double:
                sql.Append((byte)'\'');
                WriteDouble(sql, value);
                sql.Append((byte)'\'');
                break;
            case ColumnKind.Enum:
                var index = value.AsEnumIndex();
                if (index == 0)
                    EnumErrors++;
                if (index == 0 || column.Members is null)
                    sql.Append((long)index);
                else
                    WriteMember(sql, column.Members, index);
                break;
            case ColumnKind.Set when column.Members is not null:
                WriteMembers(sql, column.Members, value.AsSetMask());
                break;
            case ColumnKind.Text when column.Introducer is not null && value.Type != BinlogColumnType.Json:
                sql.Append((byte)'_');
                sql.Append(column.Introducer);
                AppendHexString(sql, value.AsBytes());
                break;
            default:
                WritePlain(sql, column, value);
                break;
        }
    }

    private static void WritePlain(SqlBuffer sql, MappedColumn column, BinlogValue value)
    {
        switch (column.Target.Kind)
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
                WriteFixedBinary(sql, column.Target, value.AsBytes());
                break;
            case ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6:
                MariaDbFixedTypes.Write(sql, column.Target.Kind, value.AsBytes());
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

    private static void WriteDouble(SqlBuffer sql, BinlogValue value)
    {
        var number = value.Type == BinlogColumnType.Float ? value.AsSingle() : value.AsDouble();
        var digits = sql.GetSpan(32);
        Utf8Formatter.TryFormat(number, digits, out var written, new System.Buffers.StandardFormat('E', 16));
        sql.Advance(written);
    }

    private static void WriteExactCondition(SqlBuffer sql, MappedColumn mapped, BinlogValue value)
    {
        var column = mapped.Target;
        switch (column.Kind)
        {
            case ColumnKind.Text or ColumnKind.Binary or ColumnKind.FixedBinary or ColumnKind.Geometry or ColumnKind.Vector
                when value.Type != BinlogColumnType.Json:
                sql.Append("CAST("u8);
                sql.AppendIdentifier(column.Name);
                sql.Append(" AS BINARY)="u8);
                if (mapped.Introducer is not null)
                    WriteConverted(sql, mapped, value.AsBytes());
                else if (column.Kind == ColumnKind.FixedBinary)
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
            case ColumnKind.Enum or ColumnKind.Set when mapped.Members is not null:
                sql.AppendIdentifier(column.Name);
                sql.Append((byte)'=');
                WriteComparable(sql, mapped, value);
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
                WriteComparable(sql, mapped, value);
                break;
        }
    }

    private static void WriteConverted(SqlBuffer sql, MappedColumn column, ReadOnlySpan<byte> bytes)
    {
        sql.Append("CAST(CONVERT(_"u8);
        sql.Append(column.Introducer!);
        AppendHexString(sql, bytes);
        sql.Append(" USING "u8);
        sql.Append(ExactText.Introducer(column.Target));
        sql.Append(") AS BINARY)"u8);
    }

    private static void WriteMember(SqlBuffer sql, IReadOnlyList<string> members, int index)
    {
        var name = index == 0 || index > members.Count ? "" : members[index - 1];
        AppendUtf8(sql, name);
    }

    private static void WriteMembers(SqlBuffer sql, IReadOnlyList<string> members, ulong mask)
    {
        var names = new List<string>();
        for (var i = 0; i < members.Count; i++)
        {
            if ((mask & (1UL << i)) != 0)
                names.Add(members[i]);
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
