using System.Collections.Frozen;
using System.Globalization;
using TiFerry.MySql;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Charsets;

/// <summary>
/// The collations of MySQL 5.6 to 9 and MariaDB 10 to 11 with their numbers (information_schema.COLLATIONS of the servers).
/// The two flavours agree up to 250, except for the Croatian ones, and part ways above.
/// </summary>
public static class Collations
{
    private const int FirstUca1400 = 2048;
    private const int Uca1400PerCharset = 256;

    private static readonly string[] Uca1400Charsets = ["utf8mb3", "utf8mb4", "ucs2", "utf16", "utf32"];

    // The place of a language is its number; 21 and 22 are not taken.
    private static readonly string?[] Uca1400Languages =
    [
        "", "icelandic_", "latvian_", "romanian_", "slovenian_", "polish_", "estonian_", "spanish_", "swedish_", "turkish_", "czech_", "danish_",
        "lithuanian_", "slovak_", "spanish2_", "roman_", "persian_", "esperanto_", "hungarian_", "sinhala_", "german2_", null, null, "vietnamese_", "croatian_",
    ];

    private static readonly string[] Uca1400Suffixes = ["ai_ci", "ai_cs", "as_ci", "as_cs", "nopad_ai_ci", "nopad_ai_cs", "nopad_as_ci", "nopad_as_cs"];

    private static readonly FrozenDictionary<int, Collation> OfMySql;
    private static readonly FrozenDictionary<int, Collation> OfMariaDb;
    private static readonly FrozenDictionary<string, Collation> MySqlByName;
    private static readonly FrozenDictionary<string, Collation> MariaDbByName;
    private static readonly FrozenDictionary<string, string> Defaults;

    static Collations()
    {
        var mySql = new List<Collation>();
        var mariaDb = new List<Collation>();
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fields in ReadTable())
        {
            var collation = new Collation(int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2]);
            if (fields[3] is "both" or "mysql")
                mySql.Add(collation);
            if (fields[3] is "both" or "mariadb")
                mariaDb.Add(collation);
            if (fields.Length > 4)
                defaults.Add(collation.Charset, collation.Name);
        }

        mariaDb.AddRange(CreateUca1400());
        OfMySql = mySql.ToFrozenDictionary(c => c.Id);
        OfMariaDb = mariaDb.ToFrozenDictionary(c => c.Id);
        MySqlByName = mySql.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        MariaDbByName = mariaDb.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        Defaults = defaults.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The collation with that number on a server of that flavour; null for an unknown one.</summary>
    public static Collation? ById(int id, ServerFlavour flavour) => (flavour == ServerFlavour.MariaDb ? OfMariaDb : OfMySql).GetValueOrDefault(id);

    /// <summary>The collation of that name in any letter case, also in the older spelling <c>utf8_...</c>; null for an unknown one.</summary>
    public static Collation? ByName(string name, ServerFlavour flavour)
        => (flavour == ServerFlavour.MariaDb ? MariaDbByName : MySqlByName).GetValueOrDefault(CanonicalName(name));

    /// <summary>All collations of a flavour.</summary>
    public static IEnumerable<Collation> All(ServerFlavour flavour) => (flavour == ServerFlavour.MariaDb ? OfMariaDb : OfMySql).Values;

    /// <summary>Whether <paramref name="name"/> is a character set of any server, in any letter case; <c>utf8</c> counts.</summary>
    public static bool IsCharset(string name) => Defaults.ContainsKey(CanonicalCharset(name));

    /// <summary>
    /// The collation that a character set written without one has on that server, unless its settings say otherwise
    /// (MySQL 8.0: <c>default_collation_for_utf8mb4</c>; MariaDB 11: <c>character_set_collations</c>); null for an unknown set.
    /// </summary>
    public static string? DefaultOf(string charset, SqlDialect dialect)
    {
        charset = CanonicalCharset(charset);
        return (dialect.Flavour, charset) switch
        {
            (ServerFlavour.MySql, "utf8mb4") when dialect.Version >= 80001 => "utf8mb4_0900_ai_ci",
            (ServerFlavour.TiDb, "utf8mb4" or "utf8mb3" or "latin1" or "ascii") => $"{charset}_bin",
            (ServerFlavour.MariaDb, _) when dialect.Version >= 110500 && Uca1400Charsets.Contains(charset) => $"{charset}_uca1400_ai_ci",
            _ => Defaults.GetValueOrDefault(charset),
        };
    }

    /// <summary>The newer spelling in lower case: <c>utf8_bin</c> is <c>utf8mb3_bin</c>.</summary>
    internal static string CanonicalName(string collation)
    {
        collation = collation.ToLowerInvariant();
        return collation.StartsWith("utf8_", StringComparison.Ordinal) ? string.Concat("utf8mb3_", collation.AsSpan(5)) : collation;
    }

    /// <summary>The newer spelling in lower case: <c>utf8</c> is <c>utf8mb3</c>.</summary>
    internal static string CanonicalCharset(string charset)
    {
        charset = charset.ToLowerInvariant();
        return charset == "utf8" ? "utf8mb3" : charset;
    }

    private static IEnumerable<string[]> ReadTable()
    {
        using var stream = typeof(Collations).Assembly.GetManifestResourceStream("collations.tsv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                yield return line.Split('\t');
        }
    }

    private static IEnumerable<Collation> CreateUca1400()
    {
        for (var charset = 0; charset < Uca1400Charsets.Length; charset++)
        {
            for (var language = 0; language < Uca1400Languages.Length; language++)
            {
                if (Uca1400Languages[language] is not { } infix)
                    continue;
                for (var suffix = 0; suffix < Uca1400Suffixes.Length; suffix++)
                {
                    var id = FirstUca1400 + (charset * Uca1400PerCharset) + (language * Uca1400Suffixes.Length) + suffix;
                    yield return new Collation(id, $"{Uca1400Charsets[charset]}_uca1400_{infix}{Uca1400Suffixes[suffix]}", Uca1400Charsets[charset]);
                }
            }
        }
    }
}
