namespace TiFerry.Schema.Charsets;

/// <summary>Which edition of Unicode's collation algorithm a collation follows, or that it follows none.</summary>
internal enum CollationFamily
{
    /// <summary>By code point.</summary>
    Binary,

    /// <summary>The server's own simple tables (<c>general</c>, and all of the older character sets).</summary>
    Simple,

    /// <summary><c>unicode</c> and the older language collations: UCA 4.0.0.</summary>
    Uca400,

    /// <summary>UCA 5.2.0.</summary>
    Uca520,

    /// <summary>MySQL 8.0: UCA 9.0.0.</summary>
    Uca900,

    /// <summary>MariaDB 10.10: UCA 14.0.0.</summary>
    Uca1400,
}

/// <summary>What the name of a collation says about it.</summary>
/// <param name="Charset">Its character set.</param>
/// <param name="Family">Its table of weights.</param>
/// <param name="Language">The language in MariaDB's and old MySQL's spelling, <c>swedish</c>; empty for none.</param>
/// <param name="PadsSpace">Whether trailing spaces do not count.</param>
/// <param name="AccentSensitive">Whether accents count.</param>
/// <param name="CaseSensitive">Whether letter case counts.</param>
internal readonly record struct CollationTraits(string Charset, CollationFamily Family, string Language, bool PadsSpace, bool AccentSensitive, bool CaseSensitive)
{
    /// <summary>Languages that MySQL 8.0 writes as a code: code, older name.</summary>
    private static readonly (string Code, string Name)[] Languages =
    [
        ("de_pb", "german2"), ("is", "icelandic"), ("lv", "latvian"), ("ro", "romanian"), ("sl", "slovenian"), ("pl", "polish"), ("et", "estonian"),
        ("es", "spanish"), ("sv", "swedish"), ("tr", "turkish"), ("cs", "czech"), ("da", "danish"), ("lt", "lithuanian"), ("sk", "slovak"),
        ("es_trad", "spanish2"), ("la", "roman"), ("eo", "esperanto"), ("hu", "hungarian"), ("hr", "croatian"), ("vi", "vietnamese"),
    ];

    public static CollationTraits Of(Collation collation)
    {
        var charset = collation.Charset;
        var rest = collation.Name.Length > charset.Length ? collation.Name[(charset.Length + 1)..] : "bin";
        if (rest is "bin" or "nopad_bin" or "0900_bin")
            return new CollationTraits(charset, CollationFamily.Binary, "", PadsSpace: rest == "bin" && charset != "binary", AccentSensitive: true, CaseSensitive: true);

        if (rest.IndexOf("0900_", StringComparison.Ordinal) is >= 0 and var at)
        {
            var sensitivity = rest.AsSpan(at + "0900_".Length);
            return new CollationTraits(
                charset,
                CollationFamily.Uca900,
                OlderName(rest[..at].TrimEnd('_')),
                PadsSpace: false,
                sensitivity.StartsWith("as", StringComparison.Ordinal),
                sensitivity.Contains("_cs", StringComparison.Ordinal));
        }

        var words = rest.Split('_').ToList();
        var caseSensitive = words.Remove("cs");
        words.Remove("ci");
        var padsSpace = !words.Remove("nopad");
        var accentSensitive = words.Remove("as");
        words.Remove("ai");
        if (words.Remove("uca1400"))
            return new CollationTraits(charset, CollationFamily.Uca1400, string.Join('_', words), padsSpace, accentSensitive, caseSensitive);
        if (!IsUnicode(charset) || words[0] is "general" or "tolower" or "chinese")
            return new CollationTraits(charset, CollationFamily.Simple, "", padsSpace, AccentSensitive: caseSensitive, caseSensitive);
        var family = words.Remove("520") ? CollationFamily.Uca520 : CollationFamily.Uca400;
        return new CollationTraits(charset, family, words[0] == "unicode" ? "" : words[0], padsSpace, AccentSensitive: false, CaseSensitive: false);
    }

    /// <summary>How a flavour that has such a collation would name it; it may not exist there.</summary>
    public string NameIn(CollationFamily family, string language, bool padsSpace)
    {
        var infix = language.Length == 0 ? "" : $"{language}_";
        var nopad = padsSpace ? "" : "nopad_";
        var sensitivity = $"{(AccentSensitive ? "as" : "ai")}_{(CaseSensitive ? "cs" : "ci")}";
        return family switch
        {
            CollationFamily.Uca1400 => $"{Charset}_uca1400_{infix}{nopad}{sensitivity}",
            CollationFamily.Uca900 => $"{Charset}_{(language.Length == 0 ? "" : $"{Code(language)}_")}0900_{sensitivity}",
            CollationFamily.Uca520 => $"{Charset}_{(language.Length == 0 ? "unicode" : language)}_520_{nopad}ci",
            CollationFamily.Uca400 => $"{Charset}_{(language.Length == 0 ? "unicode" : language)}_{nopad}ci",
            _ => $"{Charset}_general_{nopad}ci",
        };
    }

    private static bool IsUnicode(string charset) => charset is "utf8mb3" or "utf8mb4" or "ucs2" or "utf16" or "utf16le" or "utf32" or "gb18030";

    private static string Code(string name)
    {
        foreach (var language in Languages)
        {
            if (language.Name == name)
                return language.Code;
        }

        return name;
    }

    private static string OlderName(string code)
    {
        foreach (var language in Languages)
        {
            if (language.Code == code)
                return language.Name;
        }

        return code;
    }
}
