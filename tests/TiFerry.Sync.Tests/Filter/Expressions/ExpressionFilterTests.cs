using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Core.Errors;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Filter.Expressions;

[Collection(Servers.Name)]
public sealed class ExpressionFilterTests(ServerFixture servers)
{
    private static readonly TableName Name = new("shop", "orders");

    private static readonly Table Orders = new()
    {
        Name = Name,
        UniqueKeys = [],
        Columns =
        [
            new Column { Ordinal = 0, Name = "id", ColumnType = "int(11)", Kind = ColumnKind.Integer },
            new Column { Ordinal = 1, Name = "state", ColumnType = "varchar(20)", Kind = ColumnKind.Text, Charset = "utf8mb4", Collation = "utf8mb4_general_ci" },
            new Column { Ordinal = 2, Name = "amount", ColumnType = "decimal(10,2)", Kind = ColumnKind.Decimal },
            new Column { Ordinal = 3, Name = "due", ColumnType = "date", Kind = ColumnKind.Temporal },
            new Column { Ordinal = 4, Name = "place", ColumnType = "point", Kind = ColumnKind.Geometry },
            new Column { Ordinal = 5, Name = "doubled", ColumnType = "int(11)", Kind = ColumnKind.Integer, IsGenerated = true, IsVirtual = true },
            new Column { Ordinal = 6, Name = "czech", ColumnType = "varchar(20)", Kind = ColumnKind.Text, Charset = "utf8mb4", Collation = "utf8mb4_czech_ci" },
        ],
    };

    [Theory]
    [InlineData("nothing = 1", "has no column `nothing` (at character 1")]
    [InlineData("id = 1 AND total > 2", "has no column `total` (at character 12")]
    [InlineData("id = SOUNDEX('a')", "function SOUNDEX is not supported (at character 6")]
    [InlineData("LEFT(state) = 'a'", "LEFT takes 2 arguments, not 1 (at character 1")]
    [InlineData("due > NOW()", "NOW() depends on more than the row")]
    [InlineData("due > CURRENT_DATE", "depends on when or by whom")]
    [InlineData("id > RAND()", "RAND() depends on more than the row")]
    [InlineData("UUID() = state", "UUID() depends on more than the row")]
    [InlineData("id = (SELECT 1)", "subquery")]
    [InlineData("id IN (SELECT 1)", "subquery")]
    [InlineData("id = @x", "variable")]
    [InlineData("id = @@sql_mode", "variable")]
    [InlineData("COUNT(id) > 1", "aggregate function COUNT")]
    [InlineData("(id, amount) = (1, 2)", "rows of several values")]
    [InlineData("id = ?", "no parameters")]
    [InlineData("id = 1 +", "it ends where a value is expected (at character 9")]
    [InlineData("id = 'a", "a string that is not closed")]
    [InlineData("id = 1; DROP TABLE t", "';' stands where an operator or the end is expected (at character 7")]
    [InlineData("due = 'soon'", "'soon' is not a date")]
    [InlineData("due = '2023-02-30'", "is not a date")]
    [InlineData("state REGEXP '^a'", "REGEXP is not supported")]
    [InlineData("place = 'x'", "only IS NULL can be asked")]
    [InlineData("place = 'x'", "column `place` is point")]
    [InlineData("doubled > 1", "virtual")]
    [InlineData("czech = 'a'", "utf8mb4_czech_ci, whose comparisons are not known exactly")]
    [InlineData("other.id = 1", "is not `shop`.`orders`")]
    [InlineData("state COLLATE utf8mb4_klingon_ci = 'a'", "utf8mb4_klingon_ci")]
    [InlineData("id = 9223372036854775807 + 1", "out of range")]
    [InlineData("MATCH(state) AGAINST ('x')", "full-text search")]
    public void What_cannot_be_evaluated_is_refused_at_the_start(string expression, string reason)
    {
        var error = Assert.Throws<TiFerryException>(() => Compile(new ExpressionRule("shop", "orders", InsertValueExpr: expression)));
        Assert.Equal(SyncErrors.BadExpression, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("insert-value-expr of table `shop`.`orders`", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("place IS NULL AND czech IS NOT NULL")]
    [InlineData("`shop`.`orders`.`ID` = 1 or Orders.State like 'a%'")]
    [InlineData("id % 2 = 0")]
    [InlineData("amount*amount + id*id = 25.00")]
    [InlineData("due BETWEEN '2024-01-01' AND '2024-12-31'")]
    public void What_can_is_taken(string expression) => Assert.NotNull(Compile(new ExpressionRule("shop", "orders", DeleteValueExpr: expression)));

    [Fact]
    public void Other_tables_have_no_filter() =>
        Assert.Null(Compile(new ExpressionRule("shop", "customers", InsertValueExpr: "nothing = 1"), new ExpressionRule("shop", "orders", InsertValueExpr: " ")));

    [Fact]
    public async Task Changes_are_skipped_by_their_kind()
    {
        var images = await ChangesAsync();
        var filter = Compile(
            new ExpressionRule("shop", "orders", InsertValueExpr: "id % 2 = 0"),
            new ExpressionRule("shop", "orders", InsertValueExpr: "state = 'GONE'"),
            new ExpressionRule("shop", "orders", UpdateOldValueExpr: "state = 'open'", UpdateNewValueExpr: "state = 'done'"),
            new ExpressionRule("shop", "orders", UpdateNewValueExpr: "amount > 100"),
            new ExpressionRule("shop", "orders", DeleteValueExpr: "due IS NULL"))!;

        var kept = new List<string>();
        foreach (var rows in images)
        {
            foreach (var row in rows.Rows)
            {
                if (!filter.Skips(rows.Kind, rows.Map, rows.Columns, row.Before, row.After))
                    kept.Add($"{rows.Kind} {row.Id}");
            }
        }

        Assert.Equal(["Write 1", "Write 7", "Update 1", "Update 3", "Delete 1"], kept);
    }

    [Fact]
    public async Task Rows_are_looked_at_without_allocating()
    {
        var images = await ChangesAsync();
        var rows = images[0];
        var filter = Compile(new ExpressionRule("shop", "orders", InsertValueExpr: "id = 12345 OR amount > 99999.99 OR state = 'Nowhere' OR due < '1980-01-01' OR state LIKE '%zzz'"))!;
        var skipped = 0;
        for (var round = 0; round < 200; round++)
            skipped += Count();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            skipped += Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, skipped);

        int Count()
        {
            var count = 0;
            foreach (var row in rows.Rows)
                count += filter.Skips(rows.Kind, rows.Map, rows.Columns, row.Before, row.After) ? 1 : 0;
            return count;
        }
    }

    [Fact]
    public async Task A_value_out_of_range_stops_with_the_expression()
    {
        var rows = (await ChangesAsync())[0];
        var filter = Compile(new ExpressionRule("shop", "orders", InsertValueExpr: "id * 9223372036854775807 > 1"))!;
        var error = Assert.Throws<TiFerryException>(() =>
        {
            foreach (var row in rows.Rows)
                filter.Skips(rows.Kind, rows.Map, rows.Columns, row.Before, row.After);
        });
        Assert.Equal(SyncErrors.ExpressionOutOfRange, error.Code);
        Assert.Contains("id * 9223372036854775807 > 1", error.Message, StringComparison.Ordinal);
    }

    private static ExpressionFilter? Compile(params ExpressionRule[] rules) => ExpressionFilter.Compile(rules, Name, Orders, new ExpressionOptions(SqlDialect.MariaDb));

    private async Task<List<Change>> ChangesAsync()
    {
        var server = await servers.SourceAsync();
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync(
            "FLUSH BINARY LOGS",
            "CREATE DATABASE IF NOT EXISTS shop",
            "CREATE OR REPLACE TABLE shop.orders (id INT, state VARCHAR(20) CHARACTER SET utf8mb4, amount DECIMAL(10,2), due DATE, place POINT, doubled INT AS (id * 2) VIRTUAL, czech VARCHAR(20) CHARACTER SET utf8mb4)",
            "INSERT INTO shop.orders (id, state, amount, due) VALUES (1, 'open', 1, '2024-01-01'), (2, 'open', 2, NULL), (3, 'gone', 3, NULL), (7, NULL, NULL, NULL)",
            "UPDATE shop.orders SET state = 'paid' WHERE id = 1",
            "UPDATE shop.orders SET state = 'done' WHERE id = 2",
            "UPDATE shop.orders SET state = 'done' WHERE id = 3",
            "UPDATE shop.orders SET amount = 500 WHERE id = 7",
            "DELETE FROM shop.orders");
        var file = (await connection.QueryRowsAsync("SHOW BINARY LOGS", CancellationToken.None))[^1][0]!;
        await connection.ExecuteAsync("FLUSH BINARY LOGS", CancellationToken.None);
        var changes = new List<Change>();
        using var reader = BinlogFileReader.Open(Path.Combine(server.DataDirectory, file));
        while (reader.TryRead(out var e))
        {
            if (e is not RowsEvent rows || rows.TableMap.Schema != "shop")
                continue;
            var columns = (rows.Kind == RowsKind.Delete ? rows.BeforeColumns : rows.AfterColumns).Copy();
            var images = new List<(int Id, byte[] Before, byte[] After)>();
            foreach (var row in rows)
            {
                var first = new Binlog.Values.RowImageReader(rows.TableMap, columns, rows.Kind == RowsKind.Delete ? row.Before : row.After);
                Assert.True(first.Read());
                images.Add(((int)first.Value.AsInt64(), row.Before.ToArray(), row.After.ToArray()));
            }

            changes.Add(new Change(rows.Kind, rows.TableMap, columns, images));
        }

        return changes;
    }

    private sealed record Change(RowsKind Kind, TableMapEvent Map, Binlog.Values.ColumnBitmap Columns, List<(int Id, byte[] Before, byte[] After)> Rows);
}
