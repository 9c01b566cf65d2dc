using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TiFerry.Core.Filters;

/// <summary>
/// Compiles a regular expression written in Go's syntax (RE2, https://pkg.go.dev/regexp/syntax) with .NET's engine.
/// Both are linear-time and without look-around or back-references; the spellings that differ are rewritten here.
/// </summary>
public static partial class GoRegex
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

    /// <summary>Compiles an expression; matching takes time linear in the text.</summary>
    /// <param name="pattern">The expression in Go's syntax.</param>
    /// <param name="caseSensitive">Whether letter case counts, where the expression does not say itself (<c>(?i)</c>).</param>
    /// <exception cref="ArgumentException">The pattern is not a valid expression, or uses what can't be carried over; the message says why.</exception>
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
        var hasMultiline = MultilineFlag().IsMatch(pattern);
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest is ['\\', 'Q', ..] && !inClass)
            {
                var end = pattern.IndexOf(@"\E", i + 2, StringComparison.Ordinal);
                result.Append(Regex.Escape(pattern[(i + 2)..(end < 0 ? pattern.Length : end)]));
                i = end < 0 ? pattern.Length : end + 1;
            }
            else if (rest is ['\\', 'x', '{', ..] && rest.IndexOf('}') is > 3 and var brace)
            {
                result.Append(CodePoint(rest[3..brace]));
                i += brace;
            }
            else if (rest is ['\\', 'p' or 'P', not '{', ..])
            {
                result.Append('\\').Append(rest[1]).Append('{').Append(rest[2]).Append('}');
                i += 2;
            }
            else if (rest is ['\\', var escaped, ..])
            {
                result.Append(Escape(escaped, inClass));
                i++;
            }
            else if (!inClass && rest is ['(', '?', 'P', '<', ..] or ['(', '?', '<', not ('=' or '!'), ..])
            {
                // .NET counts named groups after the others, Go counts all in the order of their parentheses.
                result.Append('(');
                i = pattern.IndexOf('>', i) is > 0 and var end ? end : throw new ArgumentException("the name of a group has no end", nameof(pattern));
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
            else if (rest[0] == '$' && !inClass && !hasMultiline)
            {
                // Go's is the end of the text, .NET's could be before a last line feed.
                result.Append(@"\z");
            }
            else
            {
                inClass &= rest[0] != ']';
                result.Append(rest[0]);
            }
        }

        return result.ToString();
    }

    private static string CodePoint(ReadOnlySpan<char> hex)
    {
        if (!int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value))
            throw new ArgumentException($@"\x{{{hex}}} is no character", nameof(hex));
        return Regex.Escape(new Rune(value).ToString());
    }

    [GeneratedRegex(@"\(\?[a-zA-Z]*m", RegexOptions.CultureInvariant)]
    private static partial Regex MultilineFlag();

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
