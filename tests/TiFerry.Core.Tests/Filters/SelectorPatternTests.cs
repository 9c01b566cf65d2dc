using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Filters;

namespace TiFerry.Core.Tests.Filters;

public sealed class SelectorPatternTests
{
    [Theory]
    [InlineData("doc*", "doc", true)]
    [InlineData("doc*", "document", true)]
    [InlineData("doc*", "dodo", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("t?", "t1", true)]
    [InlineData("t?", "t", false)]
    [InlineData("t?", "t12", false)]
    [InlineData("t?", "tü", true)]
    [InlineData("t[1-5]", "t3", true)]
    [InlineData("t[1-5]", "t6", false)]
    [InlineData("t[!1-5]", "t6", true)]
    [InlineData("t[!1-5]", "t3", false)]
    [InlineData("t[!]", "t!", true)]
    [InlineData("t[!]", "tx", false)]
    [InlineData("t[a-]", "t-", true)]
    [InlineData("t[", "t[", true)]
    [InlineData("t_1", "tx1", false)]
    [InlineData("T_1", "t_1", true)]
    [InlineData("~^t_\\d+$", "t_12", true)]
    [InlineData("~^t_\\d+$", "T_12", true)]
    [InlineData("~^t_\\d+$", "t_12\n", false)]
    [InlineData("~^t_\\d+$", "xt_12", false)]
    [InlineData("~orum", "forum", true)]
    public void Names(string pattern, string name, bool matches) => Assert.Equal(matches, SelectorPattern.Parse(pattern, caseSensitive: false).Matches(name));

    [Theory]
    [InlineData("T_?", "t_1", false)]
    [InlineData("T_?", "T_1", true)]
    [InlineData("t[A-Z]", "tb", false)]
    [InlineData("~^T", "t", false)]
    [InlineData("~(?i)^T", "t", true)]
    public void Letter_case_counts_on_demand(string pattern, string name, bool matches) =>
        Assert.Equal(matches, SelectorPattern.Parse(pattern, caseSensitive: true).Matches(name));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a*b", "at the end")]
    [InlineData("a[]", "no character")]
    [InlineData("a[z-a]", "wrong way round")]
    [InlineData("~(", "not valid")]
    [InlineData("~a(?=b)", "look-around")]
    [InlineData(@"~(a)\1", "not valid")]
    public void What_cannot_be_used_says_why(string pattern, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => SelectorPattern.Parse(pattern, caseSensitive: false)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(@"\x{41}b", "Ab", true)]
    [InlineData(@"^\pL+$", "Straße", true)]
    [InlineData(@"^\pL+$", "a1", false)]
    [InlineData(@"(?m)^b$", "a\nb\nc", true)]
    [InlineData(@"^b$", "a\nb\nc", false)]
    [InlineData(@"[$]", "$", true)]
    [InlineData(@"a(?P<n>b)(?<m>c)", "abc", true)]
    public void Regular_expressions_of_Go(string pattern, string text, bool matches) =>
        Assert.Equal(matches, GoRegex.Compile(pattern, caseSensitive: true).IsMatch(text));

    [Fact]
    public void Wildcards_match_as_their_definition_says()
    {
        var part = Gen.Elements("a", "b", "_", "?", "[ab]", "[!a]", "[a-c]", "[!]", "é");
        var patterns = from parts in part.ListOf() from star in Gen.Elements("", "*") select string.Concat(parts) + star;
        var names = Gen.Elements('a', 'b', 'c', '_', '!', 'é').ListOf().Select(c => string.Concat(c));
        var cases = from pattern in patterns.Where(p => p.Length > 0) from name in names select (pattern, name);

        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(cases), c => SelectorPattern.Parse(c.pattern, caseSensitive: true).Matches(c.name) == Defined(c.pattern, c.name)));
    }

    // One character of the pattern after the other.
    private static bool Defined(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty)
            return name.IsEmpty;
        if (pattern[0] == '*')
            return true;
        if (name.IsEmpty)
            return false;
        if (pattern[0] != '[')
            return (pattern[0] == '?' || pattern[0] == name[0]) && Defined(pattern[1..], name[1..]);
        var close = pattern.IndexOf(']');
        var fits = pattern[1..close] switch
        {
            "ab" => name[0] is 'a' or 'b',
            "!a" => name[0] != 'a',
            "a-c" => name[0] is >= 'a' and <= 'c',
            _ => name[0] == '!',
        };
        return fits && Defined(pattern[(close + 1)..], name[1..]);
    }
}
