namespace TiFerry.Schema.Lexing;

/// <summary>
/// The server's <c>sql_mode</c> as the bit set that a query event carries (Q_SQL_MODE_CODE); the values are those of the
/// servers' <c>sql_mode</c> system variable. Bits 4, 32 and 33 mean different things to MySQL and MariaDB.
/// </summary>
[Flags]
public enum SqlMode : ulong
{
    /// <summary>No mode is set.</summary>
    None = 0,

    /// <summary>REAL means FLOAT.</summary>
    RealAsFloat = 1UL << 0,

    /// <summary><c>||</c> joins strings.</summary>
    PipesAsConcat = 1UL << 1,

    /// <summary><c>"</c> quotes identifiers, not strings.</summary>
    AnsiQuotes = 1UL << 2,

    /// <summary>Spaces may stand between a function name and its parenthesis.</summary>
    IgnoreSpace = 1UL << 3,

    /// <summary>MariaDB only; unused in MySQL.</summary>
    IgnoreBadTableOptions = 1UL << 4,

    /// <summary>ONLY_FULL_GROUP_BY.</summary>
    OnlyFullGroupBy = 1UL << 5,

    /// <summary>Subtraction of unsigned numbers gives a signed one.</summary>
    NoUnsignedSubtraction = 1UL << 6,

    /// <summary>DATA DIRECTORY and INDEX DIRECTORY are ignored.</summary>
    NoDirInCreate = 1UL << 7,

    /// <summary>A combination mode, removed in MySQL 8.0.</summary>
    PostgreSql = 1UL << 8,

    /// <summary>A combination mode; in MariaDB it also changes the grammar of stored programs.</summary>
    Oracle = 1UL << 9,

    /// <summary>A combination mode, removed in MySQL 8.0.</summary>
    MsSql = 1UL << 10,

    /// <summary>A combination mode, removed in MySQL 8.0.</summary>
    Db2 = 1UL << 11,

    /// <summary>A combination mode, removed in MySQL 8.0.</summary>
    MaxDb = 1UL << 12,

    /// <summary>SHOW CREATE TABLE leaves MySQL's index options out.</summary>
    NoKeyOptions = 1UL << 13,

    /// <summary>SHOW CREATE TABLE leaves MySQL's table options out.</summary>
    NoTableOptions = 1UL << 14,

    /// <summary>SHOW CREATE TABLE leaves MySQL's column options out.</summary>
    NoFieldOptions = 1UL << 15,

    /// <summary>A combination mode, removed in MySQL 8.0.</summary>
    MySql323 = 1UL << 16,

    /// <summary>A combination mode, removed in MySQL 8.0.</summary>
    MySql40 = 1UL << 17,

    /// <summary>A combination mode: the server also sets the modes it stands for.</summary>
    Ansi = 1UL << 18,

    /// <summary>Only NULL, not 0, asks for the next AUTO_INCREMENT value.</summary>
    NoAutoValueOnZero = 1UL << 19,

    /// <summary>A backslash in a string is a plain character.</summary>
    NoBackslashEscapes = 1UL << 20,

    /// <summary>Invalid values are errors for transactional tables.</summary>
    StrictTransTables = 1UL << 21,

    /// <summary>Invalid values are errors for all tables.</summary>
    StrictAllTables = 1UL << 22,

    /// <summary>Dates with a zero month or day are invalid.</summary>
    NoZeroInDate = 1UL << 23,

    /// <summary>The date <c>0000-00-00</c> is invalid.</summary>
    NoZeroDate = 1UL << 24,

    /// <summary>Days are only checked to be 1 to 31 (ALLOW_INVALID_DATES).</summary>
    AllowInvalidDates = 1UL << 25,

    /// <summary>ERROR_FOR_DIVISION_BY_ZERO.</summary>
    ErrorForDivisionByZero = 1UL << 26,

    /// <summary>A combination mode: the server also sets the modes it stands for.</summary>
    Traditional = 1UL << 27,

    /// <summary>GRANT does not create accounts; removed in MySQL 8.0.</summary>
    NoAutoCreateUser = 1UL << 28,

    /// <summary>NOT binds tighter than comparison.</summary>
    HighNotPrecedence = 1UL << 29,

    /// <summary>An unavailable storage engine is an error.</summary>
    NoEngineSubstitution = 1UL << 30,

    /// <summary>CHAR values are read with their trailing spaces.</summary>
    PadCharToFullLength = 1UL << 31,

#pragma warning disable CA1069 // The servers gave these bits two meanings.
    /// <summary>MySQL 8.0: fractional seconds are cut, not rounded. The same bit as <see cref="EmptyStringIsNull"/>.</summary>
    TimeTruncateFractional = 1UL << 32,

    /// <summary>MariaDB: the empty string is NULL. The same bit as <see cref="TimeTruncateFractional"/>.</summary>
    EmptyStringIsNull = 1UL << 32,

    /// <summary>MySQL 8.0, internal: utf8 in a statement means utf8mb4. The same bit as <see cref="SimultaneousAssignment"/>.</summary>
    InterpretUtf8AsUtf8mb4 = 1UL << 33,

    /// <summary>MariaDB: UPDATE evaluates its assignments at once. The same bit as <see cref="InterpretUtf8AsUtf8mb4"/>.</summary>
    SimultaneousAssignment = 1UL << 33,
#pragma warning restore CA1069

    /// <summary>MariaDB: fractional seconds are rounded.</summary>
    TimeRoundFractional = 1UL << 34,
}
