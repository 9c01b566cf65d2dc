using System.Numerics;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Schema.Lexing;

/// <summary>Turns <see cref="SqlMode"/> into the server's comma-separated names and back.</summary>
public static class SqlModes
{
    // Indexed by bit; the last three are flavour specific and filled in by NameOf.
    private static readonly string[] Names =
    [
        "REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE", "IGNORE_BAD_TABLE_OPTIONS", "ONLY_FULL_GROUP_BY",
        "NO_UNSIGNED_SUBTRACTION", "NO_DIR_IN_CREATE", "POSTGRESQL", "ORACLE", "MSSQL", "DB2", "MAXDB", "NO_KEY_OPTIONS",
        "NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS", "MYSQL323", "MYSQL40", "ANSI", "NO_AUTO_VALUE_ON_ZERO", "NO_BACKSLASH_ESCAPES",
        "STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ZERO_IN_DATE", "NO_ZERO_DATE", "ALLOW_INVALID_DATES",
        "ERROR_FOR_DIVISION_BY_ZERO", "TRADITIONAL", "NO_AUTO_CREATE_USER", "HIGH_NOT_PRECEDENCE", "NO_ENGINE_SUBSTITUTION",
        "PAD_CHAR_TO_FULL_LENGTH", "", "", "TIME_ROUND_FRACTIONAL",
    ];

    // The modes that a combination mode switches on besides itself.
    private const SqlMode AnsiParts = SqlMode.RealAsFloat | SqlMode.PipesAsConcat | SqlMode.AnsiQuotes | SqlMode.IgnoreSpace;

    private const SqlMode TraditionalParts = SqlMode.StrictTransTables | SqlMode.StrictAllTables | SqlMode.NoZeroInDate
        | SqlMode.NoZeroDate | SqlMode.ErrorForDivisionByZero | SqlMode.NoEngineSubstitution;

    /// <summary>The modes a MySQL 8.0 or later target knows. Assigning any other is an error there.</summary>
    public const SqlMode KnownToMySql8 = SqlMode.RealAsFloat | SqlMode.PipesAsConcat | SqlMode.AnsiQuotes | SqlMode.IgnoreSpace
        | SqlMode.OnlyFullGroupBy | SqlMode.NoUnsignedSubtraction | SqlMode.NoDirInCreate | SqlMode.Ansi | SqlMode.NoAutoValueOnZero
        | SqlMode.NoBackslashEscapes | SqlMode.StrictTransTables | SqlMode.StrictAllTables | SqlMode.NoZeroInDate | SqlMode.NoZeroDate
        | SqlMode.AllowInvalidDates | SqlMode.ErrorForDivisionByZero | SqlMode.Traditional | SqlMode.HighNotPrecedence
        | SqlMode.NoEngineSubstitution | SqlMode.PadCharToFullLength | SqlMode.TimeTruncateFractional;

    /// <summary>
    /// The names of the set bits, lowest first, joined by commas as in <c>@@sql_mode</c>; empty for no mode.
    /// Bits without a name in that flavour are left out.
    /// </summary>
    public static string ToNames(SqlMode mode, ServerFlavour flavour)
    {
        var names = new List<string>();
        for (var bits = (ulong)mode; bits != 0; bits &= bits - 1)
        {
            if (NameOf(BitOperations.TrailingZeroCount(bits), flavour) is { } name)
                names.Add(name);
        }

        return string.Join(',', names);
    }

    /// <summary>
    /// Reads <c>@@sql_mode</c>: comma-separated names in any letter case. ANSI and TRADITIONAL also set the modes they stand for.
    /// </summary>
    /// <exception cref="TiFerryException"><see cref="SchemaErrors.BadSqlMode"/>: a name is unknown in that flavour.</exception>
    public static SqlMode Parse(string names, ServerFlavour flavour)
    {
        ArgumentNullException.ThrowIfNull(names);
        var mode = SqlMode.None;
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            mode |= ParseOne(name, flavour);
        if (mode.HasFlag(SqlMode.Ansi))
            mode |= AnsiParts;
        if (mode.HasFlag(SqlMode.Traditional))
            mode |= TraditionalParts;
        return mode;
    }

    /// <summary>
    /// The same mode as far as a server of another flavour can be given it: bits that mean something else there, or that it
    /// does not know, are dropped. <paramref name="targetVersion"/> is the target's version as in <see cref="SqlDialect.Version"/>.
    /// </summary>
    public static SqlMode For(SqlMode mode, ServerFlavour source, ServerFlavour target, int targetVersion)
    {
        const SqlMode OfMySql = SqlMode.TimeTruncateFractional | SqlMode.InterpretUtf8AsUtf8mb4;
        const SqlMode OfMariaDb = SqlMode.EmptyStringIsNull | SqlMode.SimultaneousAssignment | SqlMode.TimeRoundFractional | SqlMode.IgnoreBadTableOptions;
        if (source == ServerFlavour.MariaDb)
            return target == ServerFlavour.MariaDb ? mode : ForMySql(mode & ~OfMariaDb, targetVersion);

        mode &= ~SqlMode.InterpretUtf8AsUtf8mb4;
        if (target != ServerFlavour.MariaDb)
            return ForMySql(mode, targetVersion);
        // MySQL rounds fractional seconds unless told not to; MariaDB cuts them unless told to round (from 10.4.1 on).
        var rounds = (mode & SqlMode.TimeTruncateFractional) == SqlMode.None && targetVersion >= 100401;
        return rounds ? (mode & ~OfMySql) | SqlMode.TimeRoundFractional : mode & ~OfMySql;
    }

    private static SqlMode ForMySql(SqlMode mode, int version)
        => version >= 80000 ? mode & KnownToMySql8 : mode & ~(SqlMode.TimeTruncateFractional | SqlMode.IgnoreBadTableOptions);

    private static SqlMode ParseOne(string name, ServerFlavour flavour)
    {
        for (var bit = 0; bit < Names.Length; bit++)
        {
            if (string.Equals(NameOf(bit, flavour), name, StringComparison.OrdinalIgnoreCase))
                return (SqlMode)(1UL << bit);
        }

        throw new TiFerryException(SchemaErrors.BadSqlMode, ErrorScope.NotSet, $"'{name}' is not an sql_mode of {flavour}");
    }

    private static string? NameOf(int bit, ServerFlavour flavour) => (bit, flavour == ServerFlavour.MariaDb) switch
    {
        (4 or 34, false) => null,
        (32, false) => "TIME_TRUNCATE_FRACTIONAL",
        (32, true) => "EMPTY_STRING_IS_NULL",
        (33, false) => "INTERPRET_UTF8_AS_UTF8MB4",
        (33, true) => "SIMULTANEOUS_ASSIGNMENT",
        _ => bit < Names.Length ? Names[bit] : null,
    };
}
