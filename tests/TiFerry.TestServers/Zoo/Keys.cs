namespace TiFerry.TestServers.Zoo;

/// <summary>Every kind of key that a table can be cut into chunks by and that a change can be found by.</summary>
internal static class Keys
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("key_none", "equal rows without a key: each counts, and one change hits one of them", Servers.All)
        {
            Create = ["CREATE TABLE key_none (a INT, b VARCHAR(10), f FLOAT, t TEXT)"],
            Inserts = ["INSERT INTO key_none VALUES (1, 'x', 0.1, 't'), (1, 'x', 0.1, 't'), (1, 'x', 0.1, 't'), (NULL, NULL, NULL, NULL), (NULL, NULL, NULL, NULL), (2, 'X', 16777215, ''), (2, 'x ', 16777215, NULL)"],
            Changes =
            [
                "DELETE FROM key_none WHERE a = 1 LIMIT 1",
                "UPDATE key_none SET b = 'y' WHERE a = 1 LIMIT 1",
                "UPDATE key_none SET a = 3 WHERE a IS NULL LIMIT 1",
                "INSERT INTO key_none VALUES (2, 'x ', 16777215, NULL)",
            ],
        },
        new("key_composite", "a key whose order is not the columns' order; enough rows for several chunks", Servers.All)
        {
            Create = ["CREATE TABLE key_composite (v VARCHAR(20), a INT NOT NULL, b VARCHAR(10) NOT NULL, c DATE NOT NULL, PRIMARY KEY (c, a, b))"],
            Inserts =
            [
                """
                INSERT INTO key_composite SELECT CONCAT('v', x.n, y.n, z.n), x.n * 7 - 20, CONCAT('b', y.n), DATE_ADD('2024-01-01', INTERVAL z.n DAY) FROM
                  (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) x,
                  (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) y,
                  (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) z
                """,
            ],
            Changes =
            [
                "UPDATE key_composite SET a = a + 1000 WHERE b = 'b3'",
                "UPDATE key_composite SET v = 'changed' WHERE c = '2024-01-05'",
                "DELETE FROM key_composite WHERE b = 'b9' AND c < '2024-01-04'",
                "INSERT INTO key_composite VALUES ('back', 43, 'b9', '2024-01-01')",
            ],
        },
        new("key_unique_only", "a NOT NULL unique key serves as the key", Servers.All)
        {
            Create = ["CREATE TABLE key_unique_only (v INT, a INT NOT NULL, b VARCHAR(10) NOT NULL, UNIQUE KEY (b, a))"],
            Inserts = ["INSERT INTO key_unique_only VALUES (1, 1, 'a'), (2, 2, 'a'), (3, 1, 'b'), (NULL, -1, '')"],
            Changes = ["UPDATE key_unique_only SET a = 9 WHERE v = 1", "UPDATE key_unique_only SET v = 5 WHERE v IS NULL", "DELETE FROM key_unique_only WHERE v = 3"],
        },
        new("key_unique_nullable", "a nullable unique key does not identify a row: NULLs repeat", Servers.All)
        {
            Create = ["CREATE TABLE key_unique_nullable (a INT NULL, b INT NOT NULL, v INT, UNIQUE KEY (a, b))"],
            Inserts = ["INSERT INTO key_unique_nullable VALUES (NULL, 1, 1), (NULL, 1, 1), (NULL, 1, 2), (NULL, 1, NULL), (1, 1, 1), (2, 1, 1)"],
            Changes = ["UPDATE key_unique_nullable SET v = 3 WHERE v = 2", "DELETE FROM key_unique_nullable WHERE a IS NULL AND v = 1 LIMIT 1", "UPDATE key_unique_nullable SET a = NULL WHERE a = 1"],
        },
        new("key_several", "unique values that move between rows within one transaction: order matters, also across keys", Servers.All)
        {
            Create = ["CREATE TABLE key_several (id INT PRIMARY KEY, u INT NOT NULL, w VARCHAR(10), UNIQUE KEY (u), UNIQUE KEY (w))"],
            Inserts = ["INSERT INTO key_several VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c'), (4, 40, NULL), (5, 50, NULL)"],
            Changes =
            [
                "BEGIN",
                "UPDATE key_several SET u = -1 WHERE id = 1",
                "UPDATE key_several SET u = 10 WHERE id = 2",
                "UPDATE key_several SET u = 20 WHERE id = 1",
                "UPDATE key_several SET w = NULL WHERE id = 3",
                "UPDATE key_several SET w = 'c' WHERE id = 4",
                "COMMIT",
                "DELETE FROM key_several WHERE id = 5",
                "INSERT INTO key_several VALUES (6, 50, 'f')",
                "UPDATE key_several SET id = id + 100 WHERE id = 6",
                "REPLACE INTO key_several VALUES (7, 30, 'c')",
                "INSERT INTO key_several VALUES (2, 99, 'z') ON DUPLICATE KEY UPDATE w = 'upsert'",
            ],
        },
        new("key_string_ci", "keys that are equal for the collation and different in bytes: case, accents, trailing spaces", Servers.All)
        {
            Create = ["CREATE TABLE key_string_ci (k VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO key_string_ci VALUES ('', 0), ('abc', 1), ('B ', 2), ('c', 3), ('ß', 4), ('z\\\\', 5), ('''', 6), ('-', 7), ('漢字', 8), ('😀', 9), ('d\\0', 10), ('d', 11), ('%', 12)"],
            Changes =
            [
                "UPDATE key_string_ci SET k = 'ABC  ' WHERE k = 'abc'",
                "UPDATE key_string_ci SET v = 20 WHERE k = 'b'",
                "DELETE FROM key_string_ci WHERE k = 'C'",
                "INSERT INTO key_string_ci VALUES ('C ', 30)",
                "UPDATE key_string_ci SET v = v + 100 WHERE k IN ('', '漢字', 'd')",
            ],
        },
        new("key_char", "CHAR keys lose their trailing spaces", Servers.All)
        {
            Create = ["CREATE TABLE key_char (k CHAR(8) COLLATE utf8mb4_bin, v INT, PRIMARY KEY (k))"],
            Inserts = ["INSERT INTO key_char VALUES ('', 0), ('a', 1), ('A', 2), ('a b  ', 3), ('\\t', 4), ('ü', 5)"],
            Changes = ["UPDATE key_char SET k = 'b ' WHERE v = 1", "DELETE FROM key_char WHERE k = 'A'", "UPDATE key_char SET v = 50 WHERE k = 'ü'"],
        },
        new("key_binary", "binary keys where trailing zeros count (VARBINARY) or are padding (BINARY)", Servers.All)
        {
            Create = ["CREATE TABLE key_binary (k BINARY(4) PRIMARY KEY, v INT)", "CREATE TABLE key_varbinary (k VARBINARY(16) PRIMARY KEY, v INT)"],
            Inserts =
            [
                "INSERT INTO key_binary VALUES (0x00000000, 0), (0x61000000, 1), (0x61000001, 2), (0x00610000, 3), (0xFFFFFFFF, 4), (0x5C270000, 5)",
                "INSERT INTO key_varbinary VALUES ('', 0), (0x61, 1), (0x6100, 2), (0x610000, 3), (0x00, 4), (0xFF, 5), (0x5C27, 6), (0x6120, 7)",
            ],
            Changes =
            [
                "UPDATE key_binary SET k = 0x62000000 WHERE v = 1",
                "DELETE FROM key_binary WHERE k = 0x00000000",
                "UPDATE key_varbinary SET v = 20 WHERE k = 0x6100",
                "UPDATE key_varbinary SET k = 0x61000000 WHERE v = 1",
                "DELETE FROM key_varbinary WHERE k = 0x00",
            ],
        },
        new("key_blob_prefix", "a primary key over the first bytes of a BLOB", Servers.All)
        {
            Create = ["CREATE TABLE key_blob_prefix (b BLOB NOT NULL, t TEXT NOT NULL, v INT, PRIMARY KEY (b(8), t(4)))"],
            Inserts = ["INSERT INTO key_blob_prefix VALUES ('', '', 0), (REPEAT(0x00, 300), 'abcdef', 1), (0x5C27, 'abcz', 2), (REPEAT('x', 300), 'ü', 3)"],
            Changes = ["UPDATE key_blob_prefix SET b = REPEAT('y', 300) WHERE v = 3", "UPDATE key_blob_prefix SET v = 10 WHERE v = 1", "DELETE FROM key_blob_prefix WHERE v = 2"],
        },
        new("key_date", "DATE keys with the zero date and the ends of the range", Servers.All)
        {
            Create = ["CREATE TABLE key_date (k DATE PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO key_date VALUES ('0000-00-00', 0), ('1000-01-01', 1), ('2023-02-31', 2), ('2024-00-00', 3), ('2024-02-29', 4), ('9999-12-31', 5)"],
            Changes = ["UPDATE key_date SET v = 10 WHERE k = '0000-00-00'", "UPDATE key_date SET k = '2023-02-30' WHERE v = 2", "DELETE FROM key_date WHERE v = 5"],
        },
        new("key_time_and_moment", "negative TIME keys, fractional DATETIME and TIMESTAMP keys, YEAR", Servers.All)
        {
            Create = ["CREATE TABLE key_time_and_moment (t TIME(3), d DATETIME(6), s TIMESTAMP(2) NOT NULL DEFAULT 0, y YEAR, v INT, PRIMARY KEY (t, d, s, y))"],
            Inserts =
            [
                """
                INSERT INTO key_time_and_moment VALUES ('-838:59:59', '0000-00-00', 0, 0, 0), ('-00:00:00.001', '1000-01-01 00:00:00.000001', '1970-01-01 00:00:01', 1901, 1),
                  ('00:00:00', '2024-02-29 12:00:00.5', '2026-10-25 01:30:00.25', 2024, 2), ('838:59:59', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07', 2155, 3)
                """,
            ],
            Changes = ["UPDATE key_time_and_moment SET t = '-00:00:00.002' WHERE v = 1", "UPDATE key_time_and_moment SET v = 20 WHERE v = 2", "DELETE FROM key_time_and_moment WHERE v = 3"],
        },
        new("key_decimal", "DECIMAL keys of both signs", Servers.All)
        {
            Create = ["CREATE TABLE key_decimal (k DECIMAL(30,10) PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO key_decimal VALUES (-99999999999999999999.9999999999, 0), (-0.0000000001, 1), (0, 2), (0.0000000001, 3), (1.5, 4), (99999999999999999999.9999999999, 5)"],
            Changes = ["UPDATE key_decimal SET k = -k WHERE v = 4", "UPDATE key_decimal SET v = 30 WHERE v = 3", "DELETE FROM key_decimal WHERE v = 5"],
        },
        new("key_float", "FLOAT keys cannot be found by their text; DOUBLE keys can", Servers.All)
        {
            Create = ["CREATE TABLE key_float (k FLOAT PRIMARY KEY, v INT)", "CREATE TABLE key_double (k DOUBLE PRIMARY KEY, v INT)"],
            Inserts =
            [
                "INSERT INTO key_float VALUES (0.1, 1), (16777215, 2), (16777214, 3), (-3.4e38, 4), (1e-40, 5), (0, 6), (1e0 / 3, 7)",
                "INSERT INTO key_double VALUES (0.1, 1), (9007199254740993, 2), (-1.7e308, 3), (5e-324, 4), (0, 5), (1e0 / 3, 6)",
            ],
            Changes =
            [
                "UPDATE key_float SET v = v + 10 WHERE v IN (1, 2, 7)",
                "UPDATE key_float SET k = 0.2 WHERE v = 4",
                "DELETE FROM key_float WHERE v = 3",
                "UPDATE key_double SET v = v + 10 WHERE v IN (1, 2, 6)",
                "DELETE FROM key_double WHERE v = 3",
            ],
        },
        new("key_enum", "ENUM and SET keys order by number but compare with text as text; the error value is a key too", Servers.All)
        {
            Create = ["CREATE TABLE key_enum (e ENUM('z','a','m','it''s'), s SET('y','b','x'), v INT, PRIMARY KEY (e, s))"],
            Inserts = ["INSERT INTO key_enum VALUES ('z', '', 1), ('a', 'y,x', 2), ('m', 'b', 3), ('it''s', 'y', 4), ('not a member', '', 5), ('a', '', 6)"],
            Changes = ["UPDATE key_enum SET e = 'm' WHERE v = 1", "UPDATE key_enum SET v = 50 WHERE v = 5", "DELETE FROM key_enum WHERE v = 3", "UPDATE key_enum SET s = 'b,x' WHERE v = 6"],
        },
        new("key_bit", "BIT keys are bytes, not digits", Servers.All)
        {
            Create = ["CREATE TABLE key_bit (k BIT(40) PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO key_bit VALUES (0, 0), (1, 1), (0x27, 2), (0x5C, 3), (0xFFFFFFFFFF, 4), (0x3100, 5)"],
            Changes = ["UPDATE key_bit SET k = 0x5C27 WHERE v = 3", "UPDATE key_bit SET v = 20 WHERE v = 2", "DELETE FROM key_bit WHERE v = 1"],
        },
        new("key_bigint", "sparse keys at the ends of the signed range", Servers.All)
        {
            Create = ["CREATE TABLE key_bigint (k BIGINT PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO key_bigint VALUES (-9223372036854775808, 0), (-9223372036854775807, 1), (-1, 2), (0, 3), (1, 4), (9007199254740993, 5), (9223372036854775806, 6), (9223372036854775807, 7)"],
            Changes = ["UPDATE key_bigint SET k = k - 1 WHERE v = 5", "DELETE FROM key_bigint WHERE v = 0", "UPDATE key_bigint SET v = 70 WHERE v = 7"],
        },
        new("key_bigint_unsigned", "keys above the signed maximum; the span of the keys does not fit into 64 bits", Servers.All)
        {
            Create = ["CREATE TABLE key_bigint_unsigned (k BIGINT UNSIGNED PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO key_bigint_unsigned VALUES (0, 0), (1, 1), (9223372036854775807, 2), (9223372036854775808, 3), (18446744073709551614, 4), (18446744073709551615, 5)"],
            Changes = ["UPDATE key_bigint_unsigned SET k = 18446744073709551613 WHERE v = 4", "DELETE FROM key_bigint_unsigned WHERE v = 3", "UPDATE key_bigint_unsigned SET v = 50 WHERE v = 5"],
        },
        new("key_descending", "a key stored downwards", Servers.Modern)
        {
            Create = ["CREATE TABLE key_descending (a INT, b VARCHAR(10), v INT, PRIMARY KEY (a DESC, b))"],
            Inserts = ["INSERT INTO key_descending VALUES (-5, 'a', 1), (0, 'b', 2), (7, 'c', 3), (7, 'd', 4)"],
            Changes = ["UPDATE key_descending SET a = 8 WHERE v = 4", "UPDATE key_descending SET v = 10 WHERE v = 1", "DELETE FROM key_descending WHERE v = 2"],
        },
        new("key_invisible_generated", "MySQL makes an invisible primary key for a table without one", Servers.MySql97)
        {
            Create =
            [
                "SET SESSION sql_generate_invisible_primary_key = ON",
                "CREATE TABLE key_invisible_generated (a INT, b VARCHAR(10))",
                "SET SESSION sql_generate_invisible_primary_key = OFF",
            ],
            Inserts = ["INSERT INTO key_invisible_generated VALUES (1, 'x'), (1, 'x'), (NULL, NULL)"],
            Changes = ["UPDATE key_invisible_generated SET b = 'y' LIMIT 1", "DELETE FROM key_invisible_generated WHERE a IS NULL"],
        },
    ];
}
