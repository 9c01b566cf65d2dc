using System.Buffers;
using System.Globalization;
using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Tests.Events;
using TiFerry.Binlog.Values;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Values;

/// <summary>Random values of types whose text has many shapes, compared with what the server prints.</summary>
public sealed class RandomValueTests
{
    private const int Count = 2000;

    public static TheoryData<ServerKind> Kinds => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Floating_point_numbers(ServerKind kind)
    {
        var random = new Random(4711);
        await CompareAsync(kind, "d DOUBLE, f FLOAT", _ => $"{Text(RandomDouble(random))}, {Text(RandomSingle(random))}");
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Decimals_and_times(ServerKind kind)
    {
        var random = new Random(4712);
        await CompareAsync(
            kind,
            "a DECIMAL(65,30), b DECIMAL(17,8), c DECIMAL(9,0), t0 TIME, t3 TIME(3), t5 TIME(5), t6 TIME(6), s1 TIMESTAMP(1) NULL, s4 TIMESTAMP(4) NULL, d2 DATETIME(2), d6 DATETIME(6)",
            _ => string.Join(", ",
                RandomDecimal(random, 35, 30), RandomDecimal(random, 9, 8), RandomDecimal(random, 9, 0),
                RandomTime(random), RandomTime(random), RandomTime(random), RandomTime(random), RandomDateTime(random, 1971, 2037), RandomDateTime(random, 1971, 2037),
                RandomDateTime(random, 1000, 9999), RandomDateTime(random, 0, 9998)));
    }

    [SkippableFact]
    public async Task Json_numbers()
    {
        var random = new Random(4713);
        await CompareAsync(
            ServerKind.MySql97, "j JSON",
            _ => $"JSON_ARRAY({Text(RandomDouble(random))}, {random.NextInt64(long.MinValue, long.MaxValue)}, CAST({RandomDecimal(random, 35, 30)} AS DECIMAL(65,30)), "
                + $"CAST({RandomTime(random)} AS TIME(6)), CAST({RandomDateTime(random, 1000, 9999)} AS DATETIME(6)), CAST({RandomDateTime(random, 1000, 9999)} AS DATE), "
                + $"UNHEX('{Convert.ToHexString(Encoding.UTF8.GetBytes(RandomText(random)))}'), CONVERT(UNHEX('{Convert.ToHexString(Encoding.UTF8.GetBytes(RandomText(random)))}') USING utf8mb4))");
    }

    private static async Task CompareAsync(ServerKind kind, string columns, Func<int, string> row)
    {
        await using var log = await ServerLog.StartAsync(kind);
        await log.ExecuteAsync("SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES'", "CREATE DATABASE d", $"CREATE TABLE d.t (id INT PRIMARY KEY, {columns})");
        for (var i = 0; i < Count; i += 100)
            await log.ExecuteAsync($"INSERT INTO d.t VALUES {string.Join(", ", Enumerable.Range(i, 100).Select(id => $"({id}, {row(id)})"))}");
        var expected = await log.Connection.QueryRowsAsync("SELECT * FROM d.t ORDER BY id", default);

        var faults = new List<string>();
        var writer = new ArrayBufferWriter<byte>();
        var rowCount = 0;
        await log.ReadAsync(e =>
        {
            if (e is not RowsEvent rows)
                return;
            foreach (var change in rows)
            {
                var reader = new RowImageReader(rows.TableMap, rows.AfterColumns, change.After);
                while (reader.Read())
                {
                    writer.ResetWrittenCount();
                    reader.Value.WriteText(writer, unsigned: false);
                    var text = Encoding.UTF8.GetString(writer.WrittenSpan);
                    if (text != expected[rowCount][reader.Ordinal])
                        faults.Add($"row {rowCount}, column {reader.Ordinal}: the server prints {expected[rowCount][reader.Ordinal]}, the binlog's value {text}");
                }

                rowCount++;
            }
        });
        Assert.Equal(Count, rowCount);
        Assert.True(faults.Count == 0, $"{faults.Count} values differ:\n{string.Join('\n', faults.Take(20))}");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal) ? text : text + "e0";

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal) ? text : text + "e0";

    /// <summary>Any bits, or a number of few digits, or a whole one, or one between 1e-20 and 1e20.</summary>
    private static double RandomDouble(Random random)
    {
        double value;
        do
        {
            value = random.Next(4) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                1 => Math.Round(random.NextDouble() * 1000, 3) - 500,
                2 => Math.Truncate((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(25))),
                _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 21)),
            };
        }
        while (!double.IsFinite(value) || value != 0 && Math.Abs(value) is < 2.3e-308 or > 1.7e308);
        return value == 0 ? 0 : value;
    }

    private static float RandomSingle(Random random)
    {
        float value;
        do
        {
            value = random.Next(3) switch
            {
                0 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                1 => (float)Math.Round((random.NextDouble() * 100_000) - 50_000, 1),
                _ => random.Next(0, 40_000_000) / 2f,
            };
        }
        while (!float.IsFinite(value) || value != 0 && Math.Abs(value) is < 1.2e-38f or > 3.4e38f);
        return value == 0 ? 0 : value;
    }

    private static string RandomDecimal(Random random, int integerDigits, int scale)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "-" : "");
        text.Append(Digits(random, random.Next(integerDigits + 1)) is { Length: > 0 } integer ? integer : "0");
        if (scale > 0)
            text.Append('.').Append(Digits(random, random.Next(1, scale + 1)));
        return text.ToString();
    }

    private static string Digits(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? '0' : (char)('0' + random.Next(10))));

    private static string RandomTime(Random random) =>
        $"'{(random.Next(2) == 0 ? "-" : "")}{random.Next(838)}:{random.Next(60):00}:{random.Next(59):00}.{(random.Next(3) == 0 ? 0 : random.Next(1_000_000)):000000}'";

    private static string RandomDateTime(Random random, int firstYear, int lastYear) =>
        $"'{random.Next(firstYear, lastYear + 1):0000}-{random.Next(1, 13):00}-{random.Next(1, 29):00} {random.Next(24):00}:{random.Next(60):00}:{random.Next(59):00}.{random.Next(1_000_000):000000}'";

    private static string RandomText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(70)).Select(_ => (char)(random.Next(4) == 0 ? random.Next(0, 128) : random.Next(32, 0x3000))));
}
