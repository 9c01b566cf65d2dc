using System.Text;

namespace TiFerry.Dm.Control.CommandLine;

/// <summary>Splits a typed line into words as a POSIX shell does: '...' as it is, "..." and bare text with backslashes, # begins a comment.</summary>
internal static class ShellWords
{
    /// <summary>The words. A line with an open quote or a backslash at its end is one word, as in DM.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var (words, open) = Scan(line);
        return open ? [line] : [.. words.Select(word => word.Text)];
    }

    /// <summary>The words with the place where each begins; the last one may be open.</summary>
    public static (IReadOnlyList<(string Text, int Start)> Words, bool Open) Scan(string line)
    {
        var words = new List<(string, int)>();
        var word = new StringBuilder();
        var start = -1;
        var quote = '\0';
        var escaped = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (escaped)
            {
                word.Append(c);
                escaped = false;
            }
            else if (c == '\\' && quote != '\'')
            {
                escaped = true;
                start = start < 0 ? i : start;
            }
            else if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                start = start < 0 ? i : start;
            }
            else if (char.IsWhiteSpace(c))
            {
                Finish();
            }
            else if (c == '#' && start < 0)
            {
                break;
            }
            else
            {
                word.Append(c);
                start = start < 0 ? i : start;
            }
        }
        Finish();
        return (words, quote != '\0' || escaped);

        void Finish()
        {
            if (start >= 0)
                words.Add((word.ToString(), start));
            word.Clear();
            start = -1;
        }
    }
}
