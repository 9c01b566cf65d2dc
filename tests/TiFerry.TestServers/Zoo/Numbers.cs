namespace TiFerry.TestServers.Zoo;

internal static class Numbers
{
    public static IReadOnlyList<ZooEntry> Entries { get; } =
    [
        new("integers", "sign and width of every integer type; unsigned values above the signed maximum", Servers.All)
        {
            Create =
            [
                """
                CREATE TABLE integers (id INT PRIMARY KEY, t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, su SMALLINT UNSIGNED, m MEDIUMINT, mu MEDIUMINT UNSIGNED,
                  i INT, iu INT UNSIGNED, b BIGINT, bu BIGINT UNSIGNED, z INT(7) UNSIGNED ZEROFILL, bo BOOL)
                """,
            ],
            Inserts =
            [
                "INSERT INTO integers VALUES (1, -128, 0, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, 0, 0)",
                "INSERT INTO integers VALUES (2, 127, 255, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615, 4294967295, 1)",
                "INSERT INTO integers VALUES (3, -1, 128, -1, 32768, -1, 8388608, -1, 2147483648, -1, 9223372036854775808, 42, TRUE)",
                "INSERT INTO integers (id) VALUES (4)",
                "INSERT INTO integers VALUES (5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
            ],
            Changes =
            [
                "UPDATE integers SET tu = 254, su = 65534, mu = 16777214, iu = 4294967294, bu = 18446744073709551614 WHERE id = 2",
                "UPDATE integers SET t = NULL, b = NULL WHERE id = 3",
                "UPDATE integers SET bu = 9223372036854775809 WHERE id = 4",
                "DELETE FROM integers WHERE id = 5",
                "INSERT INTO integers SELECT 6, t, tu, s, su, m, mu, i, iu, b, bu, z, bo FROM integers WHERE id = 1",
            ],
        },
        new("decimals", "packed decimals of odd widths, sign, all digits kept", Servers.All)
        {
            Create =
            [
                """
                CREATE TABLE decimals (id INT PRIMARY KEY, d1 DECIMAL(1,0), d99 DECIMAL(9,9), d105 DECIMAL(10,5), d189 DECIMAL(18,9), d1910 DECIMAL(19,10), d650 DECIMAL(65,0), d6530 DECIMAL(65,30),
                  d52 DECIMAL(5,2) UNSIGNED ZEROFILL, d20 DECIMAL(20,6), d11 DECIMAL(1,1), d28 DECIMAL(28,1))
                """,
            ],
            Inserts =
            [
                """
                INSERT INTO decimals VALUES (1, 9, 0.999999999, 99999.99999, 999999999.999999999, 999999999.9999999999, 99999999999999999999999999999999999999999999999999999999999999999,
                  99999999999999999999999999999999999.999999999999999999999999999999, 999.99, 99999999999999.999999, 0.9, 999999999999999999999999999.9)
                """,
                """
                INSERT INTO decimals VALUES (2, -9, -0.999999999, -99999.99999, -999999999.999999999, -999999999.9999999999, -99999999999999999999999999999999999999999999999999999999999999999,
                  -99999999999999999999999999999999999.999999999999999999999999999999, 0, -99999999999999.999999, -0.9, -999999999999999999999999999.9)
                """,
                "INSERT INTO decimals VALUES (3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
                "INSERT INTO decimals VALUES (4, -1, -0.000000001, -0.00001, 0.000000001, -0.0000000001, 1, -0.000000000000000000000000000001, 0.01, -0.000001, 0.1, -0.1)",
                "INSERT INTO decimals VALUES (5, 1, 0.1, 1.1, 10000000000000000000 / 10000000001, 1234567.0123, 100000000000000000000, 1.000000000000000000000000000001, 7.5, 1000000001.000001, 0, 10)",
                "INSERT INTO decimals (id) VALUES (6)",
            ],
            Changes =
            [
                "UPDATE decimals SET d6530 = -d6530, d650 = d650 - 1 WHERE id <= 2",
                "UPDATE decimals SET d189 = -0.000000010 WHERE id = 6",
                "DELETE FROM decimals WHERE id = 3",
            ],
        },
        new("decimals_scale_38", "MariaDB's larger scale", Servers.MariaDb)
        {
            Create = ["CREATE TABLE decimals_scale_38 (id INT PRIMARY KEY, d DECIMAL(65,38))"],
            Inserts = ["INSERT INTO decimals_scale_38 VALUES (1, 999999999999999999999999999.99999999999999999999999999999999999999), (2, -0.00000000000000000000000000000000000001), (3, NULL)"],
            Changes = ["UPDATE decimals_scale_38 SET d = -d WHERE id = 1"],
        },
        new("floats", "a FLOAT's text has six digits only, so a copy through text changes it; negative zero, subnormals, limits", Servers.All)
        {
            Create = ["CREATE TABLE floats (id INT PRIMARY KEY, f FLOAT, d DOUBLE, fu FLOAT UNSIGNED, f73 FLOAT(7,3), d102 DOUBLE(10,2))"],
            Inserts =
            [
                "INSERT INTO floats VALUES (1, 3.402823466e38, 1.7976931348623157e308, 3.402823466e38, 9999.999, 99999999.99)",
                "INSERT INTO floats VALUES (2, -3.402823466e38, -1.7976931348623157e308, 0, -9999.999, -99999999.99)",
                "INSERT INTO floats VALUES (3, 1.175494351e-38, 2.2250738585072014e-308, 1e38, 0.001, 0.01)",
                "INSERT INTO floats VALUES (4, 1.4e-45, 5e-324, 1e-38, -0.001, -0.01)",
                "INSERT INTO floats VALUES (5, '-0', '-0', 0, '-0', '-0')",
                "INSERT INTO floats VALUES (6, 16777215, 9007199254740993, 16777215, 1234.567, 12345678.91)",
                "INSERT INTO floats VALUES (7, 1e0 / 3, 1e0 / 3, 2e0 / 3, 1e0 / 3, 1e0 / 3)",
                "INSERT INTO floats VALUES (8, 8388607.5, 0.1, 123456.789, 1.0005, 0.005)",
                "INSERT INTO floats (id) VALUES (9)",
                "INSERT INTO floats VALUES (10, 0.1, 0.30000000000000004, 0.1, 0.1, 0.1)",
            ],
            Changes =
            [
                "UPDATE floats SET f = 16777213, d = 0.1 + 0.2e0 WHERE id = 6",
                "UPDATE floats SET f = -f, d = -d WHERE id IN (3, 4, 7)",
                "DELETE FROM floats WHERE id = 8",
            ],
        },
        new("bits", "BIT of every byte width; leading zero bytes and the all-ones value", Servers.All)
        {
            Create = ["CREATE TABLE bits (id INT PRIMARY KEY, b1 BIT(1), b5 BIT(5), b8 BIT(8), b9 BIT(9) NOT NULL DEFAULT b'101', b33 BIT(33), b64 BIT(64))"],
            Inserts =
            [
                "INSERT INTO bits VALUES (1, b'0', b'0', b'0', b'0', b'0', b'0')",
                "INSERT INTO bits VALUES (2, b'1', b'11111', 0xFF, 0x01FF, 0x01FFFFFFFF, 0xFFFFFFFFFFFFFFFF)",
                "INSERT INTO bits VALUES (3, b'1', b'10000', 0x27, 0x5C, 0x0100000000, 0x8000000000000000)",
                "INSERT INTO bits (id) VALUES (4)",
            ],
            Changes = ["UPDATE bits SET b1 = b1 ^ 1, b64 = 0x275C00 WHERE id < 4", "DELETE FROM bits WHERE id = 4"],
        },
    ];
}
