namespace TiFerry.TestServers.Tests;

public sealed class ServerContentsTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Sees_every_difference_but_not_the_order_of_rows()
    {
        var server = await servers.TargetAsync();
        var database = ServerFixture.NewDatabaseName();
        await server.RunAsync(
            $"CREATE DATABASE {database}",
            $"CREATE TABLE {database}.one (a INT, f FLOAT)",
            $"INSERT INTO {database}.one VALUES (1, 16777215), (1, 16777215), (NULL, 0)");
        var first = await ServerContents.ReadAsync(server, database);
        Assert.Equal([$"{database}.one"], first.Tables.Keys);
        Assert.StartsWith("3 rows ", first.Tables[$"{database}.one"], StringComparison.Ordinal);

        await server.RunAsync($"DELETE FROM {database}.one", $"INSERT INTO {database}.one VALUES (NULL, 0), (1, 16777215), (1, 16777215)");
        Assert.Equal("", first.DifferenceFrom(await ServerContents.ReadAsync(server, database)));

        await server.RunAsync($"UPDATE {database}.one SET f = 16777214 WHERE a = 1");
        Assert.Contains($"{database}.one: 3 rows", first.DifferenceFrom(await ServerContents.ReadAsync(server, database)), StringComparison.Ordinal);

        await server.RunAsync($"DROP TABLE {database}.one");
        Assert.Contains("missing there", first.DifferenceFrom(await ServerContents.ReadAsync(server, database)), StringComparison.Ordinal);
    }
}
