using System.Globalization;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Apply;

/// <summary>
/// Random transactions over few keys, so that keys change, come back, swap unique values, and differ only by case or trailing spaces.
/// </summary>
/// <param name="random">What decides.</param>
/// <param name="keys">How many different values a key column has.</param>
internal sealed class RandomWorkload(Random random, int keys)
{
    private static readonly string[] Tables = ["num", "txt", "pair", "uniq", "calc"];

    public static IEnumerable<string> Definitions =>
    [
        "CREATE TABLE num (id INT PRIMARY KEY, u INT NULL UNIQUE, v VARCHAR(20))",
        "CREATE TABLE txt (k VARCHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, u INT NULL UNIQUE, v VARCHAR(20))",
        "CREATE TABLE pair (a INT NOT NULL, b VARBINARY(8) NOT NULL, u INT, v VARCHAR(20), PRIMARY KEY (a, b))",
        "CREATE TABLE uniq (d DECIMAL(10,3) NOT NULL UNIQUE, t DATETIME NOT NULL, e ENUM('x','y','z'), u INT NULL UNIQUE, v VARCHAR(20))",
        "CREATE TABLE calc (f DOUBLE NOT NULL PRIMARY KEY, u INT, v VARCHAR(20), c BIT(40))",
        "CREATE TABLE heap (u INT, v VARCHAR(20) CHARACTER SET latin1, w DOUBLE)",
    ];

    /// <summary>Runs transactions.</summary>
    public async Task RunAsync(TestServer server, string database, int transactions, bool withKeyless)
    {
        await using var connection = await server.ConnectAsync(database);
        for (var i = 0; i < transactions; i++)
        {
            await connection.RunAsync("BEGIN");
            for (var left = random.Next(1, 8); left > 0; left--)
                await connection.RunAsync(withKeyless && random.Next(5) == 0 ? Keyless() : Keyed(Tables[random.Next(Tables.Length)]));
            await connection.RunAsync("COMMIT");
        }
    }

    private string Keyed(string table) => random.Next(6) switch
    {
        0 => $"INSERT IGNORE INTO {table} {Row(table)}",
        1 => $"REPLACE INTO {table} {Row(table)}",
        2 => $"UPDATE IGNORE {table} SET {KeyColumn(table)} = {Key(table)}, v = '{Word()}' WHERE {Which(table)}",
        3 => $"UPDATE IGNORE {table} SET u = {Unique()} WHERE {Which(table)} LIMIT 3",
        4 => $"DELETE FROM {table} WHERE {Which(table)} LIMIT 4",
        _ => $"INSERT INTO {table} {Row(table)} ON DUPLICATE KEY UPDATE v = '{Word()}'",
    };

    private string Keyless() => random.Next(4) switch
    {
        0 => $"UPDATE heap SET u = u + 1 WHERE u = {random.Next(keys)} LIMIT 1",
        1 => $"DELETE FROM heap WHERE u = {random.Next(keys)} LIMIT 1",
        _ => $"INSERT INTO heap VALUES ({random.Next(keys)}, '{Word()}', {Fraction()}), ({random.Next(keys)}, NULL, -0e0)",
    };

    private string Row(string table) => table switch
    {
        "uniq" => $"(d, t, e, u, v) VALUES ({Key(table)}, '2024-02-{random.Next(1, 29):00} 10:00:00', {random.Next(1, 4)}, {Unique()}, '{Word()}')",
        "pair" => $"(a, b, u, v) VALUES ({random.Next(keys)}, {Key(table)}, {Unique()}, '{Word()}')",
        "calc" => $"(f, u, v, c) VALUES ({Key(table)}, {Unique()}, '{Word()}', {random.Next()})",
        _ => $"({KeyColumn(table)}, u, v) VALUES ({Key(table)}, {Unique()}, '{Word()}')",
    };

    private string Which(string table) => random.Next(2) == 0 ? $"{KeyColumn(table)} = {Key(table)}" : $"u = {random.Next(keys)}";

    private static string KeyColumn(string table) => table switch { "num" => "id", "txt" => "k", "pair" => "b", "uniq" => "d", _ => "f" };

    private string Key(string table) => table switch
    {
        "num" => random.Next(-keys / 2, keys).ToString(CultureInfo.InvariantCulture),
        "txt" => $"'{(random.Next(2) == 0 ? "k" : "K")}{random.Next(keys)}{new string(' ', random.Next(3))}'",
        "pair" => $"x'{random.Next(keys):x4}{(random.Next(2) == 0 ? "00" : "")}'",
        "uniq" => string.Create(CultureInfo.InvariantCulture, $"{random.Next(-keys, keys)}.5"),
        _ => Fraction(),
    };

    private string Fraction() => random.Next(keys) switch { 0 => "0e0", 1 => "-0e0", var n => string.Create(CultureInfo.InvariantCulture, $"{n}.1e{random.Next(-3, 3)}") };

    private string Unique() => random.Next(3) == 0 ? "NULL" : random.Next(keys).ToString(CultureInfo.InvariantCulture);

    private string Word() => new((char)('a' + random.Next(26)), random.Next(10));
}
