using System.Globalization;

namespace TiFerry.Dm.Config.Databases;

/// <summary>The variables of <c>session</c>.</summary>
internal static class SessionVariables
{
    // What decides how values are read and written. Another value would change rows on their way.
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "autocommit", "character_set_client", "character_set_connection", "character_set_results", "collation_connection", "foreign_key_checks", "sql_mode", "time_zone",
        "transaction_isolation", "tx_isolation", "unique_checks",
    };

    /// <summary>Whether sessions set the variable themselves, whatever a file says.</summary>
    public static bool IsOwn(string name) => Own.Contains(name);

    /// <summary>The statements that set the others.</summary>
    public static IReadOnlyList<string> Statements(IReadOnlyDictionary<string, string> variables) =>
        [.. variables.Where(v => !IsOwn(v.Key)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"SET SESSION `{v.Key}` = {Value(v.Value)}")];

    // A number in quotes is refused by most variables that are numbers.
    private static string Value(string value) =>
        decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? value
            : $"'{value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
