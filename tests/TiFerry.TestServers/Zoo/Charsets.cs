namespace TiFerry.TestServers.Zoo;

internal static class Charsets
{
    /// <summary>One byte per character; every byte value goes in, also those that have no counterpart in Unicode.</summary>
    private static readonly IReadOnlyList<string> SingleByte =
    [
        "armscii8", "cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866", "dec8", "geostd8", "greek", "hebrew", "hp8", "keybcs2", "koi8r", "koi8u", "latin1", "latin2", "latin5",
        "latin7", "macce", "macroman", "tis620",
    ];

    private static readonly IReadOnlyList<string> SevenBit = ["ascii", "swe7"];

    /// <summary>Bytes in the charset itself. The East Asian ones have characters whose second byte is a backslash or a quote's neighbour.</summary>
    private static readonly IReadOnlyList<(string Charset, string First, string Second)> MultiByte =
    [
        ("big5", "A55CA451A4E5", "B35C277C5C"),
        ("cp932", "835C945C93FA967B", "ED40FA5C5C27"),
        ("eucjpms", "C6FCCBDCB8EC", "8FB0A18EB1ADA1"),
        ("euckr", "C7D1B1B9BEEE", "B0A15C27"),
        ("gb2312", "D6D0CEC4", "B0A15C27"),
        ("gbk", "BF5CD65C8140", "FEA0275C"),
        ("sjis", "835C945C93FA967B", "8150B15C27"),
        ("ujis", "C6FCCBDCB8EC", "8FB0A18EB1"),
        ("ucs2", "005C0027FFFD0000", "65E5672C8A9E"),
        ("utf16", "005C0027D83DDE00", "65E5672C0000"),
        ("utf16le", "5C0027003DD800DE", "E5652C670000"),
        ("utf32", "0000005C000000270001F600", "0010FFFF00000000"),
        ("utf8mb3", "5C27C3A4E282ACEFBFBD", "E697A5E69CACE8AA9E00"),
        ("utf8mb4", "5C27C3A4E282ACF09F9880", "F48FBFBF00"),
        ("binary", "00FF275C80C0", "6100"),
    ];

    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        AllCharsets(),
        new("charset_gb18030", "four-byte characters whose second and fourth bytes are digits", Servers.MySql97)
        {
            Create = ["CREATE TABLE charset_gb18030 (id INT PRIMARY KEY, c VARCHAR(40) CHARACTER SET gb18030)"],
            Inserts = ["INSERT INTO charset_gb18030 VALUES (1, _gb18030 0xBF5C815C9439DA32), (2, _gb18030 0x9439FC36D6D0), (3, ''), (4, NULL)"],
            Changes = ["UPDATE charset_gb18030 SET c = _gb18030 0x5C27BF5C WHERE id IN (1, 4)", "DELETE FROM charset_gb18030 WHERE id = 3"],
        },
        new("charset_keys", "keys in charsets whose byte order is not UTF-8's, one of them with backslash bytes", Servers.All)
        {
            Create =
            [
                "CREATE TABLE charset_keys_utf16 (k VARCHAR(20) CHARACTER SET utf16 COLLATE utf16_bin PRIMARY KEY, v INT)",
                "CREATE TABLE charset_keys_gbk (k VARCHAR(20) CHARACTER SET gbk COLLATE gbk_bin PRIMARY KEY, v INT)",
                "CREATE TABLE charset_keys_sjis (k CHAR(5) CHARACTER SET sjis, n INT, v INT, PRIMARY KEY (k, n))",
                "CREATE TABLE charset_keys_latin1 (k VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci PRIMARY KEY, v INT)",
            ],
            Inserts =
            [
                "INSERT INTO charset_keys_utf16 VALUES ('', 0), ('a', 1), ('ä', 2), ('Z', 3), ('€', 4), ('😀', 5), (_utf16 0xFFFD, 6), ('\\\\', 7), ('''', 8)",
                "INSERT INTO charset_keys_gbk VALUES (_gbk 0xBF5C, 1), (_gbk 0xBF5C5C, 2), (_gbk 0x5C, 3), (_gbk 0xD6D0, 4), (_gbk 0x27, 5)",
                "INSERT INTO charset_keys_sjis VALUES (_sjis 0x835C, 1, 1), (_sjis 0x835C, 2, 2), (_sjis 0x945C5C, 1, 3), ('', 1, 4)",
                "INSERT INTO charset_keys_latin1 VALUES ('ae', 1), (_latin1 0x80, 2), (_latin1 0xE5, 3), (_latin1 0x81, 4), ('z', 5)",
            ],
            Changes =
            [
                "UPDATE charset_keys_utf16 SET k = 'é' WHERE k = '€'",
                "DELETE FROM charset_keys_utf16 WHERE v = 5",
                "UPDATE charset_keys_gbk SET k = _gbk 0x815C WHERE v = 1",
                "DELETE FROM charset_keys_gbk WHERE v = 3",
                "UPDATE charset_keys_sjis SET v = v + 10 WHERE n = 1",
                "UPDATE charset_keys_latin1 SET k = _latin1 0x8D WHERE v = 4",
                "DELETE FROM charset_keys_latin1 WHERE v = 2",
            ],
        },
        new("collations", "equal under the collation is not equal in bytes; several collations in one table", Servers.All)
        {
            Create =
            [
                """
                CREATE TABLE collations (id INT PRIMARY KEY, g VARCHAR(20) COLLATE utf8mb4_general_ci, b VARCHAR(20) COLLATE utf8mb4_bin, s VARCHAR(20) COLLATE utf8mb4_swedish_ci,
                  l VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_general_cs, UNIQUE KEY (b), KEY (g)) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_spanish2_ci COMMENT = 'it''s a comment \\ ü'
                """,
            ],
            Inserts = ["INSERT INTO collations VALUES (1, 'a', 'a', 'a', 'a'), (2, 'A', 'A', 'A', 'A'), (3, 'ä', 'ä', 'ä', 'ä'), (4, 'ß', 'b ', 'ß', 'ß'), (5, NULL, NULL, NULL, NULL)"],
            Changes = ["UPDATE collations SET g = UPPER(g), s = UPPER(s) WHERE id IN (1, 3)", "UPDATE collations SET l = 'x' WHERE id = 5", "DELETE FROM collations WHERE id = 4"],
        },
        new("collation_uca_0900", "MySQL's default collation since 8.0, without trailing-space padding", Servers.MySql97)
        {
            Create = ["CREATE TABLE collation_uca_0900 (k VARCHAR(20) PRIMARY KEY, v VARCHAR(20) COLLATE utf8mb4_ja_0900_as_cs) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci"],
            Inserts = ["INSERT INTO collation_uca_0900 VALUES ('a', 'か'), ('a ', 'が'), ('b', 'カ'), ('', NULL)"],
            Changes = ["UPDATE collation_uca_0900 SET k = 'B', v = 'ガ' WHERE k = 'b'", "DELETE FROM collation_uca_0900 WHERE k = 'a'"],
        },
        new("collation_uca_1400", "MariaDB's newer collations", Servers.MariaDb)
        {
            Create = ["CREATE TABLE collation_uca_1400 (k VARCHAR(20) COLLATE utf8mb4_uca1400_nopad_as_ci PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO collation_uca_1400 VALUES ('a', 1), ('a ', 2), ('ä', 3)"],
            Changes = ["UPDATE collation_uca_1400 SET k = 'Ä' WHERE v = 3", "DELETE FROM collation_uca_1400 WHERE v = 2"],
        },
    ];

    private static ZooEntry AllCharsets()
    {
        var columns = SingleByte.Select(charset => $"c_{charset} VARCHAR(256) CHARACTER SET {charset}")
            .Concat(SevenBit.Select(charset => $"c_{charset} VARCHAR(128) CHARACTER SET {charset}"))
            .Concat(MultiByte.Select(sample => sample.Charset == "binary" ? "c_binary VARBINARY(40)" : $"c_{sample.Charset} VARCHAR(40) CHARACTER SET {sample.Charset}"));
        var names = SingleByte.Concat(SevenBit).Concat(MultiByte.Select(sample => sample.Charset)).Select(charset => $"c_{charset}").ToList();
        var first = SingleByte.Select(charset => $"0x{Bytes(0, 256)}").Concat(SevenBit.Select(charset => $"0x{Bytes(0, 128)}"))
            .Concat(MultiByte.Select(sample => $"0x{sample.First}"));
        var second = SingleByte.Select(charset => $"0x5C27E9FF").Concat(SevenBit.Select(charset => $"0x5B5C5D7B7C7D"))
            .Concat(MultiByte.Select(sample => $"0x{sample.Second}"));
        var empty = names.Select(_ => "''");
        return new("charsets", "a column per charset that all servers share: bytes cross unchanged, even where a conversion would lose them", Servers.All)
        {
            Create = [$"CREATE TABLE charsets (id INT PRIMARY KEY, {string.Join(", ", columns)})"],
            Inserts =
            [
                $"INSERT INTO charsets VALUES (1, {string.Join(", ", first)})",
                $"INSERT INTO charsets VALUES (2, {string.Join(", ", second)})",
                $"INSERT INTO charsets VALUES (3, {string.Join(", ", empty)})",
                "INSERT INTO charsets (id) VALUES (4)",
            ],
            Changes =
            [
                $"INSERT INTO charsets SELECT 5, {string.Join(", ", names)} FROM charsets WHERE id = 1",
                $"UPDATE charsets SET {string.Join(", ", names.Zip(second, (name, value) => $"{name} = {value}"))} WHERE id = 1",
                "DELETE FROM charsets WHERE id = 3",
            ],
        };
    }

    private static string Bytes(int from, int to) => Convert.ToHexString([.. Enumerable.Range(from, to - from).Select(value => (byte)value)]);
}
