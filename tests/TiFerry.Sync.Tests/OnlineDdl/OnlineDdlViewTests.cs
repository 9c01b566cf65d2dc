using TiFerry.Core.Filters;
using TiFerry.Sync.OnlineDdl;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.OnlineDdl;

/// <summary>Online schema change tools make tables, not views.</summary>
[Collection(Servers.Name)]
public sealed class OnlineDdlViewTests(ServerFixture servers)
{
    [Fact]
    public async Task A_view_with_the_name_of_a_shadow_table_is_a_view_like_others()
    {
        var followed = await Followed.CreateAsync(servers, ServerKind.MariaDb, "CREATE TABLE t (id INT PRIMARY KEY)");
        followed.Options = followed.Options with
        {
            Filter = TableFilter.Parse([$"{followed.Database}.*", $"!{followed.Database}.t"]),
            OnlineTables = new OnlineDdlTables([], []),
        };
        await followed.OnSourceAsync("USE {db}", "CREATE VIEW _t_gho AS SELECT 1 AS a", "CREATE VIEW _t_old AS SELECT 2 AS b", "DROP VIEW _t_old", "CREATE TABLE _t_new (id INT PRIMARY KEY)");
        await followed.CatchUpAsync();
        Assert.Equal("_t_gho,t", string.Join(',', (await followed.TargetRowsAsync("SHOW TABLES FROM {db}")).Select(r => r[0])));
    }
}
