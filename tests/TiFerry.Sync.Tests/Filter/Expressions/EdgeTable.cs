using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Filter.Expressions;

/// <summary>A table with every type that expressions compute with, and rows of edge values: each row takes the next value of each column.</summary>
internal static class EdgeTable
{
    private const int Rows = 30;

    public static IEnumerable<(string Name, string Type, string[] Values)> Columns(ServerKind kind)
    {
        var newest = kind switch
        {
            ServerKind.MariaDb => "utf8mb4_uca1400_ai_ci",
            ServerKind.MySql97 => "utf8mb4_0900_ai_ci",
            _ => "utf8mb4_unicode_520_ci",
        };
        string[] texts =
        [
            "''", "'abc'", "'ABC'", "'abc '", "'\u00e0bc'", "'A'", "'a'", "'\u00df'", "'ss'", "'5'", "' 5'", "'5x'", "'1e2'", "'-0.5'", "'a%b'", "'a_b'", "'zz'", "'\u0110'", "'\u00c9t\u00e9'", "'b'", "'o''k'", "'x,y'", "'10'",
        ];
        string[] wide = [.. texts, "'\u4e2d\u6587'", "'\u0416\u0418'", "'\u0438\u0306'", "'\U0001F600'", "'la'", "'l\u00b7a'", "'\u2460'", "'a\u0301'", "'\u0e40\u0e01'", "'\uac00'", "'\uff21'"];
        return
        [
            ("ti", "TINYINT", ["0", "1", "-1", "127", "-128", "5"]),
            ("i", "INT", ["0", "1", "-1", "2147483647", "-2147483648", "10", "20240229"]),
            ("bi", "BIGINT", ["0", "1", "9223372036854775807", "-9223372036854775808", "9007199254740993", "-5", "20240229123456"]),
            ("iu", "INT UNSIGNED", ["0", "1", "4294967295", "7", "100"]),
            ("bu", "BIGINT UNSIGNED", ["0", "1", "18446744073709551615", "9223372036854775808", "12345678901234567890"]),
            ("d", "DECIMAL(10,2)", ["0", "1", "-1", "0.01", "-0.01", "1.50", "2.50", "-2.50", "99999999.99", "-99999999.99", "3.33"]),
            ("d30", "DECIMAL(65,30)", ["0", "1", "-1.5", "12345678901234567890123456789012345.123456789012345678901234567890", "-0.000000000000000000000000000001", "3.3"]),
            ("d0", "DECIMAL(25,0)", ["0", "1", "9999999999999999999999999", "-9223372036854775809", "9007199254740993"]),
            ("f", "FLOAT", ["0", "1", "-1.5", "0.1", "3.25", "1e10", "16777217"]),
            ("db", "DOUBLE", ["0", "1", "-1.5", "0.1", "2.5", "3.5", "1e300", "9007199254740993", "-0.5", "1e-5", "123456.789"]),
            ("b1", "BIT(1)", ["b'0'", "b'1'"]),
            ("b8", "BIT(8)", ["b'0'", "b'1'", "b'11111111'", "b'1010'"]),
            ("y", "YEAR", ["0", "1970", "2000", "2024", "2155", "1901"]),
            ("dt", "DATE", ["'2024-02-29'", "'1970-01-01'", "'0000-00-00'", "'9999-12-31'", "'2023-12-31'", "'2024-00-00'", "'2000-03-01'", "'0001-01-01'"]),
            ("dtm", "DATETIME", ["'2024-02-29 12:34:56'", "'1970-01-01 00:00:00'", "'0000-00-00 00:00:00'", "'9999-12-31 23:59:59'", "'2024-02-29 00:00:00'", "'1999-10-05 23:00:01'"]),
            ("dt6", "DATETIME(6)", ["'2024-02-29 12:34:56.123456'", "'2024-02-29 12:34:56'", "'2000-01-01 00:00:00.5'", "'0000-00-00 00:00:00'"]),
            ("ts", "TIMESTAMP NULL", ["'2024-02-29 12:34:56'", "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'2024-07-01 00:00:00'", "0"]),
            ("ts3", "TIMESTAMP(3) NULL", ["'2024-02-29 12:34:56.789'", "'1999-12-31 23:59:59.999'", "'2024-02-29 12:34:56'"]),
            ("tm", "TIME", ["'00:00:00'", "'12:34:56'", "'-12:34:56'", "'838:59:59'", "'-838:59:59'", "'23:59:59'"]),
            ("tm3", "TIME(3)", ["'00:00:00'", "'12:34:56.789'", "'-00:00:00.5'", "'12:34:56'"]),
            ("e", "ENUM('a','B','\u00e7') CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", ["'a'", "'B'", "'\u00e7'", "1"]),
            ("s", "SET('x','y','z') CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", ["''", "'x'", "'x,y'", "'x,y,z'", "'z'"]),
            ("c", "CHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", wide),
            ("vu", "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", wide),
            ("vb", "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", wide),
            ("vn", $"VARCHAR(60) CHARACTER SET utf8mb4 COLLATE {newest}", wide),
            ("l1", "VARCHAR(60) CHARACTER SET latin1", texts[..17]),
            ("u3", "VARCHAR(60) CHARACTER SET utf8 COLLATE utf8_general_ci", texts),
            ("a7", "VARCHAR(60) CHARACTER SET ascii", [.. texts.Where(t => System.Text.Ascii.IsValid(t))]),
            ("tx", "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", texts),
            ("bn", "BINARY(4)", ["''", "'ab'", "'abcd'", "x'00FF'", "x'80'"]),
            ("vbn", "VARBINARY(20)", ["''", "'ab'", "'AB'", "'ab '", "x'00FF'", "'12'"]),
            ("bl", "BLOB", ["''", "'ab'", "'AB'", "x'C3A9'", "'7'"]),
        ];
    }

    public static IEnumerable<string> Statements(ServerKind kind, string table)
    {
        var columns = Columns(kind).ToList();
        yield return $"CREATE TABLE {table} (id INT PRIMARY KEY, {string.Join(", ", columns.Select(c => $"{c.Name} {c.Type}"))}) CHARACTER SET utf8mb4";
        for (var row = 0; row < Rows; row++)
        {
            // The steps differ, so that columns meet in changing pairs.
            var values = columns.Select((c, at) => row == Rows - 1 ? "NULL" : c.Values[(row * (1 + (at % 2)) + row / c.Values.Length) % c.Values.Length]);
            yield return $"INSERT INTO {table} VALUES ({row}, {string.Join(", ", values)})";
        }

        foreach (var column in columns)
        {
            for (var at = 0; at < column.Values.Length; at++)
                yield return $"INSERT INTO {table} (id, {column.Name}) VALUES ({1000 + (columns.IndexOf(column) * 100) + at}, {column.Values[at]})";
        }
    }
}
