using System.Globalization;
using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Tracking;

/// <summary>
/// Defaults as the server keeps them: a literal becomes a value of the column's type (MySQL manual, "Data Type Default Values"). Literals whose value
/// the server alone can tell stay as they were written.
/// </summary>
internal static class DefaultRules
{
    public static readonly ColumnDefault Null = new(DefaultKind.Null, new SqlExpression("NULL"));

    /// <summary>The default in its kept form.</summary>
    public static ColumnDefault Complete(ColumnDefault written, DataType type, SqlDialect dialect)
    {
        if (written.Kind == DefaultKind.Null)
            return Null;
        var plain = written with { Expression = ExpressionText.Plain(written.Expression, dialect), Span = default };
        if (plain.Kind != DefaultKind.Literal || (plain.Value ?? ValueOfLiteral(plain.Expression.Text, type)) is not { } value)
            return plain;
        return Of(Canonical(value, type), type);
    }

    /// <summary>What MySQL before 5.7 gives a column that only its primary key makes NOT NULL, and TIMESTAMP without explicit_defaults_for_timestamp.</summary>
    public static ColumnDefault? Zero(DataType type)
    {
        var fraction = type.Length is > 0 and var digits ? $".{new string('0', (int)digits)}" : "";
        return TableReader.KindOf(type.Name) switch
        {
            ColumnKind.Integer or ColumnKind.Float or ColumnKind.Double or ColumnKind.Decimal or ColumnKind.Bit => Of(Canonical("0", type), type),
            ColumnKind.Year => Of("0000", type),
            ColumnKind.Temporal when type.Name == "date" => Of("0000-00-00", type),
            ColumnKind.Temporal when type.Name == "time" => Of($"00:00:00{fraction}", type),
            ColumnKind.Temporal => Of($"0000-00-00 00:00:00{fraction}", type),
            ColumnKind.Enum => Of(type.Members[0], type),
            ColumnKind.Set => Of("", type),
            ColumnKind.FixedBinary => Of(new string('\0', (int)type.Length!.Value), type),
            ColumnKind.Text or ColumnKind.Binary when !TypeRules.IsLong(type.Name) => Of("", type),
            _ => null,
        };
    }

    /// <summary>CURRENT_TIMESTAMP with the fraction of the column.</summary>
    public static SqlExpression CurrentTimestamp(DataType type) =>
        new(type.Length is > 0 and var digits ? string.Create(CultureInfo.InvariantCulture, $"CURRENT_TIMESTAMP({digits})") : "CURRENT_TIMESTAMP");

    private static ColumnDefault Of(string value, DataType type)
    {
        var text = TableReader.KindOf(type.Name) == ColumnKind.Bit ? $"b'{value}'" : SqlText.Literal(value);
        return new ColumnDefault(DefaultKind.Literal, new SqlExpression(text)) { Value = value };
    }

    // Literals that the parser leaves open: hexadecimal and bit strings.
    private static string? ValueOfLiteral(string text, DataType type)
    {
        var digits = text.Trim().Trim('\'');
        var isHex = digits.StartsWith("x'", StringComparison.OrdinalIgnoreCase) || digits.StartsWith("0x", StringComparison.Ordinal);
        var isBit = digits.StartsWith("b'", StringComparison.OrdinalIgnoreCase) || digits.StartsWith("0b", StringComparison.Ordinal);
        if (!isHex && !isBit)
            return null;
        digits = digits[2..];
        if (TableReader.KindOf(type.Name) is ColumnKind.Integer or ColumnKind.Bit or ColumnKind.Decimal)
        {
            return ulong.TryParse(digits, isHex ? NumberStyles.HexNumber : NumberStyles.BinaryNumber, CultureInfo.InvariantCulture, out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : null;
        }

        if (isBit || digits.Length % 2 != 0 || type.Charset is not ("latin1" or "utf8" or "utf8mb3" or "utf8mb4" or "ascii"))
            return null;
        var bytes = System.Convert.FromHexString(digits);
        return Ascii.IsValid(bytes) ? Encoding.ASCII.GetString(bytes) : null;
    }

    private static string Canonical(string value, DataType type)
    {
        switch (TableReader.KindOf(type.Name))
        {
            case ColumnKind.Integer:
                return decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var integer)
                    ? Pad(Math.Round(integer, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture), type)
                    : value;
            case ColumnKind.Decimal:
                return Pad(CanonicalDecimal(value, type.Decimals ?? 0), type);
            case ColumnKind.Float or ColumnKind.Double:
                return CanonicalFloat(value, type);
            case ColumnKind.Bit:
                return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits.ToString("b", CultureInfo.InvariantCulture) : value;
            case ColumnKind.Year:
                return CanonicalYear(value);
            case ColumnKind.Temporal:
                return TemporalText.Canonical(value, type) ?? value;
            case ColumnKind.Enum:
                return type.Members.FirstOrDefault(m => string.Equals(m, value.TrimEnd(' '), StringComparison.OrdinalIgnoreCase)) ?? value;
            case ColumnKind.Set:
                var chosen = value.Split(',');
                return string.Join(',', type.Members.Where(m => chosen.Contains(m, StringComparer.OrdinalIgnoreCase)));
            case ColumnKind.FixedBinary:
                return value.PadRight((int)type.Length!.Value, '\0');
            default:
                return type.Name == "char" ? value.TrimEnd(' ') : value;
        }
    }

    private static string CanonicalDecimal(string value, int scale)
    {
        var point = value.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? 0 : value.Length - point - 1;
        // A DECIMAL can have more digits than the type of that name here.
        if (digits <= scale && value.TrimStart('-').All(c => char.IsAsciiDigit(c) || c == '.'))
            return scale == 0 ? value.TrimEnd('.') : $"{value}{(point < 0 ? "." : "")}{new string('0', scale - digits)}";
        return decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && scale <= 28
            ? Math.Round(number, scale, MidpointRounding.AwayFromZero).ToString($"F{scale}", CultureInfo.InvariantCulture)
            : value;
    }

    private static string CanonicalFloat(string value, DataType type)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return value;
        if (type.Decimals is { } scale)
            return Pad(number.ToString($"F{scale}", CultureInfo.InvariantCulture), type);
        if (Math.Abs(number) is >= 1e-4 and < 1e15)
            return Pad((type.Name == "float" ? (decimal)(float)number : (decimal)number).ToString("0.###############", CultureInfo.InvariantCulture), type);
        var text = type.Name == "float" ? ((float)number).ToString("R", CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
        return Pad(text.Replace("E+", "e", StringComparison.Ordinal).Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e'), type);
    }

    private static string CanonicalYear(string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var year))
            return value;
        if (year == 0 || year > 99)
            return year.ToString("0000", CultureInfo.InvariantCulture);
        return (year < 70 ? 2000 + year : 1900 + year).ToString(CultureInfo.InvariantCulture);
    }

    private static string Pad(string number, DataType type)
    {
        if (!type.IsZerofill || type.Length is not { } width)
            return number;
        // A DECIMAL's width counts digits, its point comes on top.
        return number.PadLeft((int)width + (type.Name == "decimal" && type.Decimals > 0 ? 1 : 0), '0');
    }
}
