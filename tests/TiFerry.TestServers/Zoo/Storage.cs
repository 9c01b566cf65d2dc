namespace TiFerry.TestServers.Zoo;

/// <summary>Partitions, engines and what only the storage sees.</summary>
internal static class Storage
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("empty_table", "a table without rows at the time of the copy; its first rows come later", Servers.All)
        {
            Create = ["CREATE TABLE empty_table (id INT PRIMARY KEY, v VARCHAR(10))", "CREATE TABLE empty_table_without_key (v VARCHAR(10))"],
            Changes = ["INSERT INTO empty_table VALUES (1, 'first')", "INSERT INTO empty_table_without_key VALUES ('first'), ('first')"],
        },
        new("partitions", "every way of partitioning; NULL and rows that move to another partition", Servers.All)
        {
            Create =
            [
                """
                CREATE TABLE partition_range (id INT, d DATE NOT NULL, v INT, PRIMARY KEY (id, d)) ENGINE = InnoDB PARTITION BY RANGE (TO_DAYS(d))
                  (PARTITION p2023 VALUES LESS THAN (TO_DAYS('2024-01-01')), PARTITION p2024 VALUES LESS THAN (TO_DAYS('2025-01-01')), PARTITION later VALUES LESS THAN MAXVALUE)
                """,
                "CREATE TABLE partition_list (id INT, kind INT, v INT, KEY (id)) ENGINE = InnoDB PARTITION BY LIST (kind) (PARTITION low VALUES IN (1, 2, NULL), PARTITION high VALUES IN (10, 20))",
                "CREATE TABLE partition_hash (id INT PRIMARY KEY, v INT) ENGINE = InnoDB PARTITION BY HASH (id) PARTITIONS 4",
                "CREATE TABLE partition_key (k VARCHAR(20) PRIMARY KEY, v INT) ENGINE = InnoDB PARTITION BY KEY (k) PARTITIONS 3",
                """
                CREATE TABLE partition_columns (a INT NOT NULL, b VARCHAR(10) NOT NULL, v INT, PRIMARY KEY (b, a)) ENGINE = InnoDB PARTITION BY RANGE COLUMNS (b, a)
                  (PARTITION m VALUES LESS THAN ('m', 5), PARTITION z VALUES LESS THAN (MAXVALUE, MAXVALUE))
                """,
                """
                CREATE TABLE partition_sub (id INT NOT NULL, y INT NOT NULL, v INT, PRIMARY KEY (id, y)) ENGINE = InnoDB PARTITION BY RANGE (y) SUBPARTITION BY HASH (id) SUBPARTITIONS 2
                  (PARTITION old VALUES LESS THAN (2000), PARTITION young VALUES LESS THAN MAXVALUE)
                """,
            ],
            Inserts =
            [
                "INSERT INTO partition_range VALUES (1, '2023-06-01', 1), (2, '2024-06-01', 2), (3, '2030-01-01', 3)",
                "INSERT INTO partition_list VALUES (1, 1, 1), (2, NULL, 2), (3, 20, 3), (3, 20, 3)",
                "INSERT INTO partition_hash VALUES (1, 1), (2, 2), (3, 3), (-4, 4), (0, 5)",
                "INSERT INTO partition_key VALUES ('a', 1), ('B', 2), ('', 3), ('ü', 4)",
                "INSERT INTO partition_columns VALUES (1, 'a', 1), (5, 'm', 2), (4, 'm', 3), (1, 'z', 4)",
                "INSERT INTO partition_sub VALUES (1, 1990, 1), (2, 2020, 2), (3, 1999, 3)",
            ],
            Changes =
            [
                "UPDATE partition_range SET d = '2026-01-01' WHERE id = 1",
                "UPDATE partition_list SET kind = 10 WHERE kind IS NULL",
                "DELETE FROM partition_hash WHERE id = -4",
                "UPDATE partition_key SET k = 'c' WHERE v = 2",
                "UPDATE partition_columns SET a = 9 WHERE v = 3",
                "UPDATE partition_sub SET y = 2001 WHERE id = 1",
            ],
        },
        new("myisam", "an engine without transactions: no consistent snapshot, rows logged at once", Servers.All)
        {
            Create = ["CREATE TABLE myisam (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20), t TEXT, FULLTEXT KEY (t)) ENGINE = MyISAM", "CREATE TABLE myisam_without_key (a INT, b CHAR(5)) ENGINE = MyISAM"],
            Inserts = ["INSERT INTO myisam VALUES (1, 'one', 'the quick brown fox'), (2, '', NULL), (0, 'zero', '')", "INSERT INTO myisam_without_key VALUES (1, 'x'), (1, 'x'), (NULL, NULL)"],
            Changes = ["UPDATE myisam SET v = 'changed' WHERE id IN (0, 1)", "DELETE FROM myisam WHERE id = 2", "DELETE FROM myisam_without_key WHERE a = 1 LIMIT 1"],
        },
        new("aria", "MariaDB's crash-safe MyISAM", Servers.MariaDb)
        {
            Create = ["CREATE TABLE aria (id INT PRIMARY KEY, v VARCHAR(20)) ENGINE = Aria TRANSACTIONAL = 1"],
            Inserts = ["INSERT INTO aria VALUES (1, 'one'), (2, 'two')"],
            Changes = ["UPDATE aria SET v = 'changed' WHERE id = 1", "DELETE FROM aria WHERE id = 2"],
        },
        new("fulltext", "a full-text index with its hidden document column", Servers.All)
        {
            Create = ["CREATE TABLE fulltext_table (id INT PRIMARY KEY, title VARCHAR(50), body TEXT, FULLTEXT KEY words (title, body)) ENGINE = InnoDB"],
            Inserts = ["INSERT INTO fulltext_table VALUES (1, 'One', 'a body of text'), (2, NULL, NULL), (3, '', '')"],
            Changes = ["UPDATE fulltext_table SET body = 'another body' WHERE id = 2", "DELETE FROM fulltext_table WHERE id = 3"],
        },
        new("row_formats", "row formats and compressed pages", Servers.All)
        {
            Create = ["CREATE TABLE row_format_redundant (id INT PRIMARY KEY, v VARCHAR(100)) ENGINE = InnoDB ROW_FORMAT = REDUNDANT", "CREATE TABLE row_format_dynamic (id INT PRIMARY KEY, v VARCHAR(100)) ENGINE = InnoDB ROW_FORMAT = COMPACT STATS_PERSISTENT = 0"],
            Inserts = ["INSERT INTO row_format_redundant VALUES (1, 'one'), (2, NULL)", "INSERT INTO row_format_dynamic VALUES (1, 'one'), (2, NULL)"],
            Changes = ["UPDATE row_format_redundant SET v = 'x' WHERE id = 2", "UPDATE row_format_dynamic SET v = 'x' WHERE id = 2"],
        },
        new("compressed_columns", "MariaDB's COMPRESSED columns have types of their own in the binary log", Servers.MariaDb)
        {
            Create = ["CREATE TABLE compressed_columns (id INT PRIMARY KEY, v VARCHAR(1000) COMPRESSED, t TEXT COMPRESSED, b LONGBLOB COMPRESSED, x VARBINARY(500) COMPRESSED)"],
            Inserts = ["INSERT INTO compressed_columns VALUES (1, REPEAT('v', 1000), REPEAT('text ', 1000), REPEAT(0x00FF, 50000), REPEAT(0x5C, 500)), (2, '', '', '', ''), (3, 'short', 'ü', 0x27, 0x5C), (4, NULL, NULL, NULL, NULL)"],
            Changes = ["UPDATE compressed_columns SET v = REPEAT('w', 500), b = REPEAT(0x01, 100000) WHERE id IN (1, 4)", "UPDATE compressed_columns SET t = '' WHERE id = 3", "DELETE FROM compressed_columns WHERE id = 2"],
        },
        new("sequence", "MariaDB's sequences look like tables", Servers.MariaDb)
        {
            Create = ["CREATE SEQUENCE numbers START WITH 100 INCREMENT BY 10", "CREATE TABLE sequence_user (id BIGINT DEFAULT (NEXT VALUE FOR numbers) PRIMARY KEY, v INT)"],
            Inserts = ["INSERT INTO sequence_user (v) VALUES (1), (2)"],
            Changes = ["INSERT INTO sequence_user (v) VALUES (3)"],
        },
        new("system_versioned", "MariaDB's system-versioned tables hold past rows that SELECT does not show", Servers.MariaDb)
        {
            Create = ["CREATE TABLE system_versioned (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING"],
            Inserts = ["INSERT INTO system_versioned VALUES (1, 1), (2, 2), (3, 3)", "UPDATE system_versioned SET v = 10 WHERE id = 1"],
            Changes = ["UPDATE system_versioned SET v = 20 WHERE id = 2", "DELETE FROM system_versioned WHERE id = 3"],
        },
    ];
}
