using System.Text;

namespace TiFerry.Core.Filters;

/// <summary>
/// What the name of a schema or table must look like in the rules of DM's task file (https://docs.pingcap.com/tidb/stable/table-selector):
/// <c>?</c> for one character, <c>[a-z]</c> and <c>[!a-z]</c> for one of a set, <c>*</c> at the end for the rest, all else literally;
/// or <c>~</c> and a regular expression in Go's syntax, which may match anywhere in the name. Immutable and thread safe.
/// </summary>
public sealed class SelectorPattern
{
    private readonly NamePattern _pattern;

    private SelectorPattern(string text, NamePattern pattern)
    {
        Text = text;
        _pattern = pattern;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="caseSensitive">Whether letter case counts.</param>
    /// <exception cref="FormatException">The pattern can't be used; the message says why.</exception>
    public static SelectorPattern Parse(string text, bool caseSensitive)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            throw new FormatException("the pattern is empty");
        return new SelectorPattern(text, text[0] == '~' ? Regular(text[1..], caseSensitive) : Wildcard(text, caseSensitive));
    }

    /// <summary>Whether the name fits.</summary>
    public bool Matches(string name) => _pattern.Matches(name);

    private static RegexPattern Regular(string expression, bool caseSensitive)
    {
        try
        {
            return new RegexPattern(GoRegex.Compile(expression, caseSensitive));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"the regular expression '{expression}' is not valid: {e.Message}", e);
        }
    }

    private static NamePattern Wildcard(string text, bool caseSensitive)
    {
        var runes = text.EnumerateRunes().ToArray();
        var elements = new List<WildcardPattern.Element>(runes.Length);
        for (var at = 0; at < runes.Length; at++)
        {
            switch (runes[at].Value)
            {
                case '*' when at < runes.Length - 1:
                    throw new FormatException($"'*' can only stand at the end of '{text}'; a regular expression begins with '~'");
                case '*':
                    elements.Add(new WildcardPattern.Element(WildcardPattern.ElementKind.AnyRun));
                    break;
                case '?':
                    elements.Add(new WildcardPattern.Element(WildcardPattern.ElementKind.AnyOne));
                    break;
                case '[' when Array.IndexOf(runes, new Rune(']'), at) is > 0 and var close:
                    elements.Add(Set(runes.AsSpan((at + 1)..close), text));
                    at = close;
                    break;
                default:
                    elements.Add(new WildcardPattern.Element(WildcardPattern.ElementKind.Literal, runes[at]));
                    break;
            }
        }

        if (elements.Exists(e => e.Kind != WildcardPattern.ElementKind.Literal))
            return new WildcardPattern([.. elements], caseSensitive);
        return new LiteralPattern(text, caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);
    }

    // The characters between the brackets. "[!]" is an exclamation mark.
    private static WildcardPattern.Element Set(ReadOnlySpan<Rune> members, string text)
    {
        var negated = members.Length > 1 && members[0].Value == '!';
        if (negated)
            members = members[1..];
        if (members.IsEmpty)
            throw new FormatException($"'[]' in '{text}' holds no character");
        var ranges = new List<WildcardPattern.RuneRange>();
        for (var i = 0; i < members.Length; i++)
        {
            var isRange = i + 2 < members.Length && members[i + 1].Value == '-';
            var (first, last) = (members[i], isRange ? members[i + 2] : members[i]);
            if (last < first)
                throw new FormatException($"the range {first}-{last} in '{text}' is the wrong way round");
            ranges.Add(new WildcardPattern.RuneRange(first, last));
            if (isRange)
                i += 2;
        }

        return new WildcardPattern.Element(WildcardPattern.ElementKind.Class, Ranges: [.. ranges], Negated: negated);
    }
}
