using System.Globalization;

namespace TiFerry.Schema.Tracking;

/// <summary>Names that servers make for constraints: a prefix with the table's name, and a number.</summary>
internal static class ConstraintNames
{
    /// <summary>The highest number behind the prefix; 0 where no name has one.</summary>
    public static int HighestNumber(IEnumerable<string?> names, string prefix) =>
        names.Select(n => n is not null && NumberOf(n, prefix) is { } number ? number : 0).DefaultIfEmpty(0).Max();

    /// <summary>A made name under the table's new name; other names stay.</summary>
    public static string Renamed(string name, string oldTable, string newTable, string infix) =>
        NumberOf(name, $"{oldTable}{infix}") is { } number ? string.Create(CultureInfo.InvariantCulture, $"{newTable}{infix}{number}") : name;

    private static int? NumberOf(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
