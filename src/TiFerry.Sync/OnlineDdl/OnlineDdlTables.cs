using System.Text.RegularExpressions;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>
/// Knows the tables of gh-ost and pt-online-schema-change, or of tools that work like them, by their names: <c>shadow-table-rules</c> and
/// <c>trash-table-rules</c> of DM's task file (https://docs.pingcap.com/tidb/stable/feature-online-ddl). Thread safe.
/// </summary>
public sealed class OnlineDdlTables
{
    /// <summary>What <c>shadow-table-rules</c> is where it isn't given.</summary>
    public const string DefaultShadowRule = "^_(.+)_(?:new|gho)$";

    /// <summary>What <c>trash-table-rules</c> is where it isn't given.</summary>
    public const string DefaultTrashRule = "^_(.+)_(?:ghc|del|old)$";

    private readonly Regex[] _shadow;
    private readonly Regex[] _trash;

    /// <summary>Compiles the rules.</summary>
    /// <param name="shadowRules">Regular expressions in Go's syntax for whole names, whose one group is the real table's name; empty for the default.</param>
    /// <param name="trashRules">The same for tables that are left out.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOnlineDdlRule"/>: an expression is not valid or has not exactly one group.</exception>
    public OnlineDdlTables(IReadOnlyCollection<string> shadowRules, IReadOnlyCollection<string> trashRules)
    {
        ArgumentNullException.ThrowIfNull(shadowRules);
        ArgumentNullException.ThrowIfNull(trashRules);
        _shadow = [.. (shadowRules.Count == 0 ? [DefaultShadowRule] : shadowRules).Select(r => Compile(r, "shadow-table-rules"))];
        _trash = [.. (trashRules.Count == 0 ? [DefaultTrashRule] : trashRules).Select(r => Compile(r, "trash-table-rules"))];
    }

    /// <summary>What a table is. A name that fits both kinds of rules is a shadow table.</summary>
    public OnlineTableKind KindOf(string table)
    {
        if (Array.Exists(_shadow, r => r.IsMatch(table)))
            return OnlineTableKind.Shadow;
        return Array.Exists(_trash, r => r.IsMatch(table)) ? OnlineTableKind.Trash : OnlineTableKind.Real;
    }

    /// <summary>The name of the real table that a shadow or trash table belongs to; a real table's own name.</summary>
    public string RealName(string table)
    {
        foreach (var rule in (ReadOnlySpan<Regex>)[.. _shadow, .. _trash])
        {
            if (rule.Match(table) is { Success: true } match)
                return match.Groups[1].Value;
        }

        return table;
    }

    private static Regex Compile(string rule, string key)
    {
        var whole = (rule.StartsWith('^') ? "" : "^") + rule + (rule.EndsWith('$') ? "" : "$");
        try
        {
            var regex = GoRegex.Compile(whole, caseSensitive: true);
            if (regex.GetGroupNumbers().Length != 2)
                throw Bad("it needs exactly one group, which is the real table's name");
            return regex;
        }
        catch (ArgumentException e)
        {
            throw Bad(e.Message);
        }

        TiFerryException Bad(string reason) =>
            new(ConfigErrors.BadOnlineDdlRule, ErrorScope.Internal, $"the regular expression '{rule}' of {key} can't be used: {reason}",
                "write it in Go's syntax, for whole names, as in '^_(.+)_(?:pcnew)$'");
    }
}
