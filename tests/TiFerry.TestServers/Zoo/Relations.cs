namespace TiFerry.TestServers.Zoo;

/// <summary>Tables that depend on others: foreign keys, views, triggers.</summary>
internal static class Relations
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("foreign_keys", "a child that sorts before its parent; cascades that InnoDB runs without writing them to the binary log", Servers.All)
        {
            Create =
            [
                "CREATE TABLE fk_z_parent (id INT PRIMARY KEY, name VARCHAR(10), UNIQUE KEY (name)) ENGINE = InnoDB",
                "CREATE TABLE fk_a_cascade (id INT PRIMARY KEY, parent INT NOT NULL, v INT, CONSTRAINT fk_a FOREIGN KEY (parent) REFERENCES fk_z_parent (id) ON DELETE CASCADE ON UPDATE CASCADE) ENGINE = InnoDB",
                "CREATE TABLE fk_b_set_null (id INT PRIMARY KEY, parent_name VARCHAR(10) NULL, CONSTRAINT fk_b FOREIGN KEY (parent_name) REFERENCES fk_z_parent (name) ON DELETE SET NULL ON UPDATE CASCADE) ENGINE = InnoDB",
                "CREATE TABLE fk_c_restrict (id INT PRIMARY KEY, a_id INT, CONSTRAINT fk_c FOREIGN KEY (a_id) REFERENCES fk_a_cascade (id) ON DELETE CASCADE) ENGINE = InnoDB",
            ],
            Inserts =
            [
                "INSERT INTO fk_z_parent VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, NULL)",
                "INSERT INTO fk_a_cascade VALUES (10, 1, 1), (11, 1, 2), (20, 2, 3), (30, 3, 4)",
                "INSERT INTO fk_b_set_null VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, NULL)",
                "INSERT INTO fk_c_restrict VALUES (1, 10), (2, 20), (3, 30), (4, NULL)",
            ],
            Changes =
            [
                "DELETE FROM fk_z_parent WHERE id = 1",
                "UPDATE fk_z_parent SET id = 22, name = 'deux' WHERE id = 2",
                "INSERT INTO fk_a_cascade VALUES (31, 3, 5)",
                "UPDATE fk_c_restrict SET a_id = 31 WHERE id = 4",
            ],
        },
        new("foreign_key_self", "rows that refer to rows of the same table, later ones included; a tree that is deleted from its root", Servers.All)
        {
            Create = ["CREATE TABLE fk_self (id INT PRIMARY KEY, boss INT NULL, CONSTRAINT fk_boss FOREIGN KEY (boss) REFERENCES fk_self (id) ON DELETE CASCADE) ENGINE = InnoDB"],
            Inserts = ["INSERT INTO fk_self VALUES (5, NULL), (1, 5), (2, 1), (3, 2), (9, NULL), (4, 9)", "INSERT INTO fk_self VALUES (7, 7)"],
            Changes = ["DELETE FROM fk_self WHERE id = 1", "UPDATE fk_self SET boss = 5 WHERE id = 4", "INSERT INTO fk_self VALUES (0, 4)"],
        },
        new("foreign_key_cycle", "two tables that refer to each other: no order of creation or of rows satisfies both", Servers.All)
        {
            Create =
            [
                "CREATE TABLE fk_cycle_one (id INT PRIMARY KEY, two INT NULL, KEY (two)) ENGINE = InnoDB",
                "CREATE TABLE fk_cycle_two (id INT PRIMARY KEY, one INT NULL, CONSTRAINT fk_to_one FOREIGN KEY (one) REFERENCES fk_cycle_one (id) ON DELETE SET NULL) ENGINE = InnoDB",
                "ALTER TABLE fk_cycle_one ADD CONSTRAINT fk_to_two FOREIGN KEY (two) REFERENCES fk_cycle_two (id) ON DELETE SET NULL",
            ],
            Inserts =
            [
                "INSERT INTO fk_cycle_one VALUES (1, NULL), (2, NULL)",
                "INSERT INTO fk_cycle_two VALUES (1, 1), (2, 2)",
                "UPDATE fk_cycle_one SET two = 3 - id",
            ],
            Changes = ["DELETE FROM fk_cycle_two WHERE id = 2", "INSERT INTO fk_cycle_two VALUES (3, 1)", "UPDATE fk_cycle_one SET two = 3 WHERE id = 2"],
        },
        new("views", "views that depend on each other against the alphabet; a view's columns renamed; a view over a join", Servers.All)
        {
            Create =
            [
                "CREATE TABLE view_base (id INT PRIMARY KEY, a INT, b VARCHAR(10))",
                "CREATE VIEW view_c AS SELECT id, a, b FROM view_base WHERE a > 0 WITH CHECK OPTION",
                "CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW view_b (`x y`, z) AS SELECT id, CONCAT(b, '''s') FROM view_c",
                "CREATE ALGORITHM = TEMPTABLE VIEW view_a AS SELECT left_side.`x y`, COUNT(*) AS n FROM view_b left_side JOIN view_c right_side ON left_side.`x y` = right_side.id GROUP BY left_side.`x y`",
            ],
            Inserts = ["INSERT INTO view_base VALUES (1, 1, 'one'), (2, -2, 'two'), (3, 3, NULL)"],
            Changes = ["UPDATE view_c SET b = 'changed' WHERE id = 1", "DELETE FROM view_base WHERE id = 2"],
        },
        new("triggers", "what triggers wrote is in the binary log already; a target that fires them again doubles it", Servers.All)
        {
            Create =
            [
                "CREATE TABLE trigger_base (id INT PRIMARY KEY, v INT, stamped VARCHAR(20))",
                "CREATE TABLE trigger_log (n INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(20), id INT)",
                "CREATE TRIGGER trigger_base_insert BEFORE INSERT ON trigger_base FOR EACH ROW SET NEW.stamped = CONCAT(IFNULL(NEW.stamped, ''), '+'), NEW.v = NEW.v + 1",
                "CREATE TRIGGER trigger_base_update AFTER UPDATE ON trigger_base FOR EACH ROW BEGIN INSERT INTO trigger_log (what, id) VALUES ('update', NEW.id); INSERT INTO trigger_log (what, id) VALUES ('old', OLD.v); END",
                "CREATE TRIGGER trigger_base_delete AFTER DELETE ON trigger_base FOR EACH ROW INSERT INTO trigger_log (what, id) VALUES ('delete', OLD.id)",
            ],
            Inserts = ["INSERT INTO trigger_base (id, v) VALUES (1, 1), (2, 2), (3, NULL)"],
            Changes = ["UPDATE trigger_base SET v = v + 10 WHERE id <= 2", "DELETE FROM trigger_base WHERE id = 1", "INSERT INTO trigger_base VALUES (4, 4, 'four')"],
        },
    ];
}
