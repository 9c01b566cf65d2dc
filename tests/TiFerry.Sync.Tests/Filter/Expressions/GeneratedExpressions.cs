namespace TiFerry.Sync.Tests.Filter.Expressions;

/// <summary>Conditions over the <see cref="EdgeTable"/> put together at random; a seed gives the same ones each time.</summary>
internal sealed class GeneratedExpressions(Random random)
{
    private static readonly string[] Signs = ["=", "<=>", "<>", "<", "<=", ">", ">="];
    private static readonly string[] IntegerColumns = ["ti", "i", "bi", "iu", "bu", "b8", "b1", "y"];
    private static readonly string[] TextColumns = ["c", "vu", "vb", "vn", "l1", "u3", "a7", "tx", "e", "s", "bn", "vbn", "bl"];
    private static readonly string[] DateColumns = ["dt", "dtm", "dt6", "ts", "ts3"];
    private static readonly string[] DateTexts =
        ["'2024-02-29'", "'2000-01-01 12:00:00'", "'1970-01-01 00:00:01'", "'2024-02-29 12:34:56.5'", "'0000-00-00'", "'9999-12-31'", "'2024-2-9'", "'20240229'", "DATE'2023-12-31'", "TIMESTAMP'2024-02-29 12:34:56'", "TIMESTAMP'2000-01-01 00:00:00.25'"];
    private static readonly string[] Literals =
        ["'abc'", "'A'", "''", "'\u00e9t\u00e9'", "'abc '", "'5'", "' 5'", "'5x'", "'1e2'", "'-0.5'", "'\u00df'", "'ss'", "'x,y'", "'b'", "'zz'", "'a_b'", "' '", "'0'", "'2024-02-29'", "0x6162", "_utf8mb4'abc'", "'la'", "'\u0438'"];

    public static IReadOnlyList<string> Create(int seed, int count)
    {
        var generator = new GeneratedExpressions(new Random(seed));
        return [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
    }

    private string Next() => random.Next(8) switch
    {
        0 => $"CONCAT({Number(2)})",
        1 => $"HEX(CONCAT({Text(2)}))",
        2 => $"CONCAT({Date(1)})",
        3 => $"HEX(CONCAT({Any(1)}))",
        _ => Condition(random.Next(4)),
    };

    private string Condition(int depth) => depth > 0 && random.Next(3) > 0
        ? random.Next(9) switch
        {
            0 or 1 => $"({Condition(depth - 1)}) {Of("AND", "OR", "XOR", "&&")} ({Condition(depth - 1)})",
            2 => $"NOT ({Condition(depth - 1)})",
            3 => $"({Condition(depth - 1)}) IS {Of("TRUE", "FALSE", "UNKNOWN", "NOT TRUE", "NOT FALSE", "NULL", "NOT NULL")}",
            4 => $"IF({Condition(depth - 1)}, {Of("1", "0", "NULL")}, {Condition(depth - 1)})",
            5 => $"IFNULL({Condition(depth - 1)}, {Of("0", "1")})",
            6 => $"({Condition(depth - 1)}) {Of("=", "<>", "<=>")} {Of("0", "1", $"({Condition(0)})")}",
            7 => $"CASE WHEN {Condition(depth - 1)} THEN {Condition(0)} WHEN {Condition(0)} THEN {Condition(0)} ELSE {Of("NULL", "0", "1")} END",
            _ => $"({Any(depth)}) {Of("AND", "OR", "XOR")} {Condition(depth - 1)}",
        }
        : random.Next(14) switch
        {
            0 or 1 => $"{Number(depth)} {Sign()} {Number(depth)}",
            2 or 3 => $"{Text(depth)} {Sign()} {Text(depth)}",
            4 => $"{Date(depth)} {Sign()} {Date(depth)}",
            5 => $"{Time()} {Sign()} {Time()}",
            6 => $"{Any(depth)} {Sign()} {Any(depth)}",
            7 => $"{Number(depth)} {Not()}BETWEEN {Number(0)} AND {Number(0)}",
            8 => Between(depth),
            9 => $"{Text(depth)} {Not()}LIKE {Of("'%b%'", "'a_c'", "'A%'", "'%'", "'_'", "'%5'", "''", "'s%s'", "'abc '", "'%\u00e9'", Text(0))}",
            10 => $"{Number(depth)} {Not()}IN ({List(() => Number(0))})",
            11 => In(depth),
            12 => $"{Any(depth)} IS {Of("NULL", "NOT NULL", "TRUE", "NOT FALSE", "UNKNOWN")}",
            _ => $"{Of("0 OR ", "NOT ", "!")}({Any(depth)})",
        };

    private string Between(int depth) => random.Next(4) switch
    {
        0 => $"{Text(depth)} {Not()}BETWEEN {Text(0)} AND {Text(0)}",
        1 => $"{Date(depth)} {Not()}BETWEEN {Date(0)} AND {Date(0)}",
        2 => $"{Time()} {Not()}BETWEEN {Time()} AND {Time()}",
        _ => $"{Any(depth)} {Not()}BETWEEN {Any(0)} AND {Any(0)}",
    };

    private string In(int depth) => random.Next(4) switch
    {
        0 or 1 => $"{Text(depth)} {Not()}IN ({List(() => Text(0))})",
        2 => $"{Date(depth)} {Not()}IN ({List(() => Date(0))})",
        _ => $"{Any(depth)} {Not()}IN ({List(() => Any(0))})",
    };

    private string Any(int depth) => random.Next(7) switch
    {
        0 or 1 or 2 => Number(depth),
        3 or 4 => Text(depth),
        5 => Date(depth),
        _ => random.Next(3) == 0 ? "NULL" : Time(),
    };

    private string Number(int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return NumberAtom();
        return random.Next(12) switch
        {
            0 or 1 or 2 => $"({Number(depth - 1)} {Of("+", "-", "*", "%", "/", "DIV")} {Number(depth - 1)})",
            3 => $"({Integer()} {Of("&", "|", "^", "<<", ">>")} {Of("1", "3", "ti", "7", "iu", "63", Integer())})",
            4 => $"CASE WHEN {Condition(0)} THEN {Number(depth - 1)} ELSE {Number(depth - 1)} END",
            5 => $"{Of("IFNULL", "NULLIF", "GREATEST", "LEAST", "COALESCE", "MOD")}({Number(depth - 1)}, {Number(depth - 1)})",
            6 => $"IF({Condition(0)}, {Number(depth - 1)}, {Of("NULL", Number(0))})",
            7 => $"{Of("ABS", "FLOOR", "CEIL", "ROUND", "SIGN", "-", "~", "- -")}({Number(depth - 1)})",
            8 => $"{Of("ROUND", "TRUNCATE")}({Number(depth - 1)}, {Of("0", "1", "2", "-1", "-2", "4")})",
            9 => $"CAST({Any(depth - 1)} AS {Of("SIGNED", "UNSIGNED", "DECIMAL(20,3)", "DECIMAL(10,0)")})",
            10 => $"{Of("LENGTH", "CHAR_LENGTH", "CRC32", "ASCII")}({Text(depth - 1)})",
            _ => random.Next(4) switch
            {
                0 => $"{Of("YEAR", "QUARTER", "MONTH", "DAY", "DAYOFWEEK", "WEEKDAY", "DAYOFYEAR", "TO_DAYS", "HOUR", "SECOND", "UNIX_TIMESTAMP")}({Date(depth - 1)})",
                1 => $"DATEDIFF({Date(depth - 1)}, {Date(0)})",
                2 => $"{Of("INSTR", "STRCMP", "FIELD", "LOCATE", "FIND_IN_SET")}({Text(depth - 1)}, {Text(0)})",
                _ => $"({Of(Date(0), Time())} + {Of("0", "1", "0.5")})",
            },
        };
    }

    private string NumberAtom() => random.Next(8) switch
    {
        0 or 1 or 2 => Integer(),
        3 or 4 => Of("d", "d30", "d0", "1.5", "-0.01", "10.25", "0.0", "2.50", "99999999999999999999"),
        5 => Of("db", "f", "1e1", "-2.5e-1", "0e0", "1e20"),
        6 => Of("TRUE", "FALSE", "NULL", "0x0A", "b'11'"),
        _ => Integer(),
    };

    private string Integer() => random.Next(3) switch
    {
        0 => Of("0", "1", "-1", "2", "-7", "100", "9223372036854775807", "18446744073709551615", "-128"),
        _ => Of(IntegerColumns),
    };

    private string Text(int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return random.Next(3) == 0 ? Of(Literals) : Of(TextColumns);
        return random.Next(11) switch
        {
            0 or 1 => $"{Of("LOWER", "UPPER", "TRIM", "LTRIM", "RTRIM", "REVERSE", "HEX", "BINARY ", "MD5")}({Text(depth - 1)})",
            2 => $"CONCAT({Text(depth - 1)}, {Text(0)})",
            3 => $"CONCAT_WS({Text(0)}, {Text(depth - 1)}, {Text(0)})",
            4 => $"{Of("LEFT", "RIGHT", "SUBSTRING")}({Text(depth - 1)}, {Of("0", "1", "2", "-1", "ti")})",
            5 => $"REPLACE({Text(depth - 1)}, {Of("'a'", "'b'", "'\u00e9'", Text(0))}, {Of("''", "'b'", "'xy'")})",
            6 => $"{Of("IFNULL", "NULLIF", "COALESCE", "GREATEST", "LEAST")}({Text(depth - 1)}, {Text(0)})",
            7 => $"CASE {(random.Next(2) == 0 ? $"WHEN {Condition(0)}" : $"{Text(0)} WHEN {Text(0)}")} THEN {Text(depth - 1)} ELSE {Text(0)} END",
            8 => $"({Text(depth - 1)} COLLATE {Of("utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_ci", "latin1_swedish_ci", "binary")})",
            9 => $"{Of("LPAD", "RPAD")}({Text(depth - 1)}, {Of("0", "2", "5")}, {Of("'*'", "'ab'")})",
            _ => $"CAST({Any(depth - 1)} AS {Of("CHAR", "CHAR(3)", "BINARY")})",
        };
    }

    private string Date(int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return random.Next(3) == 0 ? Of(DateTexts) : Of(DateColumns);
        return random.Next(7) switch
        {
            0 or 1 or 2 => $"({Date(depth - 1)} {Of("+", "-")} INTERVAL {Of("1", "36", "-3", "0", "ti", "1000", "i", "NULL")} {Of("DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "HOUR", "MINUTE", "SECOND", "MICROSECOND")})",
            3 => $"{Of("DATE", "LAST_DAY")}({Date(depth - 1)})",
            4 => $"{Of("IFNULL", "COALESCE", "GREATEST", "LEAST", "NULLIF")}({Date(depth - 1)}, {Date(0)})",
            5 => $"IF({Condition(0)}, {Date(depth - 1)}, {Date(0)})",
            _ => $"CAST({Date(depth - 1)} AS {Of("DATE", "DATETIME", "DATETIME(6)", "DATETIME(2)")})",
        };
    }

    private string Time() => Of("tm", "tm3", "tm", "tm3", "TIME(dtm)", "TIME(dt6)", "'12:34:56'", "'-12:34:56'", "TIME'12:34:56'", "TIME'00:00:00.5'", "'00:00:00'", "COALESCE(tm, tm3)", "IFNULL(tm3, TIME'10:00:00')", "CAST(dt6 AS TIME)");

    private string List(Func<string> element) => string.Join(", ", Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(12) == 0 ? "NULL" : element()));

    private string Sign() => Of(Signs);

    private string Not() => random.Next(3) == 0 ? "NOT " : "";

    private string Of(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
