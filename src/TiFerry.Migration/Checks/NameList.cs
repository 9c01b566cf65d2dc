namespace TiFerry.Migration.Checks;

/// <summary>A list of names for a message, cut where it gets too long to read.</summary>
internal static class NameList
{
    private const int Limit = 10;

    public static string Of<T>(IReadOnlyCollection<T> names)
    {
        var shown = string.Join(", ", names.Take(Limit));
        return names.Count > Limit ? $"{shown} and {names.Count - Limit} more" : shown;
    }
}
