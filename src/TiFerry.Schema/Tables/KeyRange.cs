namespace TiFerry.Schema.Tables;

/// <summary>
/// Conditions on a key of several columns. They are spelled out column by column because the servers use an index for
/// <c>a &gt;= 1 AND (a &gt; 1 OR b &gt; 2)</c> but not for <c>(a, b) &gt; (1, 2)</c>.
/// </summary>
public static class KeyRange
{
    /// <summary>Keys after a given one.</summary>
    public static string After(IReadOnlyList<Column> key, string[] literals) => Compare(key, literals, ">", ">");

    /// <summary>Keys from a given one on.</summary>
    public static string From(IReadOnlyList<Column> key, string[] literals) => Compare(key, literals, ">", ">=");

    /// <summary>Keys before a given one.</summary>
    public static string Before(IReadOnlyList<Column> key, string[] literals) => Compare(key, literals, "<", "<");

    // The literals may name only the first columns of the key.
    private static string Compare(IReadOnlyList<Column> key, string[] literals, string strict, string last)
    {
        var condition = "";
        for (var i = literals.Length - 1; i >= 0; i--)
        {
            var name = TableName.Quote(key[i].Name);
            condition = i == literals.Length - 1
                ? $"{name} {last} {literals[i]}"
                : $"{name} {strict}= {literals[i]} AND ({name} {strict} {literals[i]} OR ({condition}))";
        }
        return condition;
    }
}
