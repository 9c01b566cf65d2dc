using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Tables;

/// <summary>What is read of columns is what the server says.</summary>
[Collection(Servers.Name)]
public sealed class TableReaderTests(ServerFixture servers)
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Members_are_those_that_the_server_shows(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("members");
        await server.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8", $"USE {database}",
            @"CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a\\b', 'c\nd', 'it''s', 'x unsigned', 'e\rf', 'g\\nh', '\\', '') NOT NULL, s SET('unsigned', 'p\\'), u INT UNSIGNED, z INT ZEROFILL)",
            "INSERT INTO t VALUES (1, 1, 1, 0, 0), (2, 2, 1, 0, 0), (3, 3, 1, 0, 0), (4, 4, 1, 0, 0), (5, 5, 1, 0, 0), (6, 6, 1, 0, 0), (7, 7, 1, 0, 0), (8, 8, 1, 0, 0)");
        await using var connection = await server.ConnectAsync(database);
        var shown = await connection.QueryRowsAsync("SELECT e FROM t ORDER BY id", default);
        var table = (await TableReader.ReadAsync(connection, new TableName(database, "t"), ErrorScope.Upstream, default))!;
        Assert.Equal(shown.Select(r => r[0]), table.Columns[1].Members);
        Assert.Equal(["unsigned", "p\\"], table.Columns[2].Members);
        Assert.Equal([false, false, false, true, true], table.Columns.Select(c => c.IsUnsigned));
    }
}
