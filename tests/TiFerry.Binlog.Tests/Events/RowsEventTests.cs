using System.Buffers;
using System.Globalization;
using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>Which columns images hold, and what table maps tell, as real servers write them.</summary>
public sealed class RowsEventTests
{
    public static TheoryData<ServerKind> Kinds => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Minimal_images_hold_the_key_and_what_changed(ServerKind kind) =>
        Assert.Equal(
            [
                "Write | 0=1 1=one 2=text 3=NULL 4=5",
                "Update 0=1 | 3=7",
                "Update 0=1 | 0=2 1=two",
                "Delete 0=2 |",
            ],
            await ImagesAsync(kind, "--binlog-row-image=MINIMAL"));

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_minimal_image_of_nothing_but_defaults_is_a_row(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(kind, "--binlog-row-image=MINIMAL");
        await log.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (a INT DEFAULT 5)", "INSERT INTO d.t () VALUES ()", "INSERT INTO d.t () VALUES ()");
        var rowCount = 0;
        await log.ReadAsync(e => rowCount += e is RowsEvent rows ? rows.CountRows() : 0);
        Assert.Equal(2, rowCount);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Noblob_images_leave_unchanged_blobs_out(ServerKind kind) =>
        Assert.Equal(
            [
                "Write | 0=1 1=one 2=text 3=NULL 4=5",
                "Update 0=1 1=one 3=NULL 4=5 | 0=1 1=one 3=7 4=5",
                "Update 0=1 1=one 3=7 4=5 | 0=2 1=two 3=7 4=5",
                "Delete 0=2 1=two 3=7 4=5 |",
            ],
            await ImagesAsync(kind, "--binlog-row-image=NOBLOB"));

    [SkippableFact]
    public async Task Partial_json_updates_are_given_whole()
    {
        await using var log = await ServerLog.StartAsync(ServerKind.MySql97, "--binlog-row-value-options=PARTIAL_JSON");
        await log.ExecuteAsync(
            "CREATE DATABASE d",
            "CREATE TABLE d.t (id INT PRIMARY KEY, a JSON, n JSON, b JSON)",
            """
            INSERT INTO d.t VALUES (1, JSON_OBJECT('one', 1, 'two', JSON_ARRAY(1, 2.5, 'three', JSON_OBJECT('x y', NULL, 'q"', TRUE)), 'pad', REPEAT('x', 70000), 'd', CAST('2024-02-29' AS DATE)),
              NULL, JSON_ARRAY(1, 2, 3, REPEAT('y', 300)))
            """);
        string[] updates =
        [
            "a = JSON_SET(a, '$.one', 'a longer value')",
            "a = JSON_SET(a, '$.\"new key\"', JSON_ARRAY()), b = JSON_REPLACE(b, '$[1]', JSON_OBJECT('k', 18446744073709551615))",
            "a = JSON_REMOVE(a, '$.two[0]')",
            "a = JSON_SET(a, '$.two[2].\"x y\"', 1e20, '$.two[2].\"q\\\\\"\"', -1)",
            "b = JSON_REMOVE(b, '$[0]', '$[0]')",
            "a = JSON_SET(a, '$.d', CAST('12:34:56.5' AS TIME(6))), n = '{}'",
            "n = JSON_SET(n, '$.first', 1)",
        ];
        var expected = new List<string>();
        foreach (var update in updates)
        {
            await log.ExecuteAsync($"UPDATE d.t SET {update}");
            expected.Add((await log.Connection.QueryScalarAsync("SELECT CONCAT(a, '|', IFNULL(n, 'NULL'), '|', b) FROM d.t", default))!);
        }

        var actual = new List<string>();
        var partial = 0;
        await log.ReadAsync(e =>
        {
            if (e is not RowsEvent { Kind: RowsKind.Update } rows)
                return;
            partial += rows.IsPartial ? 1 : 0;
            foreach (var row in rows)
            {
                var texts = new List<string>();
                var writer = new ArrayBufferWriter<byte>();
                var reader = new RowImageReader(rows.TableMap, rows.AfterColumns, row.After);
                while (reader.Read())
                {
                    writer.ResetWrittenCount();
                    if (!reader.IsNull)
                        reader.Value.WriteText(writer, unsigned: false);
                    texts.Add(reader.IsNull ? "NULL" : Encoding.UTF8.GetString(writer.WrittenSpan));
                }

                actual.Add(string.Join('|', texts.Skip(1)));
            }
        });
        Assert.Equal(expected, actual);
        Assert.True(partial >= 5);
    }

    [SkippableFact]
    public async Task Partial_json_without_the_document_before_is_refused()
    {
        await using var log = await ServerLog.StartAsync(ServerKind.MySql97, "--binlog-row-value-options=PARTIAL_JSON", "--binlog-row-image=MINIMAL");
        await log.ExecuteAsync(
            "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, j JSON)", "INSERT INTO d.t VALUES (1, JSON_OBJECT('a', 1, 'pad', REPEAT('x', 1000)))", "UPDATE d.t SET j = JSON_SET(j, '$.a', 2)");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => log.ReadAsync(e => _ = e is RowsEvent rows ? rows.CountRows() : 0));
        Assert.Contains("`d`.`t`", error.Message, StringComparison.Ordinal);
        Assert.Contains("binlog_row_image=FULL", error.Workaround, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Full_metadata_describes_every_column(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(kind, "--binlog-row-metadata=FULL");
        await log.ExecuteAsync(
            "CREATE DATABASE d",
            """
            CREATE TABLE d.t (y YEAR, u INT UNSIGNED, i INT NOT NULL, b BIT(9), d DECIMAL(10,3) UNSIGNED, l VARCHAR(10) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL,
              g POINT, t TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, x VARBINARY(5), e ENUM('a','b''c') CHARACTER SET latin1, s SET('x','y') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
              `ü` TINYINT UNSIGNED, dt DATETIME(3), PRIMARY KEY (l(4), i))
            """,
            "INSERT INTO d.t (l, i) VALUES ('k', 1)");
        TableMapEvent? map = null;
        await log.ReadAsync(e => map = e is RowsEvent rows ? rows.TableMap : map);

        Assert.NotNull(map);
        Assert.Equal("`d`.`t`", map.ToString());
        Assert.Equal(["y", "u", "i", "b", "d", "l", "g", "t", "x", "e", "s", "ü", "dt"], map.Columns.Select(column => column.Name));
        Assert.Equal([true, true, false, null, true, null, null, null, null, null, null, true, null], map.Columns.Select(column => column.IsUnsigned));
        Assert.Equal([true, true, false, true, true, false, true, true, true, true, true, true, true], map.Columns.Select(column => column.IsNullable));
        Assert.Equal([47u, 46u, 63u, 8u, 46u], new[] { 5, 7, 8, 9, 10 }.Select(ordinal => map.Columns[ordinal].Collation!.Value));
        Assert.Equal(["a", "b'c"], map.Columns[9].Members!.Select(Encoding.UTF8.GetString));
        Assert.Equal(["x", "y"], map.Columns[10].Members!.Select(Encoding.UTF8.GetString));
        Assert.Equal(1, map.Columns[6].GeometryType);
        Assert.Equal([new BinlogKeyPart(5, 4), new BinlogKeyPart(2, 0)], map.PrimaryKey);
        Assert.Equal(BinlogColumnType.DateTime2, map.Columns[12].Type);
        Assert.Equal(3, map.Columns[12].Meta);
        Assert.Equal((10 << 8) | 3, map.Columns[4].Meta);
        Assert.Equal((1 << 8) | 1, map.Columns[3].Meta);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Flags_tell_of_checks_and_of_the_statements_end(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(kind, "--binlog-row-event-max-size=1024");
        await log.ExecuteAsync(
            "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(400))", "SET foreign_key_checks = 0, unique_checks = 0",
            "INSERT INTO d.t VALUES (1, REPEAT('x', 400)), (2, REPEAT('x', 400)), (3, REPEAT('x', 400)), (4, 'x')");
        var ends = new List<bool>();
        var rowCount = 0;
        await log.ReadAsync(e =>
        {
            if (e is not RowsEvent rows)
                return;
            ends.Add(rows.StatementEnd);
            rowCount += rows.CountRows();
            Assert.True(rows.NoForeignKeyChecks);
            Assert.True(rows.NoUniqueChecks);
        });
        Assert.Equal(4, rowCount);
        Assert.Equal(2, ends.Count);
        Assert.Equal([false, true], ends);
    }

    private static async Task<List<string>> ImagesAsync(ServerKind kind, string option)
    {
        await using var log = await ServerLog.StartAsync(kind, option);
        await log.ExecuteAsync(
            "CREATE DATABASE d",
            "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(20), b TEXT, n INT, m INT NOT NULL)",
            "INSERT INTO d.t VALUES (1, 'one', 'text', NULL, 5)",
            "UPDATE d.t SET n = 7",
            "UPDATE d.t SET id = 2, v = 'two'",
            "DELETE FROM d.t");
        var images = new List<string>();
        await log.ReadAsync(e =>
        {
            if (e is not RowsEvent rows)
                return;
            foreach (var row in rows)
                images.Add($"{rows.Kind} {Render(rows, rows.BeforeColumns, row.Before)}| {Render(rows, rows.AfterColumns, row.After)}".TrimEnd());
        });
        return images;
    }

    private static string Render(RowsEvent rows, ColumnBitmap columns, ReadOnlySpan<byte> image)
    {
        var text = new StringBuilder();
        if (image.IsEmpty)
            return "";
        Span<byte> value = stackalloc byte[100];
        var reader = new RowImageReader(rows.TableMap, columns, image);
        while (reader.Read())
            text.Append(CultureInfo.InvariantCulture, $"{reader.Ordinal}={(reader.IsNull ? "NULL" : Encoding.UTF8.GetString(value[..reader.Value.FormatText(value, false)]))} ");
        return text.ToString();
    }
}
