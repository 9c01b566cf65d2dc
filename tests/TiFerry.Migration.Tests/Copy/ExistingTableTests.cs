using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Copy;

/// <summary>Tables that the target has before the copy.</summary>
[Collection(Servers.Name)]
public class ExistingTableTests(ServerFixture servers)
{
    [Theory]
    [InlineData("e ENUM('a','b')", "e ENUM('b','a')")]
    [InlineData("e ENUM('a','b')", "e VARCHAR(9)")]
    [InlineData("e SET('a','b')", "e SET('a')")]
    [InlineData("e BIT(3)", "e INT")]
    [InlineData("e VARCHAR(9) CHARACTER SET latin1", "e VARCHAR(9) CHARACTER SET utf8mb4")]
    [InlineData("e INT", "e INT, f INT NOT NULL")]
    [InlineData("e INT, f INT", "e INT")]
    public async Task A_table_that_would_hold_other_values_is_refused_and_kept(string source, string target)
    {
        var copy = await SlowCopy.CreateAsync(servers, ServerKind.MariaDb, $"CREATE TABLE {{db}}.t (id INT PRIMARY KEY, {source})");
        await copy.OnTargetAsync("CREATE DATABASE {db}", $"CREATE TABLE {{db}}.t (id INT PRIMARY KEY, {target}) COMMENT 'mine'");
        for (var run = 0; run < 2; run++)
        {
            var error = await Assert.ThrowsAsync<TiFerryException>(() => copy.RunAsync());
            Assert.Contains("`t` differs", error.Message, StringComparison.Ordinal);
        }
        Assert.Contains("mine", (await copy.TargetRowsAsync("SHOW CREATE TABLE {db}.t"))[0][1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e ENUM('a','b')", "e ENUM('a','b','c')")]
    [InlineData("e VARCHAR(9) CHARACTER SET utf8", "e VARCHAR(20) CHARACTER SET utf8mb4")]
    [InlineData("e INT", "e BIGINT")]
    public async Task A_wider_table_is_filled(string source, string target)
    {
        var copy = await SlowCopy.CreateAsync(servers, ServerKind.MariaDb, $"CREATE TABLE {{db}}.t (id INT PRIMARY KEY, {source})", "INSERT INTO {db}.t VALUES (1, 1), (2, NULL)");
        await copy.OnTargetAsync("CREATE DATABASE {db}", $"CREATE TABLE {{db}}.t (id INT PRIMARY KEY, {target})");
        await copy.RunAsync(() => copy.OnSourceAsync("INSERT INTO {db}.t VALUES (3, 2)"));
        await copy.AssertEqualAsync();
    }

    // MySQL 8 and later make CREATE DATABASE wait for all transactions that wrote to the database, even where it exists.
    [SkippableFact]
    public async Task A_transaction_in_the_targets_database_holds_nothing_up()
    {
        var copy = await SlowCopy.CreateAsync(servers, ServerKind.MySql97);
        await copy.OnTargetAsync("CREATE DATABASE {db}", "CREATE TABLE {db}.held (id INT PRIMARY KEY)");
        var target = await servers.TargetAsync(ServerKind.MySql97);
        await using var other = await target.ConnectAsync();
        await other.ExecuteAsync("BEGIN", default);
        await other.ExecuteAsync($"INSERT INTO {copy.Database}.held VALUES (1)", default);

        await copy.RunAsync();

        await other.ExecuteAsync("COMMIT", default);
        Assert.Equal("600", (await copy.TargetRowsAsync("SELECT COUNT(*) FROM {db}.slow"))[0][0]);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Columns_find_each_other_by_name_in_the_copy_and_after_it(ServerKind kind)
    {
        var copy = await SlowCopy.CreateAsync(servers, kind, "CREATE TABLE {db}.t (a INT, id INT PRIMARY KEY, b VARCHAR(9))", "INSERT INTO {db}.t VALUES (1, 1, 'x'), (2, 2, 'y'), (3, 3, 'z')");
        await copy.OnTargetAsync("CREATE DATABASE {db}", "CREATE TABLE {db}.t (b VARCHAR(9), note INT DEFAULT 7, id INT PRIMARY KEY, a INT, n INT AUTO_INCREMENT UNIQUE)");

        await copy.RunAsync(() => copy.OnSourceAsync("INSERT INTO {db}.t VALUES (4, 4, 'w')", "UPDATE {db}.t SET a = 20 WHERE id = 2", "DELETE FROM {db}.t WHERE id = 1"));
        await copy.OnSourceAsync("UPDATE {db}.t SET b = 'last' WHERE id = 4");
        await copy.RunAsync();

        Assert.Equal(["2|20|y|7", "3|3|z|7", "4|4|last|7"], (await copy.TargetRowsAsync("SELECT id, a, b, note FROM {db}.t ORDER BY id")).Select(r => string.Join('|', r)));
    }
}
