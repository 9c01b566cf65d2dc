namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>Finds what someone meant to type.</summary>
internal static class Spelling
{
    private const int MostEdits = 3;

    /// <summary>The name with the fewest edits between it and the text; null where none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        var best = names.Select(name => (Name: name, Edits: Edits(text, name))).OrderBy(x => x.Edits).FirstOrDefault();
        return best.Name is not null && best.Edits <= MostEdits ? best.Name : null;
    }

    // Levenshtein's distance, row by row.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
