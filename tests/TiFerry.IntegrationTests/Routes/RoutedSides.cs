using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Routes;

/// <summary>Compares two servers whose tables have different names.</summary>
internal static class RoutedSides
{
    /// <summary>Fails the test unless each of the source's tables has the same contents under its new name, and the target's databases nothing else.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The target.</param>
    /// <param name="databases">The source's databases.</param>
    /// <param name="targetDatabases">The target's.</param>
    /// <param name="newName">The new name of <c>database.table</c>.</param>
    public static async Task AssertEqualAsync(TestServer source, TestServer target, string[] databases, string[] targetDatabases, Func<string, string> newName)
    {
        var here = (await ServerContents.ReadAsync(source, databases)).Tables.ToDictionary(t => newName(t.Key), t => t.Value, StringComparer.Ordinal);
        var there = (await ServerContents.ReadAsync(target, targetDatabases)).Tables;
        var lines = here.Keys.Union(there.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => here.GetValueOrDefault(name) != there.GetValueOrDefault(name))
            .Select(name => $"{name}: {here.GetValueOrDefault(name, "missing")} here, {there.GetValueOrDefault(name, "missing")} there");
        Assert.Equal("", string.Join('\n', lines));
    }

    /// <summary>Fails the test unless two queries give the same rows in any order.</summary>
    public static async Task AssertSameRowsAsync(TestServer source, string query, TestServer target, string targetQuery)
    {
        var here = await RowsAsync(source, query);
        var there = await RowsAsync(target, targetQuery);
        var missing = new List<string>(here);
        var extra = there.Where(row => !missing.Remove(row)).ToList();
        Assert.True(missing.Count + extra.Count == 0, $"{targetQuery}: {missing.Count} missing, {extra.Count} extra, such as {missing.FirstOrDefault()} / {extra.FirstOrDefault()}");
    }

    private static async Task<List<string>> RowsAsync(TestServer server, string query)
    {
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync("SET NAMES utf8mb4", "SET time_zone = '+00:00'");
        return (await connection.QueryRowsAsync(query, default)).ConvertAll(row => string.Join('|', row.Select(cell => cell ?? "NULL")));
    }
}
