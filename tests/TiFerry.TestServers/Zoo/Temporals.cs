namespace TiFerry.TestServers.Zoo;

internal static class Temporals
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("dates", "zero, partly zero and invalid dates; the ends of the ranges; YEAR 0000", Servers.All)
        {
            Create = ["CREATE TABLE dates (id INT PRIMARY KEY, d DATE, y YEAR, n DATE NOT NULL DEFAULT '0000-00-00')"],
            Inserts =
            [
                """
                INSERT INTO dates VALUES (1, '0000-00-00', 0, '0000-00-00'), (2, '1000-01-01', 1901, '0001-01-01'), (3, '9999-12-31', 2155, '9999-12-31'), (4, '2023-02-31', 2000, '2023-00-00'),
                  (5, '2024-00-15', 1970, '2024-02-29'), (6, '0000-01-01', 2069, '1969-12-31'), (7, NULL, NULL, '1582-10-10')
                """,
            ],
            Changes = ["UPDATE dates SET d = '2023-04-31', y = 2026 WHERE id IN (1, 7)", "UPDATE dates SET d = '0000-00-00' WHERE id = 3", "DELETE FROM dates WHERE id = 5"],
        },
        new("times", "negative times and negative fractions, whose stored form borrows from the integer part; every precision", Servers.All)
        {
            Create = ["CREATE TABLE times (id INT PRIMARY KEY, t0 TIME, t1 TIME(1), t2 TIME(2), t3 TIME(3), t4 TIME(4), t5 TIME(5), t6 TIME(6))"],
            Inserts =
            [
                "INSERT INTO times VALUES (1, '838:59:59', '838:59:58.9', '838:59:58.99', '838:59:58.999', '838:59:58.9999', '838:59:58.99999', '838:59:58.999999')",
                "INSERT INTO times VALUES (2, '-838:59:59', '-838:59:58.9', '-838:59:58.99', '-838:59:58.999', '-838:59:58.9999', '-838:59:58.99999', '-838:59:58.999999')",
                "INSERT INTO times VALUES (3, '00:00:00', '-00:00:00.1', '-00:00:00.01', '-00:00:00.001', '-00:00:00.0001', '-00:00:00.00001', '-00:00:00.000001')",
                "INSERT INTO times VALUES (4, '-00:00:01', '-00:00:01.0', '-00:00:01.50', '-01:00:00.000', '-00:01:00.2500', '-00:00:59.99999', '-23:59:59.900000')",
                "INSERT INTO times VALUES (5, '23:59:59', '12:34:56.7', '12:34:56.78', '12:34:56.789', '12:34:56.7890', '12:34:56.78901', '12:34:56.789012')",
                "INSERT INTO times (id) VALUES (6)",
            ],
            Changes =
            [
                "UPDATE times SET t1 = '-00:00:00.9', t3 = '-00:00:00.255', t6 = '-00:00:00.065536' WHERE id IN (1, 6)",
                "DELETE FROM times WHERE id = 4",
            ],
        },
        new("datetimes", "every precision; zero, invalid and extreme moments", Servers.All)
        {
            Create =
            [
                "CREATE TABLE datetimes (id INT PRIMARY KEY, d0 DATETIME, d1 DATETIME(1), d2 DATETIME(2), d3 DATETIME(3), d4 DATETIME(4), d5 DATETIME(5), d6 DATETIME(6), u DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3))",
            ],
            Inserts =
            [
                "INSERT INTO datetimes VALUES (1, '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00', '0000-00-00')",
                "INSERT INTO datetimes VALUES (2, '9999-12-31 23:59:59', '9999-12-31 23:59:59.9', '9999-12-31 23:59:59.99', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.9999', '9999-12-31 23:59:59.99999', '9999-12-31 23:59:59.999999', NULL)",
                "INSERT INTO datetimes VALUES (3, '1000-01-01 00:00:00', '1000-01-01 00:00:00.1', '1000-01-01 00:00:00.01', '1000-01-01 00:00:00.001', '1000-01-01 00:00:00.0001', '1000-01-01 00:00:00.00001', '1000-01-01 00:00:00.000001', '1970-01-01 00:00:00')",
                "INSERT INTO datetimes VALUES (4, '2023-02-31 12:00:00', '2023-00-10 01:02:03.4', '2023-10-00 01:02:03.45', '2023-00-00 23:59:59.000', '0000-12-31 01:02:03.4567', '2024-02-30 00:00:00.00000', '0000-00-00 00:00:00.000000', '2023-02-31 00:00:00.5')",
                "INSERT INTO datetimes (id, u) VALUES (5, NULL)",
            ],
            Changes =
            [
                "UPDATE datetimes SET d6 = '2026-03-29 02:30:00.000001', u = '2001-02-03 04:05:06.789' WHERE id IN (1, 5)",
                "UPDATE datetimes SET d0 = '2026-01-02 03:04:05' WHERE id = 2",
                "DELETE FROM datetimes WHERE id = 4",
            ],
        },
        new("timestamps", "zero and the ends of the epoch; the hours around a clock change exist twice outside UTC; ON UPDATE must not fire on the target", Servers.All)
        {
            Create =
            [
                """
                CREATE TABLE timestamps (id INT PRIMARY KEY, t0 TIMESTAMP NULL, t1 TIMESTAMP(1) NULL, t2 TIMESTAMP(2) NULL, t3 TIMESTAMP(3) NULL, t4 TIMESTAMP(4) NULL, t5 TIMESTAMP(5) NULL, t6 TIMESTAMP(6) NULL,
                  n TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', u TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))
                """,
            ],
            Inserts =
            [
                "INSERT INTO timestamps VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
                "INSERT INTO timestamps VALUES (2, '1970-01-01 00:00:01', '1970-01-01 00:00:01.1', '1970-01-01 00:00:01.01', '1970-01-01 00:00:01.001', '1970-01-01 00:00:01.0001', '1970-01-01 00:00:01.00001', '1970-01-01 00:00:01.000001', '1970-01-01 00:00:01', '1970-01-01 00:00:01')",
                "INSERT INTO timestamps VALUES (3, '2038-01-19 03:14:07', '2038-01-19 03:14:07', '2038-01-19 03:14:07', '2038-01-19 03:14:07', '2038-01-19 03:14:07', '2038-01-19 03:14:07', '2038-01-19 03:14:06.999999', '2038-01-19 03:14:07', '2038-01-19 03:14:07')",
                "INSERT INTO timestamps VALUES (4, '2026-03-29 01:30:00', '2026-10-25 00:30:00.5', '2026-10-25 01:30:00.55', '2026-03-29 00:59:59.999', '2026-03-29 01:00:00.0001', '2026-10-25 00:59:59.99999', '2026-10-25 01:00:00.000001', '2026-03-29 02:30:00', '2026-10-25 02:30:00')",
                "INSERT INTO timestamps (id, u) VALUES (5, '2020-01-01 00:00:00')",
            ],
            Changes =
            [
                "UPDATE timestamps SET t0 = '2026-10-25 01:30:00' WHERE id IN (1, 5)",
                "UPDATE timestamps SET t6 = NULL, u = u WHERE id = 3",
                "DELETE FROM timestamps WHERE id = 2",
            ],
        },
        new("old_temporals", "columns from before the fractional formats keep the old types in the binary log", Servers.MariaDb)
        {
            Create =
            [
                "SET GLOBAL mysql56_temporal_format = OFF",
                "CREATE TABLE old_temporals (id INT PRIMARY KEY, t TIME, d DATETIME, s TIMESTAMP NULL)",
                "SET GLOBAL mysql56_temporal_format = ON",
            ],
            Inserts =
            [
                "INSERT INTO old_temporals VALUES (1, '-838:59:59', '0000-00-00', 0), (2, '838:59:59', '9999-12-31 23:59:59', '2038-01-19 03:14:07'), (3, '-00:00:01', '2023-02-31 01:02:03', '1970-01-01 00:00:01'), (4, NULL, NULL, NULL)",
            ],
            Changes = ["UPDATE old_temporals SET t = '-12:34:56', d = '2026-01-02 03:04:05', s = '2026-01-02 03:04:05' WHERE id IN (1, 4)", "DELETE FROM old_temporals WHERE id = 2"],
        },
    ];
}
