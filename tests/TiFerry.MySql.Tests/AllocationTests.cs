using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

/// <summary>Counts the whole process's allocations, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private const int Rows = 200_000;

    [Theory]
    [InlineData(TlsMode.Disabled)]
    [InlineData(TlsMode.Preferred)]
    public async Task Reading_rows_allocates_nothing_per_row(TlsMode tls)
    {
        var options = Servers.OptionsFor(await servers.TargetAsync()) with { Tls = tls, ReadTimeout = TimeSpan.FromMinutes(5) };
        await using var connection = await MySqlConnection.ConnectAsync(options, CancellationToken.None);
        Assert.Equal(Rows, await CountRowsAsync(connection));
        var before = GC.GetTotalAllocatedBytes(precise: true);

        Assert.Equal(Rows, await CountRowsAsync(connection));
        // A single object per row would be over 4 MB.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 1_000_000);
    }

    private static async Task<int> CountRowsAsync(MySqlConnection connection)
    {
        var count = 0;
        await using var rows = await connection.QueryAsync($"SELECT seq, REPEAT('x', 200), NULL FROM mysql.seq_1_to_{Rows}", CancellationToken.None);
        while (await rows.ReadAsync(CancellationToken.None))
            count += rows.GetSpan(1).Length == 200 && rows.IsNull(2) ? 1 : 0;
        return count;
    }
}
