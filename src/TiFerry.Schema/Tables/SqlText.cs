namespace TiFerry.Schema.Tables;

/// <summary>Text forms for administrative SQL, where speed does not matter; rows go through <c>SqlBuffer</c>.</summary>
public static class SqlText
{
    /// <summary>A string literal that means the same under every sql_mode but NO_BACKSLASH_ESCAPES, which our sessions never set.</summary>
    /// <param name="text">The value.</param>
    public static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal)}'";

    /// <summary>A list of literals in brackets, for IN.</summary>
    /// <param name="texts">The values; at least one.</param>
    public static string List(IEnumerable<string> texts) => $"({string.Join(", ", texts.Select(Literal))})";
}
