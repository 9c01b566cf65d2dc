using System.Buffers;
using System.Text;

namespace TiFerry.Core.Filters;

/// <summary>A name with fnmatch(3) wildcards. A character is a Unicode code point, so matching goes by <see cref="Rune"/>.</summary>
internal sealed class WildcardPattern(WildcardPattern.Element[] elements, bool caseSensitive) : NamePattern
{
    internal enum ElementKind
    {
        /// <summary>One given character.</summary>
        Literal,

        /// <summary><c>?</c>: any one character.</summary>
        AnyOne,

        /// <summary><c>*</c>: any run of characters, also an empty one.</summary>
        AnyRun,

        /// <summary><c>[a-z]</c> or <c>[!a-z]</c>.</summary>
        Class,
    }

    internal readonly record struct RuneRange(Rune First, Rune Last);

    internal readonly record struct Element(ElementKind Kind, Rune Literal = default, RuneRange[]? Ranges = null, bool Negated = false);

    public override bool MatchesEverything { get; } = elements.Length > 0 && elements.All(e => e.Kind == ElementKind.AnyRun);

    public override bool Matches(string name)
    {
        var rented = ArrayPool<Rune>.Shared.Rent(name.Length);
        var count = 0;
        foreach (var rune in name.EnumerateRunes())
            rented[count++] = rune;
        var matches = Matches(rented.AsSpan(0, count));
        ArrayPool<Rune>.Shared.Return(rented);
        return matches;
    }

    private bool Matches(ReadOnlySpan<Rune> name)
    {
        int at = 0, element = 0, runElement = -1, runEnd = 0;
        while (at < name.Length)
        {
            if (element < elements.Length && elements[element].Kind == ElementKind.AnyRun)
            {
                runElement = element++;
                runEnd = at;
            }
            else if (element < elements.Length && MatchesOne(in elements[element], name[at]))
            {
                element++;
                at++;
            }
            else if (runElement >= 0)
            {
                // Only the last * ever needs to grow: what an earlier one could take, this one can take too.
                element = runElement + 1;
                at = ++runEnd;
            }
            else
            {
                return false;
            }
        }

        while (element < elements.Length && elements[element].Kind == ElementKind.AnyRun)
            element++;
        return element == elements.Length;
    }

    private bool MatchesOne(in Element element, Rune rune) => element.Kind switch
    {
        ElementKind.AnyOne => true,
        ElementKind.Literal => element.Literal == rune || (!caseSensitive && Rune.ToLowerInvariant(element.Literal) == Rune.ToLowerInvariant(rune)),
        _ => element.Negated != InRanges(element.Ranges!, rune),
    };

    private bool InRanges(RuneRange[] ranges, Rune rune)
    {
        foreach (var range in ranges)
        {
            if (Within(range, rune) || (!caseSensitive && (Within(range, Rune.ToLowerInvariant(rune)) || Within(range, Rune.ToUpperInvariant(rune)))))
                return true;
        }

        return false;
    }

    private static bool Within(RuneRange range, Rune rune) => range.First <= rune && rune <= range.Last;
}
