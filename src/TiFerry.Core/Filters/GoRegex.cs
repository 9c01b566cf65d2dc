using System.Text;
using System.Text.RegularExpressions;

namespace TiFerry.Core.Filters;

/// <summary>
/// Compiles a regular expression written in Go's syntax (RE2, https://pkg.go.dev/regexp/syntax) with .NET's engine.
/// Both are linear-time and without look-around or back-references; the spellings that differ are rewritten here.
/// </summary>
internal static class GoRegex
{
    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <exception cref="ArgumentException">The pattern is not a valid expression.</exception>
    public static Regex Compile(string pattern, bool caseSensitive)
    {
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        if (!caseSensitive)
            options |= RegexOptions.IgnoreCase;
        try
        {
            return new Regex(Translate(pattern), options, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException("look-around and back-references are not supported", nameof(pattern), e);
        }
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest is ['\\', 'Q', ..] && !inClass)
            {
                var end = pattern.IndexOf(@"\E", i + 2, StringComparison.Ordinal);
                result.Append(Regex.Escape(pattern[(i + 2)..(end < 0 ? pattern.Length : end)]));
                i = end < 0 ? pattern.Length : end + 1;
            }
            else if (rest is ['\\', var escaped, ..])
            {
                result.Append(Escape(escaped, inClass));
                i++;
            }
            else if (rest.StartsWith("(?P<", StringComparison.Ordinal) && !inClass)
            {
                result.Append("(?<");
                i += 3;
            }
            else if (inClass && rest.StartsWith("[:", StringComparison.Ordinal) && rest.IndexOf(":]", StringComparison.Ordinal) is > 0 and var close)
            {
                var name = rest[2..close].ToString();
                if (!PosixClasses.TryGetValue(name, out var members))
                    throw new ArgumentException($"unknown character class [:{name}:]", nameof(pattern));
                result.Append(members);
                i += close + 1;
            }
            else if (rest[0] == '[')
            {
                // A bracket inside a class is a plain character in Go, while .NET could read it as a subtraction.
                result.Append(inClass ? @"\[" : "[");
                if (!inClass && rest is ['[', '^', ..])
                {
                    result.Append('^');
                    i++;
                }

                if (!inClass && i + 1 < pattern.Length && pattern[i + 1] == ']')
                {
                    result.Append(@"\]");
                    i++;
                }

                inClass = true;
            }
            else
            {
                inClass &= rest[0] != ']';
                result.Append(rest[0]);
            }
        }

        return result.ToString();
    }

    // Go's \d, \w and \s are ASCII only.
    private static string Escape(char escaped, bool inClass) => (escaped, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('D', false) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('s', false) => @"[\t\n\f\r ]",
        ('S', false) => @"[^\t\n\f\r ]",
        ('d', true) => "0-9",
        ('w', true) => "0-9A-Za-z_",
        ('s', true) => @"\t\n\f\r ",
        ('D' or 'W' or 'S', true) => throw new ArgumentException($@"\{escaped} inside [...] is not supported", nameof(escaped)),
        _ => $@"\{escaped}",
    };
}
