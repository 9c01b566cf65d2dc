namespace TiFerry.TestServers.Zoo;

internal static class Columns
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("generated_columns", "generated columns between the others cannot be written; virtual ones are indexed", Servers.Modern)
        {
            Create =
            [
                """
                CREATE TABLE generated_columns (v1 INT GENERATED ALWAYS AS (a + 1) VIRTUAL, id INT PRIMARY KEY, s1 VARCHAR(50) GENERATED ALWAYS AS (CONCAT(b, '-', id)) STORED, a INT, b VARCHAR(20),
                  v2 VARCHAR(20) GENERATED ALWAYS AS (UPPER(b)) VIRTUAL, d DATE, s2 INT GENERATED ALWAYS AS (YEAR(d)) STORED, KEY (v1), UNIQUE KEY (s1), KEY (v2, s2))
                """,
            ],
            Inserts = ["INSERT INTO generated_columns (id, a, b, d) VALUES (1, 10, 'x', '2024-01-01'), (2, NULL, NULL, NULL), (3, -1, 'ä', '0000-00-00')"],
            Changes = ["UPDATE generated_columns SET a = 11, b = 'y' WHERE id IN (1, 2)", "DELETE FROM generated_columns WHERE id = 3", "INSERT INTO generated_columns (id, b) VALUES (4, 'z')"],
        },
        new("generated_unique", "the only unique key is over a generated column", Servers.Modern)
        {
            Create = ["CREATE TABLE generated_unique (a INT, g INT GENERATED ALWAYS AS (a * 2) STORED, v INT, UNIQUE KEY (g))"],
            Inserts = ["INSERT INTO generated_unique (a, v) VALUES (1, 1), (2, 2), (NULL, 3), (NULL, 3)"],
            Changes = ["UPDATE generated_unique SET a = 5 WHERE a = 1", "DELETE FROM generated_unique WHERE a IS NULL LIMIT 1"],
        },
        new("generated_primary", "the primary key itself is generated", Servers.MySql97)
        {
            Create = ["CREATE TABLE generated_primary (doc VARCHAR(40), k INT GENERATED ALWAYS AS (CAST(SUBSTRING_INDEX(doc, ':', 1) AS SIGNED)) STORED PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO generated_primary (doc, v) VALUES ('1:one', 1), ('2:two', 2), ('-3:three', 3)"],
            Changes = ["UPDATE generated_primary SET doc = '10:ten' WHERE v = 1", "UPDATE generated_primary SET v = 20 WHERE v = 2", "DELETE FROM generated_primary WHERE v = 3"],
        },
        new("invisible_columns", "SELECT * and INSERT without a list leave invisible columns out", Servers.Modern)
        {
            Create = ["CREATE TABLE invisible_columns (h INT DEFAULT 5 INVISIBLE, id INT PRIMARY KEY, a INT, t VARCHAR(10) INVISIBLE)"],
            Inserts = ["INSERT INTO invisible_columns (id, a, h, t) VALUES (1, 1, 100, 'one'), (2, 2, NULL, NULL)", "INSERT INTO invisible_columns VALUES (3, 3)"],
            Changes = ["UPDATE invisible_columns SET h = 200, t = 'changed' WHERE id IN (2, 3)", "DELETE FROM invisible_columns WHERE id = 1"],
        },
        new("invisible_key", "the primary key is invisible", Servers.Modern)
        {
            Create = ["CREATE TABLE invisible_key (a INT, id BIGINT NOT NULL AUTO_INCREMENT INVISIBLE, PRIMARY KEY (id))"],
            Inserts = ["INSERT INTO invisible_key (a) VALUES (1), (1), (2)"],
            Changes = ["UPDATE invisible_key SET a = 3 WHERE id = 2", "DELETE FROM invisible_key WHERE id = 1"],
        },
        new("defaults", "what a copy must not fill in again: defaults of every kind", Servers.All)
        {
            Create =
            [
                """
                CREATE TABLE defaults (id INT PRIMARY KEY, i INT DEFAULT -7, d DECIMAL(5,2) DEFAULT 1.50, s VARCHAR(20) DEFAULT 'it''s \\ "q"', e ENUM('a','b') DEFAULT 'b', b BIT(4) DEFAULT b'1010',
                  n VARCHAR(5) DEFAULT NULL, x VARBINARY(4) DEFAULT 'ab', t TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), y INT NOT NULL COMMENT 'a ''comment'' \\ "x" ü')
                """,
            ],
            Inserts =
            [
                "INSERT INTO defaults (id, t, y) VALUES (1, '2020-02-02 02:02:02.222', 0)",
                "INSERT INTO defaults VALUES (2, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, 1)",
            ],
            Changes = ["UPDATE defaults SET t = NULL, i = NULL WHERE id = 1", "UPDATE defaults SET s = '' WHERE id = 2"],
        },
        new("default_expressions", "expressions as defaults, checks", Servers.Modern)
        {
            Create = ["CREATE TABLE default_expressions (id INT PRIMARY KEY, a INT DEFAULT (1 + 2), t TEXT DEFAULT ('text'), u VARCHAR(36) DEFAULT (UUID()), c INT, CONSTRAINT positive CHECK (c > 0))"],
            Inserts = ["INSERT INTO default_expressions (id, u, c) VALUES (1, 'u1', 1)", "INSERT INTO default_expressions VALUES (2, NULL, NULL, NULL, NULL)", "INSERT INTO default_expressions (id) VALUES (3)"],
            Changes = ["UPDATE default_expressions SET a = 9, c = 5 WHERE id = 2", "DELETE FROM default_expressions WHERE id = 1"],
        },
        new("auto_increment", "0 is a value, gaps stay, the next number is kept", Servers.All)
        {
            Create = ["CREATE TABLE auto_increment (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(10)) AUTO_INCREMENT = 100"],
            Inserts = ["INSERT INTO auto_increment VALUES (0, 'zero'), (-5, 'negative'), (7, 'seven')", "INSERT INTO auto_increment (v) VALUES ('hundred')", "INSERT INTO auto_increment VALUES (2000000000, 'far')"],
            Changes = ["UPDATE auto_increment SET v = 'null' WHERE id = 0", "INSERT INTO auto_increment (v) VALUES ('next')", "DELETE FROM auto_increment WHERE id = 7", "UPDATE auto_increment SET id = 0 WHERE id = -5 AND NOT EXISTS (SELECT * FROM (SELECT id FROM auto_increment) taken WHERE taken.id = 0)"],
        },
        new("auto_increment_second", "the automatic column is not the key", Servers.All)
        {
            Create = ["CREATE TABLE auto_increment_second (k VARCHAR(10) PRIMARY KEY, n BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, UNIQUE KEY (n))"],
            Inserts = ["INSERT INTO auto_increment_second VALUES ('max', 18446744073709551614), ('zero', 0), ('one', 1)"],
            Changes = ["UPDATE auto_increment_second SET n = 5 WHERE k = 'zero'", "DELETE FROM auto_increment_second WHERE k = 'one'"],
        },
        new("one_column", "the smallest table", Servers.All)
        {
            Create = ["CREATE TABLE one_column (k INT PRIMARY KEY)", "CREATE TABLE one_column_without_key (v TINYINT)"],
            Inserts = ["INSERT INTO one_column VALUES (0), (1), (-1)", "INSERT INTO one_column_without_key VALUES (NULL), (NULL), (0), (1), (1)"],
            Changes = ["UPDATE one_column SET k = 2 WHERE k = 1", "DELETE FROM one_column_without_key WHERE v = 1 LIMIT 1"],
        },
        new("many_columns", "300 columns: long NULL bitmaps and statements", Servers.All)
        {
            Create = [$"CREATE TABLE many_columns (id INT PRIMARY KEY, {string.Join(", ", Numbered(299, number => number % 3 == 0 ? $"c{number} VARCHAR(10)" : $"c{number} SMALLINT"))})"],
            Inserts =
            [
                $"INSERT INTO many_columns VALUES (1, {string.Join(", ", Numbered(299, number => $"{number}"))})",
                "INSERT INTO many_columns (id) VALUES (2)",
                $"INSERT INTO many_columns VALUES (3, {string.Join(", ", Numbered(299, number => number % 2 == 0 ? "NULL" : "1"))})",
            ],
            Changes = ["UPDATE many_columns SET c299 = -1, c8 = NULL WHERE id <= 2", $"UPDATE many_columns SET {string.Join(", ", Numbered(299, number => $"c{number} = {300 - number}"))} WHERE id = 3"],
        },
    ];

    private static IEnumerable<string> Numbered(int count, Func<int, string> text) => Enumerable.Range(1, count).Select(text);
}
