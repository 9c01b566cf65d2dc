namespace TiFerry.TestServers.Zoo;

internal static class Texts
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("strings", "trailing spaces, quotes, backslashes, NUL, line ends and control characters; CHAR(0)", Servers.All)
        {
            Create = ["CREATE TABLE strings (id INT PRIMARY KEY, c CHAR(10), c0 CHAR(0), c255 CHAR(255), v VARCHAR(10), v300 VARCHAR(300) NOT NULL DEFAULT 'it''s \"a\" \\\\ default', v0 VARCHAR(0))"],
            Inserts =
            [
                "INSERT INTO strings VALUES (1, '', '', '', '', '', '')",
                "INSERT INTO strings VALUES (2, 'a  ', NULL, 'b ', 'a  ', '  x  ', NULL)",
                "INSERT INTO strings VALUES (3, _utf8mb4 0x27225C60, '', _utf8mb4 0x000A0D1A09085C6E5C30, _utf8mb4 0x5C, CONCAT(REPEAT('''', 100), REPEAT(_utf8mb4 0x5C, 101)), '')",
                "INSERT INTO strings VALUES (4, 'ÄÖÜßéñ', '', REPEAT('漢', 255), '😀😀', REPEAT('😀', 300), '')",
                "INSERT INTO strings (id) VALUES (5)",
                "INSERT INTO strings VALUES (6, _utf8mb4 0x00, '', _utf8mb4 0x7F01021F, _utf8mb4 0x000000, '/* not */ -- a # comment; DELIMITER ;;', '')",
            ],
            Changes =
            [
                "UPDATE strings SET v = CONCAT(v, ' '), c = CONCAT(c, _utf8mb4 0x5C27) WHERE id IN (1, 2)",
                "UPDATE strings SET v300 = _utf8mb4 0x5C00271A5C5C WHERE id = 5",
                "DELETE FROM strings WHERE id = 4",
            ],
        },
        new("binaries", "BINARY keeps its trailing zeros; every byte value; bytes that are not valid text", Servers.All)
        {
            Create = ["CREATE TABLE binaries (id INT PRIMARY KEY, b BINARY(8), b0 BINARY(0), v VARBINARY(300), b255 BINARY(255))"],
            Inserts =
            [
                "INSERT INTO binaries VALUES (1, '', '', '', '')",
                "INSERT INTO binaries VALUES (2, 0x6100000000000000, NULL, 0x6100, 0x00)",
                "INSERT INTO binaries VALUES (3, 0x6120202020202020, '', 0xFFFE80C0C1F5, REPEAT(0xFF, 255))",
                $"INSERT INTO binaries VALUES (4, 0x275C220A0D1A0060, '', 0x{EveryByte}, REPEAT(0x00, 255))",
                "INSERT INTO binaries (id) VALUES (5)",
            ],
            Changes = ["UPDATE binaries SET b = 0x0061, v = CONCAT(v, 0x00) WHERE id IN (2, 4)", "UPDATE binaries SET b = '', v = '' WHERE id = 5", "DELETE FROM binaries WHERE id = 3"],
        },
        new("long_values", "all BLOB and TEXT sizes at their limits", Servers.All)
        {
            Create = ["CREATE TABLE long_values (id INT PRIMARY KEY, tb TINYBLOB, b BLOB, mb MEDIUMBLOB, lb LONGBLOB, tt TINYTEXT, t TEXT, mt MEDIUMTEXT, lt LONGTEXT)"],
            Inserts =
            [
                "INSERT INTO long_values VALUES (1, '', '', '', '', '', '', '', '')",
                "INSERT INTO long_values VALUES (2, REPEAT(0x00, 255), REPEAT(0x275C, 32767), REPEAT(0xFF00, 32768), REPEAT(0x0D0A, 32769), REPEAT('x', 255), REPEAT('''', 65535), REPEAT('ü', 32768), REPEAT('€', 21846))",
                "INSERT INTO long_values VALUES (3, REPEAT(0x01, 250), REPEAT(0x02, 251), REPEAT(0x03, 252), REPEAT(0x04, 253), REPEAT('a', 254), REPEAT('b', 256), REPEAT('c', 65534), REPEAT('d', 65536))",
                "INSERT INTO long_values (id) VALUES (4)",
            ],
            Changes = ["UPDATE long_values SET b = REPEAT(0x5C27, 100), lt = CONCAT(lt, '😀') WHERE id IN (1, 2)", "DELETE FROM long_values WHERE id = 3", "UPDATE long_values SET lb = '' WHERE id = 4"],
        },
        new("huge_values", "a row of exactly one full packet, one byte more, and values of 20 MiB", Servers.All)
        {
            Create = ["CREATE TABLE huge_values (id INT PRIMARY KEY, v LONGBLOB)"],
            Inserts =
            [
                // In a text result the row is 1 + 1 bytes of id, 4 bytes of length and the value: together 0xFFFFFF.
                "INSERT INTO huge_values VALUES (1, REPEAT('p', 16777209))",
                "INSERT INTO huge_values VALUES (2, REPEAT('q', 16777210))",
                "INSERT INTO huge_values VALUES (3, REPEAT(0x5C2700FF, 5242880))",
                "INSERT INTO huge_values VALUES (4, NULL), (5, '')",
            ],
            Changes = ["UPDATE huge_values SET v = REPEAT('r', 20971520) WHERE id = 4", "UPDATE huge_values SET v = '' WHERE id = 3", "DELETE FROM huge_values WHERE id = 1"],
        },
        new("enums_and_sets", "the error value '' with index 0 is not the member ''; sets of 64; members with commas' neighbours and quotes", Servers.All)
        {
            Create =
            [
                $"""
                CREATE TABLE enums_and_sets (id INT PRIMARY KEY, e ENUM('a','B','c d','it''s','','ü') , e2 ENUM({Members(300)}), s SET('x','y','z','it''s','ü'), s64 SET({Members(64)}),
                  el ENUM('é','ß','0','1') CHARACTER SET latin1 NOT NULL DEFAULT 'ß')
                """,
            ],
            Inserts =
            [
                "INSERT INTO enums_and_sets VALUES (1, 'a', 'm1', '', '', 'é')",
                "INSERT INTO enums_and_sets VALUES (2, 'not a member', 'not a member', 'x,z', 'm1,m64', 'ß')",
                "INSERT INTO enums_and_sets VALUES (3, '', 'm300', 'x,y,z,it''s,ü', 18446744073709551615, '1')",
                "INSERT INTO enums_and_sets VALUES (4, 'it''s', 'm256', 'ü', 9223372036854775808, '0')",
                "INSERT INTO enums_and_sets (id) VALUES (5)",
                "INSERT INTO enums_and_sets VALUES (6, 'ü', 'm255', 'y', 'm33', 1)",
            ],
            Changes =
            [
                "UPDATE enums_and_sets SET e = 'not a member', s64 = s64 ^ 1 WHERE id IN (1, 3)",
                "UPDATE enums_and_sets SET e = '', el = '1' WHERE id = 2",
                "DELETE FROM enums_and_sets WHERE id = 4",
            ],
        },
    ];

    private static string EveryByte => Convert.ToHexString([.. Enumerable.Range(0, 256).Select(value => (byte)value)]);

    private static string Members(int count) => string.Join(',', Enumerable.Range(1, count).Select(number => $"'m{number}'"));
}
