using System.Text.RegularExpressions;

namespace TiFerry.Core.Filters;

/// <summary>One side of a filter rule: what a schema name or a table name must look like.</summary>
internal abstract class NamePattern
{
    /// <summary>Whether every name matches; false where that cannot be told.</summary>
    public virtual bool MatchesEverything => false;

    public abstract bool Matches(string name);
}

/// <summary>A name written out.</summary>
internal sealed class LiteralPattern(string literal, StringComparison comparison) : NamePattern
{
    public override bool Matches(string name) => string.Equals(name, literal, comparison);
}

/// <summary>A regular expression between slashes; it matches anywhere in the name, as in Go.</summary>
internal sealed class RegexPattern(Regex regex) : NamePattern
{
    public override bool MatchesEverything => regex.ToString() is ".*" or @"^.*\z";

    public override bool Matches(string name) => regex.IsMatch(name);
}
