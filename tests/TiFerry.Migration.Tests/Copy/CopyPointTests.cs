using TiFerry.Migration.Copy;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Source;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Copy;

/// <summary>A position that a copy begins at has all changes before it in what is read afterwards.</summary>
[Collection(Servers.Name)]
public class CopyPointTests(ServerFixture servers)
{
    // A transaction that is in the binlog and can't be seen yet would be lost. It can't be caught in that moment, so the test holds it before.
    [SkippableTheory]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task An_open_transaction_is_waited_for(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("point");
        await server.RunAsync([$"CREATE DATABASE {database}", $"CREATE TABLE {database}.t (a INT) ENGINE=InnoDB"]);
        await using var writer = await server.ConnectAsync(database);
        await using var reader = await Session.OpenForReadingAsync(server.ConnectionOptions, default);
        await writer.RunAsync("BEGIN", "INSERT INTO t VALUES (1)");

        var reading = CopyPoint.ReadAsync(reader, new TableName(database, "t"), default).AsTask();
        var giveUpAt = DateTimeOffset.UtcNow.AddSeconds(30);
        while (!reading.IsCompleted && (await server.QueryAsync($"SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = {reader.ConnectionId} AND INFO LIKE 'LOCK TABLES%'")).Count == 0)
            Assert.True(DateTimeOffset.UtcNow < giveUpAt, "the lock was not asked for");
        await writer.RunAsync("COMMIT");
        var committed = (await SourcePosition.ReadAsync(writer, default)).Position;

        Assert.True((await reading).CompareTo(committed) >= 0, $"the copy began at {await reading}, before the end of the transaction at {committed}");
        Assert.Equal("1", await reader.QueryScalarAsync("SELECT @@autocommit", default));
        await writer.RunAsync("INSERT INTO t VALUES (2)");
    }
}
