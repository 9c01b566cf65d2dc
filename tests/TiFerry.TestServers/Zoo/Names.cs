namespace TiFerry.TestServers.Zoo;

internal static class Names
{
    /// <summary>Backtick, quotes, space, dot, per cent, backslash and letters beyond ASCII.</summary>
    private const string Odd = "`odd ``name`` 50% \"x\" 'y'.z \\ ü表`";

    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("odd_names", "database, table, column, key and view names that need quoting everywhere", Servers.All)
        {
            Create =
            [
                $"CREATE DATABASE {Odd}",
                "CREATE DATABASE `odd.dot-and-dash`",
                $"CREATE TABLE {Odd}.{Odd} ({Odd} INT, `a b` VARCHAR(20), `1` INT, `select` INT, `$d` INT, `ä` INT, PRIMARY KEY {Odd} ({Odd}), UNIQUE KEY `k ``2``` (`a b`))",
                $"CREATE TABLE {Odd}.`order` (`group` INT PRIMARY KEY, `key` INT, `table` VARCHAR(10), `default` INT DEFAULT 3, KEY `index` (`key`)) COMMENT = 'select ; -- '",
                $"CREATE VIEW {Odd}.`view %s` AS SELECT `a b`, {Odd} AS `from` FROM {Odd}.{Odd}",
                "CREATE TABLE `odd.dot-and-dash`.`t.t` (`c.c` INT PRIMARY KEY, `c/c` INT, `c-c` INT, `C:C` INT)",
            ],
            Inserts =
            [
                $"INSERT INTO {Odd}.{Odd} VALUES (1, 'one', 1, 1, 1, 1), (2, 'two', 2, 2, 2, 2)",
                $"INSERT INTO {Odd}.`order` VALUES (1, 1, 'where', 1), (2, 2, 'from', NULL)",
                "INSERT INTO `odd.dot-and-dash`.`t.t` VALUES (1, 1, 1, 1), (2, 2, 2, 2)",
            ],
            Changes =
            [
                $"UPDATE {Odd}.{Odd} SET {Odd} = 3, `1` = 7 WHERE `a b` = 'two'",
                $"DELETE FROM {Odd}.`order` WHERE `group` = 1",
                "UPDATE `odd.dot-and-dash`.`t.t` SET `c.c` = 9 WHERE `c/c` = 2",
            ],
        },
        new("long_names", "names of 64 characters, the most that there is, with three bytes each", Servers.All)
        {
            Create = [$"CREATE TABLE {Long('t')} ({Long('c')} INT PRIMARY KEY, {Long('表')} INT, KEY {Long('k')} ({Long('表')}))"],
            Inserts = [$"INSERT INTO {Long('t')} VALUES (1, 1), (2, NULL)"],
            Changes = [$"UPDATE {Long('t')} SET {Long('表')} = 5 WHERE {Long('c')} = 2"],
        },
        new("case_differs", "two tables whose names differ in case only; the servers run with lower_case_table_names = 0", Servers.All)
        {
            Create = ["CREATE TABLE CaseDiffers (Id INT PRIMARY KEY, V INT)", "CREATE TABLE casediffers (id INT PRIMARY KEY, v VARCHAR(10))"],
            Inserts = ["INSERT INTO CaseDiffers VALUES (1, 1)", "INSERT INTO casediffers VALUES (1, 'one'), (2, 'two')"],
            Changes = ["UPDATE CaseDiffers SET v = 2", "DELETE FROM casediffers WHERE ID = 2"],
        },
    ];

    private static string Long(char letter) => $"`{new string(letter, 64)}`";
}
