using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Relations;

/// <summary>What the engine does to referencing rows is in no binlog before MySQL 9.6; the target must get it all the same.</summary>
[Collection(ServerCollection.Name)]
public sealed class ForeignKeyTests(ServerFixture servers)
{
    private static readonly string[] Tables =
    [
        "CREATE TABLE region (id INT PRIMARY KEY, code VARCHAR(10) COLLATE utf8mb4_general_ci NOT NULL, name VARCHAR(20), UNIQUE KEY code (code))",
        "CREATE TABLE customer (id INT PRIMARY KEY, region INT, CONSTRAINT c_region FOREIGN KEY (region) REFERENCES region (id) ON DELETE CASCADE ON UPDATE CASCADE)",
        "CREATE TABLE account (customer INT NOT NULL, n INT NOT NULL, region_code VARCHAR(10) COLLATE utf8mb4_general_ci, PRIMARY KEY (customer, n), CONSTRAINT a_customer FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT a_code FOREIGN KEY (region_code) REFERENCES region (code) ON DELETE SET NULL ON UPDATE CASCADE)",
        "CREATE TABLE booking (id INT PRIMARY KEY, customer INT, n INT, v INT, CONSTRAINT b_account FOREIGN KEY (customer, n) REFERENCES account (customer, n) ON DELETE SET NULL ON UPDATE CASCADE)",
        "CREATE TABLE audit (customer INT, what VARCHAR(10), CONSTRAINT u_customer FOREIGN KEY (customer) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE CASCADE)",
        "CREATE TABLE folder (id INT PRIMARY KEY, parent INT, CONSTRAINT f_parent FOREIGN KEY (parent) REFERENCES folder (id) ON DELETE CASCADE)",
    ];

    private static readonly string[] Rows =
    [
        "INSERT INTO region VALUES (1, 'N', 'north'), (2, 'S', 'south'), (3, 'E', 'east'), (4, 'W', NULL)",
        "INSERT INTO customer VALUES (10, 1), (11, 1), (20, 2), (30, 3), (40, 4), (50, NULL)",
        "INSERT INTO account VALUES (10, 1, 'N'), (10, 2, 's'), (11, 1, 'N'), (20, 1, 'S'), (30, 1, 'E'), (30, 2, NULL), (40, 1, 'W')",
        "INSERT INTO booking VALUES (100, 10, 1, 1), (101, 10, 2, 1), (102, 11, 1, 1), (103, 20, 1, 1), (104, 30, 1, 1), (105, 30, 2, 1), (106, NULL, 7, 1), (107, 40, 1, 1)",
        "INSERT INTO audit VALUES (10, 'x'), (10, 'x'), (20, 'x'), (30, 'y'), (NULL, 'z')",
        "INSERT INTO folder VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (5, 1), (6, NULL), (7, 6)",
    ];

    // Each line is one transaction.
    private static readonly string[] Changes =
    [
        "DELETE FROM region WHERE id = 1",
        "UPDATE region SET id = 200, code = 'SS' WHERE id = 2",
        "UPDATE customer SET id = 31 WHERE id = 30",
        "DELETE FROM account WHERE customer = 31 AND n = 2",
        "DELETE FROM folder WHERE id = 1",
        "UPDATE region SET code = 'ss' WHERE code = 'SS'",
        // A row that comes into being and goes by a cascade within one transaction.
        "INSERT INTO region VALUES (5, 'T', 'temporary'); INSERT INTO customer VALUES (60, 5); INSERT INTO account VALUES (60, 1, 'T'); INSERT INTO booking VALUES (108, 60, 1, 1); DELETE FROM region WHERE id = 5",
    ];

    // Keys that others had before.
    private static readonly string[] ReusedKeys =
    [
        "UPDATE region SET id = 1 WHERE id = 3; UPDATE region SET id = 3 WHERE id = 4; UPDATE customer SET id = 10 WHERE id = 40; DELETE FROM customer WHERE id = 20",
        "INSERT INTO booking VALUES (109, 10, 1, 5); UPDATE booking SET v = v + 1; UPDATE account SET n = 9 WHERE customer = 10; UPDATE booking SET v = v + 1 WHERE customer = 10",
    ];

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql56, 4)]
    [InlineData(ServerKind.MySql97, 1)]
    [InlineData(ServerKind.MySql97, 4)]
    public async Task Cascades_are_followed(ServerKind kind, int threads)
    {
        var source = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("relations");
        await CreateAsync(source, database);
        var crossing = new Crossing(source, await servers.TargetAsync(kind), database);
        crossing.Options = crossing.Options with { Threads = threads };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
        await ChangeAsync(source, database, [.. Changes, .. ReusedKeys]);
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Cascades_between_the_copies_of_parent_and_child_are_not_lost(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var target = await servers.TargetAsync(kind);
        for (var round = 0; round < 4; round++)
        {
            var database = ServerFixture.NewDatabaseName("relations");
            await CreateAsync(source, database);
            var crossing = new Crossing(source, target, database);
            crossing.Options = crossing.Options with { Threads = 2, ChunkRows = 2 };
            await using (var running = crossing.Start())
            {
                // Each round the changes begin at another moment of the copy.
                await Eventually.TrueAsync(
                    async () => running.Completion.IsCompleted || int.Parse((await CopiedAsync(target, crossing.Options.MetaSchema))) >= round * 2, "the copy has come some way");
                await ChangeAsync(source, database, Changes);
            }
            await crossing.RunAsync();
            await crossing.AssertEqualAsync();
        }
    }

    [Fact]
    public async Task Keys_taken_again_during_the_copy_are_right_or_refused()
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName("relations");
        await CreateAsync(source, database);
        var target = await servers.TargetAsync();
        var crossing = new Crossing(source, target, database);
        crossing.Options = crossing.Options with { Threads = 2, ChunkRows = 2 };
        await using (var running = crossing.Start())
        {
            await Eventually.TrueAsync(
                async () => running.Completion.IsCompleted || int.Parse(await CopiedAsync(target, crossing.Options.MetaSchema)) >= 2, "the copy has come some way");
            await ChangeAsync(source, database, [.. Changes, .. ReusedKeys]);
        }
        try
        {
            await crossing.RunAsync();
        }
        catch (TiFerryException refused)
        {
            Assert.Equal(SyncErrors.UnsupportedTransaction, refused.Code);
            return;
        }
        await crossing.AssertEqualAsync();
    }

    [Fact]
    public async Task A_parent_that_is_copied_again_still_passes_its_cascades_on()
    {
        var source = await servers.SourceAsync();
        var target = await servers.TargetAsync();
        var database = ServerFixture.NewDatabaseName("relations");
        await source.RunAsync(
            $"CREATE DATABASE {database}", $"USE {database}",
            "CREATE TABLE busy (id INT PRIMARY KEY)", "INSERT INTO busy VALUES (1)",
            "CREATE TABLE parent (id INT PRIMARY KEY)", "INSERT INTO parent VALUES (1), (2)",
            "CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE)", "INSERT INTO child VALUES (1, 1), (2, 2)");
        var crossing = new Crossing(source, target, database);
        crossing.Options = crossing.Options with { Threads = 2 };
        // The copy can't end while someone else has this table.
        await using var locker = await source.ConnectAsync(database);
        await locker.RunAsync("LOCK TABLES busy WRITE");
        await using (var running = crossing.Start())
        {
            await running.UntilAsync(_ => true, "it runs");
            await UntilCopiedAsync("child", 0);
            await UntilCopiedAsync("parent", 0);
            await source.RunAsync($"DELETE FROM {database}.parent WHERE id = 1", $"ALTER TABLE {database}.parent ADD v INT");
            var altered = long.Parse((await source.QueryAsync("SHOW MASTER STATUS"))[0][1]!);
            await UntilCopiedAsync("parent", altered);
            await locker.RunAsync("UNLOCK TABLES");
        }
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();

        Task UntilCopiedAsync(string table, long position) => Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await target.QueryAsync($"SELECT 1 FROM {crossing.Options.MetaSchema}.copy_object WHERE object_name = '{table}' AND state = 'copied' AND copied_position >= {position}")).Count > 0;
                }
                catch (MySqlServerException notYet) when (notYet.Code is 1146 or 1049)
                {
                    return false;
                }
            },
            $"{table} is copied");
    }

    private static async Task<string> CopiedAsync(TestServer target, string metaSchema)
    {
        try
        {
            return (await target.QueryAsync($"SELECT COUNT(*) FROM {metaSchema}.copy_object WHERE state = 'copied'"))[0][0]!;
        }
        catch (MySqlServerException notYet) when (notYet.Code is 1146 or 1049)
        {
            return "0";
        }
    }

    private static async Task CreateAsync(TestServer source, string database)
    {
        await using var session = await source.ConnectAsync();
        await session.RunAsync([$"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"USE {database}", .. Tables, .. Rows]);
    }

    private static async Task ChangeAsync(TestServer source, string database, IEnumerable<string> transactions)
    {
        await using var session = await source.ConnectAsync(database);
        foreach (var transaction in transactions)
        {
            try
            {
                await session.RunAsync(["BEGIN", .. transaction.Split("; "), "COMMIT"]);
            }
            // MySQL 9.7 refuses some cascades over three levels that the others carry out.
            catch (InvalidOperationException refused) when (source.Kind == ServerKind.MySql97 && refused.InnerException is MySqlServerException { Code: 1452 })
            {
                await session.RunAsync("ROLLBACK");
            }
        }
    }
}
