using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Sync.Filter;

/// <summary>
/// What a column's change of type costs (MySQL manual, "Data Types": ranges and storage). Types are complete, as the schema tracker has them. Where two
/// types are of different worlds, such as text and dates, the new one is taken to hold fewer values.
/// </summary>
internal static class TypeChange
{
    // Bytes of TEXT's smallest size; enough for any number or date.
    private const double SmallestText = 255;

    /// <summary>Whether some value of the old type is none of the new one: VARCHAR(20) to VARCHAR(10), INT to SMALLINT, ENUM without a member.</summary>
    public static bool HoldsFewerValues(DataType old, DataType now)
    {
        if (IsMembers(old) && IsMembers(now))
            return (old.Name == "set" && now.Name == "enum") || old.Members.Any(m => !now.Members.Contains(m));
        if (IsText(now))
            return WidthOf(old, now) > CapacityOf(now, inBytes: false);
        if (IsText(old) || IsMembers(now))
            return true;
        if (IsTemporal(now))
            return !IsTemporal(old) || !KeepsDates(old.Name, now.Name);
        if (RangeOf(old) is var (oldMin, oldMax) && RangeOf(now) is var (min, max))
            return min > oldMin || max < oldMax;
        return old.Name != now.Name || now.Length < old.Length;
    }

    /// <summary>Whether some value of the old type is rounded by the new one: DECIMAL(10,2) to DECIMAL(10,1), DOUBLE to FLOAT, DATETIME(6) to DATETIME.</summary>
    public static bool IsLessExact(DataType old, DataType now)
    {
        if (IsTemporal(old) && IsTemporal(now))
            return FractionOf(now) < FractionOf(old) || (now.Name == "date" && old.Name != "date");
        if (!(IsNumber(old) || IsTemporal(old)) || !IsNumber(now))
            return false;
        if (IsApproximate(old))
            return !IsApproximate(now) || (old.Name == "double" && now.Name == "float") || now.Decimals < (old.Decimals ?? 255);
        return IsApproximate(now) ? !FitsMantissa(old, now) : FractionOf(now) < FractionOf(old);
    }

    private static bool IsText(DataType type) => type.Name is "char" or "varchar" or "binary" or "varbinary" or "json" || type.Name.EndsWith("text", StringComparison.Ordinal) || type.Name.EndsWith("blob", StringComparison.Ordinal);

    private static bool CountsCharacters(DataType type) => type.Name is "char" or "varchar";

    private static bool IsMembers(DataType type) => type.Name is "enum" or "set";

    private static bool IsTemporal(DataType type) => type.Name is "date" or "time" or "datetime" or "timestamp";

    private static bool IsApproximate(DataType type) => type.Name is "float" or "double";

    private static bool IsNumber(DataType type) => BitsOf(type) > 0 || type.Name is "decimal" or "float" or "double";

    private static bool KeepsDates(string old, string now) => (old, now) switch
    {
        _ when old == now => true,
        ("date" or "timestamp", "datetime") or ("timestamp", "date") or ("datetime", "date") => true,
        _ => false,
    };

    // In the type's own unit, characters or bytes; a text in bytes can hold as many characters.
    private static double CapacityOf(DataType type, bool inBytes) => type.Name switch
    {
        "char" or "varchar" => (type.Length ?? 1) * (inBytes ? BytesPerCharacter(type.Charset) : 1),
        "binary" or "varbinary" => type.Length ?? 1,
        "tinytext" or "tinyblob" => SmallestText,
        "text" or "blob" => ushort.MaxValue,
        "mediumtext" or "mediumblob" => 0xFF_FFFF,
        _ => uint.MaxValue,
    };

    // What the longest value of a type takes as text.
    private static double WidthOf(DataType type, DataType asText)
    {
        if (IsText(type))
            return asText.Name == "json" && type.Name != "json" ? double.PositiveInfinity : CapacityOf(type, inBytes: !CountsCharacters(asText));
        if (type.Name == "enum")
            return type.Members.Select(m => (double)m.Length).DefaultIfEmpty().Max();
        if (type.Name == "set")
            return type.Members.Sum(m => m.Length) + Math.Max(0, type.Members.Count - 1);
        var fraction = FractionOf(type) is > 0 and var digits ? digits + 1 : 0;
        return type.Name switch
        {
            "tinyint" => type.IsUnsigned ? 3 : 4,
            "smallint" => type.IsUnsigned ? 5 : 6,
            "mediumint" => 8,
            "int" => type.IsUnsigned ? 10 : 11,
            "bigint" => 20,
            "decimal" => (type.Length ?? 10) + (type.IsUnsigned ? 1 : 2),
            "float" => 14,
            "double" => 24,
            "year" => 4,
            "date" => 10,
            "time" => 10 + fraction,
            "datetime" or "timestamp" => 19 + fraction,
            "bit" => ((type.Length ?? 1) + 7) / 8,
            "uuid" => 36,
            "inet4" => 15,
            "inet6" => 39,
            _ => double.PositiveInfinity,
        };
    }

    // Numbers; dates as the numbers that they turn into.
    private static (double Min, double Max)? RangeOf(DataType type)
    {
        if (type.Name is "tinyint" or "smallint" or "mediumint" or "int" or "bigint")
            return type.IsUnsigned ? (0, Math.Pow(2, BitsOf(type)) - 1) : (-Math.Pow(2, BitsOf(type) - 1), Math.Pow(2, BitsOf(type) - 1) - 1);
        double? max = type.Name switch
        {
            "bit" => Math.Pow(2, BitsOf(type)) - 1,
            "decimal" => Math.Pow(10, (type.Length ?? 10) - (type.Decimals ?? 0)) - Math.Pow(10, -(type.Decimals ?? 0)),
            "float" => type.Decimals is { } d ? Math.Pow(10, (type.Length ?? 0) - d) : float.MaxValue,
            "double" => type.Decimals is { } d ? Math.Pow(10, (type.Length ?? 0) - d) : double.MaxValue,
            "year" => 2155,
            "date" => 99991231,
            "time" => 8385959,
            "datetime" or "timestamp" => 99991231235959,
            _ => null,
        };
        return max switch
        {
            null => null,
            { } top when type.Name == "year" => (1901, top),
            { } top when type.IsUnsigned || type.Name is "bit" or "date" or "datetime" or "timestamp" => (0, top),
            { } top => (-top, top),
        };
    }

    private static long BitsOf(DataType type) => type.Name switch
    {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" => 32,
        "bigint" => 64,
        "year" => 16,
        "bit" => type.Length ?? 1,
        _ => 0,
    };

    private static long FractionOf(DataType type) => type.Name switch
    {
        "decimal" => type.Decimals ?? 0,
        "time" or "datetime" or "timestamp" => type.Length ?? 0,
        _ => 0,
    };

    // FLOAT has 24 bits, which 6 decimal digits always fit; DOUBLE has 53, for 15.
    private static bool FitsMantissa(DataType old, DataType now)
    {
        var (bits, digits) = now.Name == "float" ? (24, 6) : (53, 15);
        if (now.Decimals is { } decimals && decimals < FractionOf(old))
            return false;
        return BitsOf(old) > 0 ? BitsOf(old) <= bits : old.Name == "decimal" ? old.Length <= digits : digits == 15 && FractionOf(old) == 0;
    }

    private static int BytesPerCharacter(string? charset) => charset switch
    {
        "utf8mb4" or "utf16" or "utf16le" or "utf32" or "gb18030" => 4,
        "utf8" or "utf8mb3" or "ujis" or "eucjpms" => 3,
        "ucs2" or "gbk" or "gb2312" or "big5" or "sjis" or "cp932" or "euckr" => 2,
        _ => 1,
    };
}
