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
}
