namespace TiFerry.Sync.Tests.Filter.Expressions;

/// <summary>What is asked of both sides.</summary>
internal static class ExpressionCases
{
    private static readonly string[] Signs = ["=", "<=>", "<>", "<", "<=", ">", ">="];

    public static IReadOnlyList<string> Comparisons { get; } = [.. Numbers(), .. Dates(), .. Texts(), .. Logic()];

    public static IReadOnlyList<string> Values { get; } =
    [
        .. Arithmetic(), .. Choices(), .. TextFunctions(), .. DateFunctions(), .. Casts(),
    ];

    /// <summary>Conditions that servers answer each in its own way: followed, or refused.</summary>
    public static IReadOnlyList<string> Peculiar { get; } =
    [
        "NOT (0x0A)", "0x0A IS TRUE", "CONCAT(TRUNCATE(b'11', 2))", "0x0A * 99999999999999999999 = 1", "b'11' + 9223372036854775807 = 9223372036854775810", "bi % b'11' = 1", "CASE WHEN ti THEN 0x0A ELSE 2.50 END = 10",
        "CONCAT(CAST(COALESCE(dt6, ts3) AS SIGNED))", "CONCAT(CAST(tm3 AS SIGNED))", "CONCAT('1970-01-01 00:00:01' - INTERVAL 0 MICROSECOND)", "CONCAT('2024-02-29 12:34:56.5' + INTERVAL i DAY)", "CONCAT(CAST('20240229' + INTERVAL 1 YEAR AS DECIMAL(20,3)))",
        "'-12:34:56' BETWEEN TIME(dtm) AND COALESCE(tm, tm3)", "IFNULL(tm3, TIME'10:00:00') <=> '12:34:56'", "'00:00:00' <=> TIME(dt6)", "'5' <= TIME'12:34:56'", "tm3 NOT IN (tm, -1)",
        "'1970-01-01 00:00:01' BETWEEN NULL AND ts", "'9999-12-31' BETWEEN ts3 AND dt6", "('2024-02-29 12:34:56.5' + INTERVAL 1 MINUTE) BETWEEN ts3 AND ts",
        "'abc' NOT IN (vu, vbn, '5')", "'été' NOT BETWEEN bl AND c", "a7 BETWEEN vbn AND 'abc'", "CASE 'и' WHEN u3 THEN bn ELSE c END = 'x'", "CONCAT(CHAR_LENGTH(CASE 'и' WHEN u3 THEN bn ELSE c END))",
        "(ti | 7) BETWEEN bu AND iu", "b8 NOT BETWEEN iu AND bu", "CONCAT(LEAST(bu, iu))", "CONCAT(CAST(IF(2 < 0.0, 100, 18446744073709551615) AS SIGNED))", "CONCAT(COALESCE(IFNULL(NULL, bu), TRUE))", "ti IN (d, NULL, 2.50, bi)", "y NOT BETWEEN TRUE AND 1e20",
        "CONCAT(9223372036854775807 << bi)", "CONCAT(1 >> bu)", "CONCAT(STRCMP(e COLLATE utf8mb4_bin, bn))", "FIND_IN_SET('abc ', vu)", "FIND_IN_SET(c, 'abc')", "FIELD('A', vb)", "LOCATE(bl, u3)", "INSTR(u3, e)", "INSTR(l1, 'A')", "LOCATE(vb, vn)",
        "HEX(CONCAT(REPLACE(l1, e, 'xy')))", "HEX(CONCAT(REPLACE(0x6162, vbn, '')))", "REPLACE('abc', bl, 'xy') <= vn", "HEX(CONCAT(RPAD(NULLIF('été', c), 2, 'ab')))", "NULLIF(tx, bl) >= c", "HEX(CONCAT(BINARY (HEX(vb))))", "HEX(CONCAT(CAST(RIGHT('и', ti) AS BINARY)))",
        "LENGTH(s) < (-128 / i)", "(10.25 / (iu ^ 3)) <> TRUNCATE(-2.5e-1, -2)", "CONCAT(0 + ROUND(db, 4))", "CONCAT(IFNULL((TRUE - NULL), (i | 3)))", "CONCAT(WEEKDAY(dt + INTERVAL -3 HOUR))", "TO_DAYS(LEAST(ts, ts3)) = 0", "YEAR(IFNULL(dt, dt6) - INTERVAL -3 MONTH) IS UNKNOWN",
        "(NOT (!(STRCMP(bn, vu)))) = 1", "HEX(CONCAT(NULLIF(0.0, bi)))", "(GREATEST(1e20, ti)) OR TRUE = -0.01", "0 OR (GREATEST(ti, bi))", "CONCAT(CAST(BINARY (s) AS DECIMAL(10,0)))", "tm NOT IN (TIME'12:34:56', NULL, NULL)", "HEX(CONCAT(BINARY (RPAD('\u00e9t\u00e9', 2, '*'))))",
        "CAST(IFNULL(18446744073709551615, NULL) AS SIGNED) >= '9999-12-31'", "CONCAT(IFNULL(NULL, (bi | 7)))", "LENGTH(vu) <= CAST(2.50 AS BINARY)", "CAST(d AS CHAR) >= (FALSE DIV TRUE)", "CONCAT(~(CEIL(18446744073709551615)))", "TRUE NOT IN (_utf8mb4'abc', '1e2')", "FALSE IN (-2.5e-1, NULL, 1e1)", "CONCAT(UNIX_TIMESTAMP(dt6) / (-128 | 1))", "CONCAT(FLOOR(FLOOR(d0)))", "NOT (NULLIF(dt6, dt) <= '20240229')", "NOT (((NULL >= '00:00:00') <=> 1) IS NULL)", "HEX(CONCAT(RPAD(RIGHT('1e2', ti), 2, 'ab')))", "CONCAT(UNIX_TIMESTAMP((ts - INTERVAL 36 MICROSECOND)))",
        "HEX(CONCAT(REVERSE(CASE c WHEN '5x' THEN '\u00e9t\u00e9' ELSE vbn END)))", "HEX(CONCAT(REPLACE(RIGHT(0x6162, ti), 'b', '')))", "(tx IN (e, 9223372036854775807, '0', bn)) IS FALSE", "CONCAT_WS(tx, LPAD(tx, 0, '*'), tx) <> CONCAT_WS(bl, CAST(TIME'12:34:56' AS BINARY), c)",
        "CASE e WHEN 'abc ' THEN s ELSE e END IS TRUE", "0 OR (COALESCE(dtm, ts3) - INTERVAL 0 MINUTE)", "NOT ((dt6 <=> '9999-12-31') XOR (!(vu)))", "CONCAT(CAST(IF(ti, '2024-02-29', dtm) AS DECIMAL(20,3)))", "CONCAT(CAST(CASE WHEN 0 OR ti THEN 1e1 ELSE 2.50 END AS UNSIGNED))",
    ];

    /// <summary>The value as text; as hexadecimal digits where it is none.</summary>
    public static string Shown(string expression) => expression.Contains("bn", StringComparison.Ordinal) ? $"HEX(CONCAT({expression}))" : $"CONCAT({expression})";

    private static IEnumerable<string> Numbers()
    {
        string[] columns = ["ti", "i", "bi", "iu", "bu", "d", "d30", "d0", "f", "db", "b8"];
        string[] constants = ["0", "1", "-1", "5", "1.5", "-2.50", "0.1", "0.010", "1e0", "1e-1", "9223372036854775807", "18446744073709551615", "-9223372036854775808", "9007199254740993", "0x0A", "b'1'", "NULL", "TRUE", "18446744073709551616"];
        string[] texts = ["'1'", "'5'", "'-1'", "'1.5'", "'abc'", "'9007199254740993'", "'9007199254740992'", "' 1'", "'1x'", "'1e0'", "'18446744073709551615'", "''"];
        foreach (var column in columns)
        {
            foreach (var constant in constants.Concat(column == "b8" ? [] : texts))
            {
                foreach (var sign in Signs)
                    yield return $"{column} {sign} {constant}";
            }

            foreach (var other in columns)
                yield return $"{column} < {other}";
            foreach (var other in columns)
                yield return $"{column} <=> {other}";
            yield return $"{column} IN (1, 5, 10)";
            yield return $"{column} NOT IN (1, NULL)";
            yield return $"{column} IN (1.5, 2, 1e0)";
            yield return $"{column} BETWEEN -1 AND 10";
            yield return $"{column} NOT BETWEEN 0 AND 1.5";
            yield return $"{column} BETWEEN 1e-1 AND 5";
            yield return $"1 BETWEEN {column} AND NULL";
            yield return $"{column} IS NULL";
            yield return $"{column} IS NOT TRUE";
            yield return $"{column} IS FALSE";
            yield return $"{column} IS UNKNOWN";
            yield return $"NOT {column}";
            yield return $"!{column}";
            yield return $"{column} XOR 1";
            yield return $"{column} % 2 = 0";
        }

        foreach (var sign in Signs)
        {
            yield return $"y {sign} 2000";
            yield return $"y {sign} '2024'";
            yield return $"i {sign} c";
            yield return $"bi {sign} vb";
            yield return $"d {sign} vu";
            yield return $"db {sign} tx";
            yield return $"d {sign} l1";
            yield return $"e {sign} 2";
            yield return $"s {sign} 3";
            yield return $"b1 {sign} b'1'";
            yield return $"vbn {sign} 12";
        }
    }

    private static IEnumerable<string> Dates()
    {
        string[] columns = ["dt", "dtm", "dt6", "ts", "ts3"];
        string[] constants =
        [
            "'2024-02-29'", "'2024-02-29 12:34:56'", "'2024-02-29 12:34:56.123456'", "'2024-02-29 12:34:56.5'", "20240229", "20240229123456", "'20240229'", "'1970-01-01 00:00:01'", "DATE'2024-02-29'", "TIMESTAMP'2024-02-29 12:34:56'",
            "'2024-2-9'", "'9999-12-31 23:59:59'", "'0000-00-00'", "'2024-02-29T12:34:56'",
        ];
        foreach (var column in columns)
        {
            foreach (var constant in constants)
            {
                foreach (var sign in Signs)
                    yield return $"{column} {sign} {constant}";
            }

            foreach (var other in columns)
            {
                yield return $"{column} < {other}";
                yield return $"{column} = {other}";
            }

            yield return $"{column} BETWEEN '2000-01-01' AND '2024-12-31'";
            yield return $"{column} BETWEEN '2000-01-01' AND '2024-02-29 12:34:56'";
            yield return $"{column} IN ('2024-02-29', '1970-01-01')";
            yield return $"{column} IN ('2024-02-29 12:34:56', '1970-01-01 00:00:01')";
            yield return $"{column} LIKE '2024-%'";
            yield return $"{column} IS TRUE";
            yield return $"{column} + 0 > 20240101";
            yield return $"'2000-01-01' < {column}";
            yield return $"{column} > '2024-01-01' + INTERVAL 1 DAY";
            yield return $"{column} - INTERVAL 1 DAY > '2024-01-01'";
        }

        foreach (var sign in Signs)
        {
            foreach (var column in (string[])["tm", "tm3"])
            {
                yield return $"{column} {sign} '12:34:56'";
                yield return $"{column} {sign} '12:34:56.789'";
                yield return $"{column} {sign} '-12:34:56'";
                yield return $"{column} {sign} 123456";
                yield return $"{column} {sign} TIME'12:34:56'";
                yield return $"{column} {sign} '00:00:00'";
                yield return $"{column} {sign} tm3";
            }
        }
    }

    private static IEnumerable<string> Texts()
    {
        string[] columns = ["c", "vu", "vb", "vn", "l1", "u3", "a7", "tx", "e", "s", "bn", "vbn", "bl"];
        string[] constants = ["'abc'", "'ABC'", "'a'", "'abc  '", "''", "'\u00e0bc'", "'ss'", "'x,y'", "'zz'", "'\u00e9t\u00e9'", "0x6162", "'ab'", "' '", "'5'", "'\u00df'", "'b'"];
        foreach (var column in columns)
        {
            var fits = column == "a7" ? constants.Where(t => System.Text.Ascii.IsValid(t)) : column is "c" or "vu" or "vb" or "vn" ? [.. constants, "'\u4e2d\u6587'", "'\U0001F601'", "'la'", "'\u0438'", "'\u0439'", "'\u30a2'"] : constants;
            foreach (var constant in fits)
            {
                foreach (var sign in Signs)
                    yield return $"{column} {sign} {constant}";
            }

            foreach (var pattern in (string[])["'a%'", "'%b%'", "'_bc'", "'%'", "''", "'A\\\\_b'", "'a\\\\%b'", "'%c'", "'___'", "'%%%'", "'\\\\%'", "'%5'", "'a|%b' ESCAPE '|'", "'\u00c0%'", "'%\u00e9'", "'s%s'", "'abc '", "'abc%'"])
            {
                if (column != "a7" || System.Text.Ascii.IsValid(pattern))
                {
                    yield return $"{column} LIKE {pattern}";
                    yield return $"{column} NOT LIKE {pattern}";
                }
            }

            yield return $"{column} IN ('abc', 'B', '5')";
            yield return $"{column} NOT IN ('abc', NULL)";
            yield return $"{column} BETWEEN 'a' AND 'b'";
            yield return $"{column} IS TRUE";
            yield return $"{column} = 5";
            yield return $"{column} > 0.5";
            yield return $"{column} LIKE 5";
            yield return $"BINARY {column} = 'abc'";
            yield return $"LOWER({column}) = 'abc'";
            yield return $"UPPER({column}) = 'ABC'";
            yield return $"LENGTH({column}) = 3";
            yield return $"CHAR_LENGTH({column}) > 2";
            yield return $"CONCAT({column}, '!') = 'abc!'";
            yield return $"LEFT({column}, 1) = 'a'";
            yield return $"{column} = {column}";
            yield return $"INSTR({column}, 'B') > 0";
            yield return $"STRCMP({column}, 'abc')";
            yield return $"FIND_IN_SET('Y', {column})";
            yield return $"FIELD({column}, 'abc', 'A')";
        }

        yield return "c COLLATE utf8mb4_bin = 'abc'";
        yield return "c COLLATE utf8mb4_unicode_ci = '\u00e9t\u00e9'";
        yield return "c = vb";
        yield return "c < vb";
        yield return "c = tx";
        yield return "u3 = c";
        yield return "l1 = c";
        yield return "a7 = l1";
        yield return "a7 = vu";
        yield return "vn = vn COLLATE utf8mb4_bin";
        yield return "c = vbn";
        yield return "bl = vbn";
        yield return "'a' = 'A'";
        yield return "c LIKE vb";
        yield return "_utf8mb4'abc' = c";
        yield return "N'abc' = c";
        foreach (var sign in Signs)
        {
            yield return $"vn {sign} vn";
            yield return $"c {sign} tx";
            yield return $"e {sign} 'b'";
            yield return $"i {sign} '5abc'";
        }
    }

    private static IEnumerable<string> Logic()
    {
        string[] atoms = ["NULL", "1", "0", "i", "c", "d", "dt", "'abc'", "'0.5'", "ti = 1", "0.0", "db"];
        foreach (var left in atoms)
        {
            foreach (var right in atoms)
            {
                yield return $"{left} AND {right}";
                yield return $"{left} OR {right}";
                yield return $"{left} XOR {right}";
            }

            yield return $"NOT {left}";
            yield return $"({left}) IS TRUE";
            yield return $"({left}) IS NOT FALSE";
            yield return $"({left}) IS UNKNOWN";
        }

        yield return "1 + 1 = 2 AND NOT 0 OR NULL";
        yield return "NOT i = 1";
        yield return "NOT i IN (1, 10) AND ti";
        yield return "i = 1 IS TRUE";
        yield return "i = 1 = 1";
        yield return "i BETWEEN 0 AND 5 AND ti";
        yield return "NOT i BETWEEN 0 AND 5";
        yield return "i & 1 = 1";
        yield return "i | 4 ^ 1 & 3 << 1 + 2 * 3 = 10";
        yield return "-i ^ 1 = 1";
        yield return "- - i = i";
        yield return "i IN (1, 10) = 1";
        yield return "CASE i WHEN 1 THEN 'a' WHEN 10 THEN 'b' ELSE 'c' END = 'A'";
        yield return "CASE WHEN i > 0 THEN d WHEN NULL THEN 1 END > 1";
        yield return "ti || 0 && 1";
        yield return "t.i = 1 OR `t`.`i` = 10";
        yield return "i /* one */ = 1 # end\n";
        yield return "i DIV 3 = 3 OR i MOD 3 = 1";
        yield return "i = 'a' 'b'";
    }

    private static IEnumerable<string> Arithmetic()
    {
        string[] columns = ["ti", "iu", "d", "db", "5", "1.50", "'3'", "NULL"];
        foreach (var left in columns)
        {
            foreach (var right in columns)
            {
                foreach (var sign in (string[])["+", "-", "*", "/", "%"])
                    yield return $"{left} {sign} {right}";
                if (left is not ("db" or "'3'") && right is not ("db" or "'3'"))
                {
                    yield return $"{left} DIV {right}";
                    if (left is not ("'3'" or "d" or "1.50") && right is not ("d" or "1.50"))
                        yield return $"{left} & {right}";
                }
            }
        }

        foreach (var column in (string[])["ti", "i", "bi", "iu", "bu", "d", "d30", "d0", "db"])
        {
            foreach (var call in (string[])["ABS({0})", "SIGN({0})", "FLOOR({0})", "CEIL({0})", "ROUND({0})", "ROUND({0}, 1)", "ROUND({0}, -1)", "TRUNCATE({0}, 1)", "TRUNCATE({0}, -1)", "MOD({0}, 7)", "{0} / 3", "{0} / 3 * 3", "-{0}", "SQRT({0})",
                "{0} * 1.1", "{0} + 0.001", "1 / {0}", "{0} / 7 / 3", "{0} DIV 7", "GREATEST({0}, 1)", "LEAST({0}, 2.5)", "IFNULL({0}, 0)", "IF({0} > 1, {0}, 0)", "NULLIF({0}, 1)", "COALESCE(NULL, {0}, 7)"])
                yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, call, column);
        }

        yield return "i & 255";
        yield return "~ti";
        yield return "bu | 1";
        yield return "bu ^ bi";
        yield return "iu << 3";
        yield return "iu >> 1";
        yield return "1 << 64";
        yield return "0xFF + 1";
        yield return "b8 + 1";
        yield return "y + 1";
        yield return "dt + 0";
        yield return "dtm + 0";
        yield return "dt6 + 0";
        yield return "tm + 0";
        yield return "tm3 + 0";
        yield return "ts + 1";
        yield return "c + 1";
        yield return "e + 0";
        yield return "s + 0";
        yield return "POW(ti, 2)";
        yield return "i + ti * 2 - 3";
        yield return "d * d";
        yield return "d30 + d";
        yield return "bi % 1000";
        yield return "bi DIV 10";
        yield return "-9223372036854775808";
        yield return "-18446744073709551615";
        yield return "18446744073709551615 - 1";
        yield return "1 = 1";
        yield return "MOD(d, 0)";
        yield return "1 / 0";
    }

    private static IEnumerable<string> Choices() =>
    [
        "IF(i > 0, 'yes', 'no')", "IF(NULL, 1, 2)", "IF(c, 1, 2)", "IF(i, 'a', 1)", "IF(i, 1.5, 1)", "IFNULL(c, 'x')", "IFNULL(dt, '2000-01-01')", "COALESCE(NULL, dt, '2000-01-01')", "IFNULL(i, 'x')", "NULLIF(c, 'abc')", "NULLIF(i, 1)", "ISNULL(i)",
        "GREATEST(i, ti, 3)", "LEAST(d, i)", "CASE WHEN i > 0 THEN 1 ELSE d END", "CASE c WHEN 'ABC' THEN 1 WHEN 'b' THEN 2 END", "CASE WHEN dt IS NULL THEN dtm ELSE dt END",
        "COALESCE(i, d, 1.25)", "COALESCE(ti, bu)", "IF(ti, iu, i)", "CASE i WHEN 1 THEN c WHEN 10 THEN d ELSE i END", "IFNULL(NULL, NULL)", "COALESCE(tm, '10:00:00')", "IF(1, dtm, dt6)",
    ];

    private static IEnumerable<string> TextFunctions()
    {
        foreach (var column in (string[])["c", "vu", "vb", "vn", "l1", "u3", "tx", "e", "bn", "vbn", "i", "d", "dt", "dt6", "tm3", "db"])
        {
            foreach (var call in (string[])["{0}", "LOWER({0})", "UPPER({0})", "LENGTH({0})", "CHAR_LENGTH({0})", "CONCAT({0}, '-', {0})", "CONCAT_WS(',', {0}, NULL, 'x')", "SUBSTRING({0}, 2)", "SUBSTRING({0}, -2, 1)", "SUBSTRING({0}, 0)", "SUBSTRING({0} FROM 2 FOR 2)",
                "LEFT({0}, 2)", "RIGHT({0}, 2)", "LEFT({0}, -1)", "TRIM({0})", "LTRIM({0})", "RTRIM({0})", "TRIM(LEADING 'a' FROM {0})", "TRIM(BOTH 'b' FROM {0})", "REPLACE({0}, 'b', 'XX')", "REPLACE({0}, '', 'x')", "REVERSE({0})", "LPAD({0}, 5, '*+')", "RPAD({0}, 5, '*')", "LPAD({0}, 2, '')",
                "INSTR({0}, 'b')", "LOCATE('B', {0})", "LOCATE('b', {0}, 2)", "LOCATE('', {0})", "POSITION('c' IN {0})", "STRCMP({0}, 'abc')", "FIELD({0}, 'abc')", "FIND_IN_SET('x', {0})"])
                yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, call, column);
        }

        foreach (var column in (string[])["c", "vbn", "tx", "bn"])
        {
            yield return $"HEX({column})";
            yield return $"MD5({column})";
            yield return $"CRC32({column})";
            yield return $"ASCII({column})";
        }

        yield return "HEX(i)";
        yield return "HEX(255)";
        yield return "FIELD(i, 1, 10)";
        yield return "CONCAT(i, ':', d, ':', dt)";
        yield return "CONCAT('a', NULL)";
        yield return "FIND_IN_SET('y', s)";
    }

    private static IEnumerable<string> DateFunctions()
    {
        foreach (var column in (string[])["dt", "dtm", "dt6", "ts", "ts3", "'2024-02-29'", "'2024-02-29 12:34:56'"])
        {
            foreach (var call in (string[])["YEAR({0})", "QUARTER({0})", "MONTH({0})", "DAY({0})", "DAYOFMONTH({0})", "DAYOFWEEK({0})", "WEEKDAY({0})", "DAYOFYEAR({0})", "TO_DAYS({0})", "DATE({0})", "DATEDIFF({0}, '2000-01-01')", "LAST_DAY({0})",
                "DATE_ADD({0}, INTERVAL 1 DAY)", "DATE_SUB({0}, INTERVAL 1 MONTH)", "{0} + INTERVAL 25 HOUR", "{0} - INTERVAL 1 YEAR", "INTERVAL 90 MINUTE + {0}", "ADDDATE({0}, 31)", "SUBDATE({0}, INTERVAL 2 WEEK)", "{0} + INTERVAL 1 QUARTER", "{0} + INTERVAL 3 SECOND",
                "DATE_FORMAT({0}, '%Y-%m-%d %H:%i:%s.%f')", "DATE_FORMAT({0}, '%y %c %e %k %l %h %p %j %W %a %M %b %D %w %r %T %%')", "UNIX_TIMESTAMP({0})", "TIMESTAMPDIFF(DAY, {0}, '2024-01-01')", "TIMESTAMPDIFF(SECOND, '2024-01-01', {0})", "TIMESTAMPADD(DAY, 1, {0})",
                "EXTRACT(YEAR FROM {0})", "{0} + INTERVAL i DAY", "{0} + INTERVAL ti MONTH"])
                yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, call, column);
            if (column[0] != '\'')
            {
                foreach (var call in (string[])["HOUR({0})", "MINUTE({0})", "SECOND({0})", "MICROSECOND({0})", "TIME({0})"])
                    yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, call, column);
            }
        }

        foreach (var column in (string[])["tm", "tm3"])
        {
            foreach (var call in (string[])["HOUR({0})", "MINUTE({0})", "SECOND({0})", "MICROSECOND({0})", "TIME({0})", "{0}"])
                yield return string.Format(System.Globalization.CultureInfo.InvariantCulture, call, column);
        }

        yield return "FROM_UNIXTIME(iu)";
        yield return "FROM_UNIXTIME(0)";
        yield return "FROM_UNIXTIME(1700000000)";
        yield return "TIME('12:34:56')";
    }

    private static IEnumerable<string> Casts()
    {
        foreach (var column in (string[])["ti", "i", "bi", "iu", "bu", "d", "d0", "db", "c", "vbn", "dt", "dtm", "tm", "e", "b8", "y"])
        {
            foreach (var type in (string[])["SIGNED", "UNSIGNED", "DECIMAL", "DECIMAL(10,1)", "DECIMAL(30,5)", "CHAR", "CHAR(2)", "BINARY"])
                yield return $"CAST({column} AS {type})";
        }

        foreach (var text in (string[])["'5'", "'-5'", "' 7x'", "'1.9'", "'1e2'", "''", "'abc'"])
        {
            yield return $"CAST({text} AS SIGNED)";
            yield return $"CAST({text} AS DECIMAL(10,2))";
        }

        yield return "CAST(dtm AS DATE)";
        yield return "CAST(dt AS DATETIME)";
        yield return "CAST(dt6 AS DATETIME(6))";
        yield return "CAST(dtm AS TIME)";
        yield return "CAST('2024-02-29' AS DATE)";
        yield return "CAST('2024-02-29 01:02:03' AS DATETIME)";
        yield return "CONVERT(i, CHAR)";
        yield return "CONVERT(d, SIGNED)";
        yield return "CAST(1.5 AS SIGNED)";
        yield return "CAST(-1.5 AS SIGNED)";
        yield return "CAST(2.5e0 AS SIGNED)";
        yield return "CAST(0xFF AS UNSIGNED)";
    }
}
