using System.Text;

namespace TiFerry.MySql;

/// <summary>A value for a <c>?</c> of a prepared statement; <c>default</c> is NULL.</summary>
public readonly struct MySqlParameter
{
    private MySqlParameter(ColumnType type, bool isUnsigned, long number, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        IsUnsigned = isUnsigned;
        Number = number;
        Bytes = bytes;
        HasValue = true;
    }

    /// <summary>NULL.</summary>
    public static MySqlParameter Null => default;

    /// <summary>The value is not NULL.</summary>
    public bool HasValue { get; }

    internal ColumnType Type { get; }

    internal bool IsUnsigned { get; }

    internal long Number { get; }

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Bytes without a character set.</summary>
    /// <param name="bytes">The value; not copied.</param>
    public static MySqlParameter Binary(ReadOnlyMemory<byte> bytes) => new(ColumnType.Blob, isUnsigned: false, 0, bytes);

    /// <summary>Text in the connection's character set.</summary>
    /// <param name="bytes">The value; not copied.</param>
    public static MySqlParameter Text(ReadOnlyMemory<byte> bytes) => new(ColumnType.VarString, isUnsigned: false, 0, bytes);

    /// <summary>Text, sent as UTF-8.</summary>
    /// <param name="text">The value.</param>
    public static MySqlParameter Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    /// <summary>A signed number.</summary>
    /// <param name="value">The value.</param>
    public static MySqlParameter Int64(long value) => new(ColumnType.LongLong, isUnsigned: false, value, default);

    /// <summary>An unsigned number.</summary>
    /// <param name="value">The value.</param>
    public static MySqlParameter UInt64(ulong value) => new(ColumnType.LongLong, isUnsigned: true, unchecked((long)value), default);

    /// <summary>A floating-point number.</summary>
    /// <param name="value">The value.</param>
    public static MySqlParameter Double(double value) => new(ColumnType.Double, isUnsigned: false, BitConverter.DoubleToInt64Bits(value), default);
}
