using System.Collections.Frozen;
using TiFerry.MySql;

namespace TiFerry.Schema.Charsets;

/// <summary>
/// Finds for each collation and character set of the source the one to use on a target that may lack it. Among those that are
/// not the same it prefers the nearest that tells at least as many values apart, so that a unique key still holds; what remains
/// different is said in <see cref="CollationChoice.Difference"/>. Immutable and safe to share.
/// </summary>
public sealed class CollationMapping
{
    private static readonly CollationFamily[] NewestFirst = [CollationFamily.Uca1400, CollationFamily.Uca900, CollationFamily.Uca520, CollationFamily.Uca400];
    private static readonly CollationFamily[] OldestFirst = [CollationFamily.Uca400, CollationFamily.Uca520, CollationFamily.Uca900, CollationFamily.Uca1400];

    private readonly ServerFlavour _source;
    private readonly ServerFlavour _target;
    private readonly FrozenSet<string> _names;
    private readonly FrozenSet<string> _charsets;

    /// <summary>Prepares the mapping.</summary>
    /// <param name="source">Whose collations are mapped.</param>
    /// <param name="target">Whose names are wanted.</param>
    /// <param name="targetCollations">
    /// The names that the target has: information_schema.COLLATIONS, or for MariaDB 10.10 and later
    /// COLLATION_CHARACTER_SET_APPLICABILITY.FULL_COLLATION_NAME (names without a character set are understood too).
    /// </param>
    public CollationMapping(ServerFlavour source, ServerFlavour target, IEnumerable<string> targetCollations)
    {
        _source = source;
        _target = target;
        _names = targetCollations.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _charsets = _names.Select(n => n.Split('_')[0].ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// The character set to use for <paramref name="charset"/>: itself under the target's name (utf8 and utf8mb3 are one), else utf8mb4,
    /// which can hold every other. A word that is no character set stays as it is.
    /// </summary>
    public CollationChoice Charset(string charset)
    {
        ArgumentNullException.ThrowIfNull(charset);
        charset = charset.ToLowerInvariant();
        if (_charsets.Contains(charset) || !Collations.IsCharset(charset))
            return new CollationChoice(charset, null);
        var otherSpelling = charset == "utf8mb3" ? "utf8" : charset == "utf8" ? "utf8mb3" : charset;
        if (_charsets.Contains(otherSpelling))
            return new CollationChoice(otherSpelling, null);
        return _charsets.Contains("utf8mb4")
            ? new CollationChoice("utf8mb4", $"stored as utf8mb4, the target has no {charset}")
            : new CollationChoice(charset, $"the target has no {charset}");
    }

    /// <summary>
    /// The collation to use for <paramref name="collation"/>; it belongs to the set that <see cref="Charset"/> gives for its character set.
    /// A word that is no collation of the source stays as it is.
    /// </summary>
    public CollationChoice Collation(string collation)
    {
        ArgumentNullException.ThrowIfNull(collation);
        if (Collations.ByName(collation, _source) is not { } source)
            return new CollationChoice(collation, null);
        if (ExactTwin(source.Name) is { } twin)
            return new CollationChoice(twin, null);

        var traits = CollationTraits.Of(source);
        if (!IsOtherCroatian(source.Name) && Spell(source.Name) is { } same)
            return new CollationChoice(_names.Contains(collation) ? collation : same, IsAlias(traits) ? "MariaDB orders it by Unicode 14.0.0, not 9.0.0" : null);

        var charset = Charset(source.Charset);
        var moves = charset.Name == "utf8mb4" && source.Charset != "utf8mb4";
        var wanted = moves ? traits with { Charset = "utf8mb4", Family = UnicodeFamily(traits.Family) } : traits;
        foreach (var candidate in Candidates(wanted, source.Name))
        {
            if (Spell(candidate) is { } name)
                return new CollationChoice(name, Describe(traits, name, charset.Difference));
        }

        return new CollationChoice(collation, $"the target has no {collation} and none that is near");
    }

    /// <summary>Other names for the same rules on the other flavour.</summary>
    private string? ExactTwin(string name)
    {
        if (name is "utf8mb4_0900_bin" or "utf8mb4_nopad_bin" && Spell(name) is null)
            return Spell(name == "utf8mb4_0900_bin" ? "utf8mb4_nopad_bin" : "utf8mb4_0900_bin");
        if (_source == ServerFlavour.MariaDb && _target != ServerFlavour.MariaDb && name.EndsWith("_croatian_mysql561_ci", StringComparison.Ordinal))
            return Spell(name.Replace("_mysql561", "", StringComparison.Ordinal));
        return _source != ServerFlavour.MariaDb && _target == ServerFlavour.MariaDb && IsUnicodeCroatian(name)
            ? Spell(name.Replace("_ci", "_mysql561_ci", StringComparison.Ordinal))
            : null;
    }

    // The flavours use this name for different rules.
    private bool IsOtherCroatian(string name) => (_source == ServerFlavour.MariaDb) != (_target == ServerFlavour.MariaDb) && IsUnicodeCroatian(name);

    private static bool IsUnicodeCroatian(string name) => name is "utf8mb3_croatian_ci" or "utf8mb4_croatian_ci" or "ucs2_croatian_ci" or "utf16_croatian_ci" or "utf32_croatian_ci";

    // MariaDB 11.4 knows MySQL's names as other names of its own collations.
    private bool IsAlias(CollationTraits traits) => traits.Family == CollationFamily.Uca900 && _source != ServerFlavour.MariaDb && _target == ServerFlavour.MariaDb;

    private static CollationFamily UnicodeFamily(CollationFamily family) => family == CollationFamily.Simple ? CollationFamily.Uca400 : family;

    private static IEnumerable<string> Candidates(CollationTraits wanted, string name)
    {
        switch (wanted.Family)
        {
            case CollationFamily.Binary:
                break;
            case CollationFamily.Simple:
                yield return name.Replace("_nopad", "", StringComparison.Ordinal);
                if (!wanted.CaseSensitive)
                    yield return wanted.NameIn(CollationFamily.Simple, "", padsSpace: true);
                break;
            default:
                foreach (var candidate in UnicodeCandidates(wanted))
                    yield return candidate;
                break;
        }

        yield return $"{wanted.Charset}_{(wanted.PadsSpace ? "" : "nopad_")}bin";
        if (!wanted.PadsSpace)
            yield return $"{wanted.Charset}_0900_bin";
        yield return $"{wanted.Charset}_bin";
        yield return $"{wanted.Charset}_nopad_bin";
    }

    private static IEnumerable<string> UnicodeCandidates(CollationTraits wanted)
    {
        // A language's rules tell letters apart that are one without them, so keeping the language comes first.
        var languages = wanted.Language.Length == 0 ? new[] { "" } : [wanted.Language, ""];
        var nearestFirst = wanted.Family is CollationFamily.Uca1400 or CollationFamily.Uca900 ? NewestFirst : OldestFirst;
        var families = nearestFirst.OrderBy(f => f != wanted.Family).ToArray();
        foreach (var language in languages)
        {
            foreach (var family in families)
            {
                // The older families know neither accents nor case.
                if (family is CollationFamily.Uca400 or CollationFamily.Uca520 && (wanted.AccentSensitive || wanted.CaseSensitive))
                    continue;
                yield return wanted.NameIn(family, language, wanted.PadsSpace);
                yield return wanted.NameIn(family, language, !wanted.PadsSpace);
                if (!wanted.AccentSensitive && !wanted.CaseSensitive)
                    continue;
                var finer = wanted with { AccentSensitive = true, CaseSensitive = true };
                yield return finer.NameIn(family, language, wanted.PadsSpace);
                yield return finer.NameIn(family, language, !wanted.PadsSpace);
            }
        }

        if (!wanted.AccentSensitive && !wanted.CaseSensitive)
            yield return wanted.NameIn(CollationFamily.Simple, "", padsSpace: true);
    }

    private string Describe(CollationTraits source, string chosen, string? charsetDifference)
    {
        var target = CollationTraits.Of(Collations.ByName(chosen, _target) ?? new Collation(0, chosen, chosen.Split('_')[0]));
        var differences = new List<string>();
        if (charsetDifference is not null)
            differences.Add(charsetDifference);
        if (target.Family == CollationFamily.Binary && source.Family != CollationFamily.Binary)
            differences.Add("values are ordered and compared by code point, letter case and accents count");
        else if (target.Family != source.Family)
            differences.Add($"{Edition(target.Family)} instead of {Edition(source.Family)}");
        else if (IsOtherCroatian(chosen))
            differences.Add("other Croatian rules");
        if (target.Family != CollationFamily.Binary)
        {
            if (target.Language != source.Language)
                differences.Add($"no {source.Language} rules");
            if (target.AccentSensitive && !source.AccentSensitive)
                differences.Add("accents count");
            if (target.CaseSensitive && !source.CaseSensitive)
                differences.Add("letter case counts");
        }

        if (target.PadsSpace != source.PadsSpace)
            differences.Add(target.PadsSpace ? "trailing spaces do not count" : "trailing spaces count");
        return differences.Count == 0 ? "other rules" : string.Join(", ", differences);
    }

    private static string Edition(CollationFamily family) => family switch
    {
        CollationFamily.Uca400 => "Unicode 4.0.0",
        CollationFamily.Uca520 => "Unicode 5.2.0",
        CollationFamily.Uca900 => "Unicode 9.0.0",
        CollationFamily.Uca1400 => "Unicode 14.0.0",
        CollationFamily.Binary => "order by code point",
        _ => "simple rules",
    };

    /// <summary>The target's own spelling of a name; null if it has no such collation.</summary>
    private string? Spell(string name)
    {
        if (_names.Contains(name))
            return name;
        if (name.StartsWith("utf8mb3_", StringComparison.Ordinal) && string.Concat("utf8_", name.AsSpan(8)) is var older && _names.Contains(older))
            return older;
        var start = name.IndexOf("_uca1400_", StringComparison.Ordinal);
        return start > 0 && _names.Contains(name[(start + 1)..]) ? name : null;
    }
}
