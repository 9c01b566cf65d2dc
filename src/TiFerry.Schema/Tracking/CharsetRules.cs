using System.Diagnostics.CodeAnalysis;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tracking;

/// <summary>A character set with a collation, spelled as the source server spells them.</summary>
/// <param name="Name">The character set.</param>
/// <param name="Collation">The collation.</param>
internal readonly record struct CharsetChoice(string Name, string Collation)
{
    public bool IsBinary => Name == "binary";
}

/// <summary>
/// How a server completes a character set without a collation and the other way round (MySQL manual, "Table Character Set and Collation";
/// MariaDB knowledge base, "Setting Character Sets and Collations").
/// </summary>
/// <param name="Dialect">The server.</param>
/// <param name="Context">The session.</param>
internal readonly record struct CharsetRules(SqlDialect Dialect, StatementContext Context)
{
    /// <summary>The server's choice for what was written; <paramref name="inherited"/> where nothing was.</summary>
    public CharsetChoice Resolve(string? charset, string? collation, CharsetChoice inherited)
    {
        if (IsDefault(charset))
            charset = null;
        if (IsDefault(collation))
            collation = null;
        if (collation is not null)
            return ByCollation(ExpandContextual(collation, charset ?? inherited.Name));
        return charset is null ? inherited : ByCharset(charset);
    }

    /// <summary>The character set with its default collation.</summary>
    public CharsetChoice ByCharset(string charset) => ByCollation(DefaultCollation(charset));

    /// <summary>Whether a collation names its character set, which DEFAULT and MariaDB's <c>uca1400_...</c> don't.</summary>
    public static bool IsComplete([NotNullWhen(true)] string? collation) =>
        collation is not null && !IsDefault(collation) && !collation.StartsWith("uca1400_", StringComparison.OrdinalIgnoreCase);

    /// <summary>CHARACTER SET DEFAULT: what the database has; MariaDB 10.9 takes only the character set from it.</summary>
    public CharsetChoice Default(CharsetChoice database) =>
        Dialect is { Flavour: ServerFlavour.MariaDb, Version: >= 100900 } ? ByCharset(database.Name) : database;

    /// <summary>The character set that a collation belongs to.</summary>
    public CharsetChoice ByCollation(string collation)
    {
        if (Collations.ByName(collation, Dialect.Flavour) is not { } known)
            throw new TiFerryException(SchemaErrors.UnsupportedCollation, ErrorScope.Upstream, $"the collation {collation} is not known");
        return new CharsetChoice(SpellCharset(known.Charset), SpellCollation(known.Name));
    }

    /// <summary>The <c>_bin</c> collation of a character set, which the BINARY attribute asks for.</summary>
    public CharsetChoice Binary(string charset) => charset == "binary" ? new("binary", "binary") : ByCollation($"{Collations.CanonicalCharset(charset)}_bin");

    /// <summary>The most bytes of one character.</summary>
    public static int MaxBytes(string charset) => charset switch
    {
        "utf8mb4" or "utf16" or "utf16le" or "utf32" or "gb18030" => 4,
        "utf8" or "utf8mb3" or "ujis" or "eucjpms" => 3,
        "ucs2" or "big5" or "gbk" or "gb2312" or "sjis" or "cp932" or "euckr" => 2,
        _ => 1,
    };

    /// <summary>Whether DEFAULT was written.</summary>
    public static bool IsDefault(string? name) => string.Equals(name, "default", StringComparison.OrdinalIgnoreCase);

    private string DefaultCollation(string charset)
    {
        var name = Collations.CanonicalCharset(charset);
        if (name == "utf8mb4" && Context.DefaultCollationForUtf8mb4 is { } chosen && Dialect.Flavour == ServerFlavour.MySql)
            return chosen;
        if (Context.CharsetCollations is { } map && Dialect.Flavour == ServerFlavour.MariaDb)
        {
            foreach (var (key, value) in map)
            {
                if (Collations.CanonicalCharset(key) == name)
                    return ExpandContextual(value, name);
            }
        }

        return Collations.DefaultOf(name, Dialect)
            ?? throw new TiFerryException(SchemaErrors.UnsupportedCharset, ErrorScope.Upstream, $"the character set {charset} is not known");
    }

    // MariaDB 10.10 takes "uca1400_ai_ci" for the collation of that name of whatever character set it is used with.
    private string ExpandContextual(string collation, string charset) =>
        Dialect.Flavour == ServerFlavour.MariaDb && collation.StartsWith("uca1400_", StringComparison.OrdinalIgnoreCase)
            ? $"{Collations.CanonicalCharset(charset)}_{collation}"
            : collation;

    // MySQL renamed the character set in 8.0.24 and its collations in 8.0.30, MariaDB both in 10.6.1.
    private string SpellCharset(string charset) => charset == "utf8mb3" && Dialect.Version < (Dialect.Flavour == ServerFlavour.MariaDb ? 100601 : 80024) ? "utf8" : charset;

    private string SpellCollation(string collation) =>
        collation.StartsWith("utf8mb3_", StringComparison.Ordinal) && Dialect.Version < (Dialect.Flavour == ServerFlavour.MariaDb ? 100601 : 80030)
            ? string.Concat("utf8_", collation.AsSpan("utf8mb3_".Length))
            : collation;
}
