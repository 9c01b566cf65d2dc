using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff.Rows;

/// <summary>A column on both sides: how it is selected so that equal values have equal cells.</summary>
internal sealed class ComparedColumn
{
    private readonly bool _isConverted;

    /// <summary>Decides how the two are compared.</summary>
    /// <param name="source">The source's column.</param>
    /// <param name="target">The target's column.</param>
    /// <param name="sourceFlavour">The source's family.</param>
    /// <param name="targetFlavour">The target's family.</param>
    public ComparedColumn(Column source, Column target, ServerFlavour sourceFlavour, ServerFlavour targetFlavour)
    {
        Source = source;
        Target = target;
        var flavoursDiffer = sourceFlavour != targetFlavour;
        if (source.Kind == ColumnKind.Json || target.Kind == ColumnKind.Json)
        {
            Rule = flavoursDiffer || source.Kind != target.Kind ? CellRule.Json : CellRule.Bytes;
            _isConverted = source.Charset != null && target.Charset != null ? !SameCharset : Needs(source) || Needs(target);
        }
        else if (IsChoice(source) || IsChoice(target))
        {
            _isConverted = source.Kind != target.Kind || !source.Members.SequenceEqual(target.Members, StringComparer.Ordinal);
        }
        else if (source.Kind == ColumnKind.Text && target.Kind == ColumnKind.Text)
        {
            _isConverted = !SameCharset;
        }
        else if (IsApproximate(source) && IsApproximate(target) && flavoursDiffer)
        {
            Rule = sourceFlavour == ServerFlavour.MariaDb || targetFlavour == ServerFlavour.MariaDb ? CellRule.DoubleWithoutMinusZero : CellRule.Double;
        }
        SourceExpression = Expression(source, target);
        TargetExpression = Expression(target, source);
    }

    /// <summary>The source's column.</summary>
    public Column Source { get; }

    /// <summary>The target's column.</summary>
    public Column Target { get; }

    /// <summary>When two cells are the same value.</summary>
    public CellRule Rule { get; }

    /// <summary>What to select on the source.</summary>
    public string SourceExpression { get; }

    /// <summary>What to select on the target.</summary>
    public string TargetExpression { get; }

    /// <summary>Whether both servers order and equate values of this column by the same rules, so that one's range is the other's.</summary>
    public bool HasSameOrder =>
        !_isConverted
        && Rule != CellRule.Json
        && Source.Kind == Target.Kind
        && Source.Kind is not (ColumnKind.Geometry or ColumnKind.Vector)
        && (Source.Kind != ColumnKind.Text || string.Equals(CollationName(Source), CollationName(Target), StringComparison.OrdinalIgnoreCase));

    /// <summary>A cell of either side as a literal that the source compares its column with.</summary>
    public string SourceLiteral(ReadOnlySpan<byte> cell) => Literal(Source, cell);

    /// <summary>A cell of either side as a literal that the target compares its column with.</summary>
    public string TargetLiteral(ReadOnlySpan<byte> cell) => Literal(Target, cell);

    /// <summary>A cell as a person reads it.</summary>
    public string Describe(ReadOnlySpan<byte> cell)
    {
        if (_isConverted || Source.Kind == ColumnKind.Text)
            return DescribeText(cell, isUtf8: _isConverted || Source.Charset is "utf8mb4" or "utf8mb3" or "utf8");
        return Source.Kind switch
        {
            ColumnKind.Binary or ColumnKind.FixedBinary => Hex(cell),
            ColumnKind.Enum when int.TryParse(cell, out var index) && index > 0 && index <= Source.Members.Count => $"'{Source.Members[index - 1]}'",
            ColumnKind.Temporal or ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6 => $"'{Encoding.ASCII.GetString(cell)}'",
            _ => Encoding.UTF8.GetString(cell),
        };
    }

    private bool SameCharset => string.Equals(CharsetName(Source), CharsetName(Target), StringComparison.OrdinalIgnoreCase);

    // utf8 is utf8mb3's old name.
    private static string? CharsetName(Column column) => column.Charset is "utf8" ? "utf8mb3" : column.Charset;

    private static string? CollationName(Column column) =>
        column.Collation is { } name && name.StartsWith("utf8_", StringComparison.OrdinalIgnoreCase) ? $"utf8mb3_{name[5..]}" : column.Collation;

    // A JSON value is UTF-8; the other side's text must be brought to that.
    private static bool Needs(Column column) => column.Charset is not (null or "utf8mb4" or "utf8mb3" or "utf8" or "ascii");

    private static bool IsChoice(Column column) => column.Kind is ColumnKind.Enum or ColumnKind.Set;

    private static bool IsApproximate(Column column) => column.Kind is ColumnKind.Float or ColumnKind.Double;

    private static bool IsPadded(Column column) => column.ColumnType.Contains("zerofill", StringComparison.OrdinalIgnoreCase);

    private string Expression(Column column, Column other)
    {
        var name = TableName.Quote(column.Name);
        if (_isConverted)
            return $"CONVERT({name} USING utf8mb4)";
        // Leading zeros belong to the type and not to the value.
        if (column.ColumnType != other.ColumnType && (IsPadded(column) || IsPadded(other)))
            return column.Kind is ColumnKind.Float or ColumnKind.Double ? $"{name}*1e0" : $"{name}+0";
        return ExactText.Expression(column);
    }

    private string Literal(Column column, ReadOnlySpan<byte> cell) =>
        _isConverted ? $"_utf8mb4 x'{Convert.ToHexString(cell)}'" : ExactText.KeyLiteral(column, cell);

    private static string DescribeText(ReadOnlySpan<byte> cell, bool isUtf8)
    {
        var isReadable = isUtf8 ? System.Text.Unicode.Utf8.IsValid(cell) : Ascii.IsValid(cell);
        if (!isReadable)
            return Hex(cell);
        var text = Encoding.UTF8.GetString(cell);
        return text.Any(char.IsControl) ? Hex(cell) : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static string Hex(ReadOnlySpan<byte> cell) => $"x'{Convert.ToHexString(cell)}'";
}
