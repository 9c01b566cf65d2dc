using System.Text.Json.Nodes;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>binlog skip, replace, inject, revert, list, and binlog-schema, on schema changes that the target refuses.</summary>
[Collection(SmallCluster.Name)]
public sealed class BinlogOperationTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task A_statement_that_fails_is_skipped_replaced_or_prepared()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "ddl");
        await carried.UntilEqualAsync();
        var goods = $"{carried.Name}.goods";

        // Skipped: the target has a row that the unique key doesn't allow.
        await carried.Target.RunAsync($"INSERT INTO {goods} VALUES (1000, 'good 1')");
        await carried.Source.RunAsync($"ALTER TABLE {goods} ADD UNIQUE by_name (name)");
        (await carried.UntilPausedWithErrorAsync()).Says("1062", "ADD UNIQUE", "binlog.");
        (await cluster.DmctlAsync("query-status")).Text.Says("Error - Some error occurred in subtask", $"query-status {carried.Name}");
        Assert.Empty(await ListAsync(cluster, carried));
        await cluster.OrderAsync("binlog", "skip", carried.Name, "-s", carried.Name);
        await carried.InsertAsync(1);
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "5", "it goes on behind the skipped statement");

        // Replaced, by the older spelling. That one of two changes can't be made doesn't pass for both being made before.
        await carried.Source.RunAsync($"ALTER TABLE {goods} DROP KEY by_name, ADD KEY again (name)");
        (await carried.UntilPausedWithErrorAsync()).Says("1091", "by_name");
        (await cluster.RefusedAsync("binlog", "replace", carried.Name, "no sql")).Says("invalid sql");
        await cluster.OrderAsync("handle-error", carried.Name, "replace", $"ALTER TABLE {goods} ADD UNIQUE pair (name, id); ALTER TABLE {goods} ADD KEY again (name)");
        await carried.InsertAsync(1);
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "6", "it goes on behind the replaced statement");
        (await carried.Target.QueryAsync($"SHOW CREATE TABLE {goods}"))[0][1].Says("UNIQUE KEY `pair` (`name`,`id`)", "\n  KEY `again` (`name`)");

        // Prepared: the target lacks what is changed.
        await carried.Target.RunAsync($"ALTER TABLE {carried.Name}.orders DROP COLUMN good");
        await carried.Source.RunAsync($"ALTER TABLE {carried.Name}.orders MODIFY COLUMN good BIGINT");
        (await carried.UntilPausedWithErrorAsync()).Says("1054", "MODIFY COLUMN");
        await cluster.OrderAsync("binlog", "inject", carried.Name, $"ALTER TABLE {carried.Name}.orders ADD COLUMN good INT");
        await carried.Source.RunAsync($"INSERT INTO {carried.Name}.orders VALUES (1, 5000000000)");
        await cluster.UntilAsync(async () => await carried.CountAsync("orders") == "1", "it goes on with the prepared statement");
        Assert.Equal("5000000000", (await carried.Target.QueryAsync($"SELECT good FROM {carried.Name}.orders"))[0][0]);
        Assert.Equal("Running", (string?)(await carried.StatusAsync())!["stage"]);
    }

    [SkippableFact]
    public async Task An_operation_at_a_position_is_listed_taken_back_and_kept_for_the_next_worker()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.CreateAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "later");
        await carried.AddSourceAsync("-w", "worker1");
        await carried.StartAsync();
        await carried.UntilFollowedAsync();
        (await cluster.RefusedAsync("binlog", "skip", carried.Name, "-b", "here")).Says("filename:pos");
        (await cluster.RefusedAsync("binlog", "skip", "nobody")).Says("nobody", "not exist");
        (await cluster.RefusedAsync("binlog", "skip", carried.Name)).Says("code=36065", "give the position");
        await cluster.OrderAsync("binlog", "skip", carried.Name, "-b", "binlog.999990:100");
        await cluster.OrderAsync("binlog", "replace", carried.Name, "-b", "binlog.999991:200", "ALTER TABLE d.t ADD COLUMN c INT");
        var list = await ListAsync(cluster, carried);
        Assert.Equal(2, list.Count);
        Assert.Equal(["op", "task", "binlogPos", "sqls"], list[1]!.AsObject().Select(field => field.Key));
        list[1]!.ToJsonString().Says("999991", "200", "ADD COLUMN c INT");
        Assert.Single(await ListAsync(cluster, carried, "-b", "binlog.999991:4"));

        await cluster.OrderAsync("transfer-source", carried.Name, "worker2");
        await carried.UntilFollowedAsync();
        Assert.Equal(2, (await ListAsync(cluster, carried)).Count);
        await cluster.OrderAsync("binlog", "revert", carried.Name, "-b", "binlog.999990:100");
        Assert.Single(await ListAsync(cluster, carried));
        (await cluster.RefusedAsync("binlog", "revert", carried.Name, "-b", "binlog.999990:100")).Says("code=");
        await carried.InsertAsync(1);
        await carried.UntilEqualAsync();
    }

    [SkippableFact]
    public async Task The_definition_of_a_table_is_shown_set_and_forgotten()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "defined");
        await carried.UntilEqualAsync();
        string[] goods = ["-s", carried.Name, carried.Name, carried.Name, "goods"];
        (await cluster.RefusedAsync(["binlog-schema", "list", .. goods])).Says("code=40051", "pause");
        await carried.PauseAsync();
        (await MessageAsync("list")).Says("CREATE TABLE `goods`", "`name` varchar(40)", "PRIMARY KEY (`id`)");
        var file = cluster.WriteFile("schema.sql", "CREATE TABLE `goods` (`id` int(11) NOT NULL, `name` varchar(41) NOT NULL, PRIMARY KEY (`id`))");
        await cluster.OrderAsync(["binlog-schema", "update", .. goods, file]);
        (await MessageAsync("list")).Says("varchar(41)");
        (await cluster.RefusedAsync(["binlog-schema", "update", .. goods, cluster.WriteFile("bad.sql", "CREATE TABLE goods (id nothing)")])).Says("code=", "nothing");
        await cluster.OrderAsync(["binlog-schema", "update", .. goods, "--from-target"]);
        (await MessageAsync("list")).Says("varchar(40)");
        await cluster.OrderAsync(["binlog-schema", "update", .. goods, "--from-source"]);
        (await MessageAsync("list")).Says("varchar(40)");
        await cluster.OrderAsync(["binlog-schema", "delete", .. goods]);
        string[] older = ["-s", carried.Name, carried.Name, "-d", carried.Name, "-t", "goods"];
        ((string?)(await cluster.OrderAsync(["operate-schema", "get", .. older]))["sources"]![0]!["msg"]).Says("CREATE TABLE `goods`");
        await cluster.OrderAsync(["operate-schema", "set", .. older, cluster.WriteFile("schema.sql", "CREATE TABLE `goods` (`id` int(11) NOT NULL, `name` varchar(40) NOT NULL, PRIMARY KEY (`id`))")]);
        await cluster.OrderAsync(["operate-schema", "remove", .. older]);
        (await cluster.RefusedAsync("binlog-schema", "list", "-s", carried.Name, carried.Name, carried.Name, "nothing")).Says("nothing");

        await carried.ResumeAsync();
        await carried.InsertAsync(1);
        await carried.UntilEqualAsync();

        async Task<string?> MessageAsync(string operation) => (string?)(await cluster.OrderAsync(["binlog-schema", operation, .. goods]))["sources"]![0]!["msg"];
    }

    private static async Task<JsonArray> ListAsync(DmCluster cluster, CarriedDatabase carried, params string[] arguments)
    {
        var answer = await cluster.OrderAsync(["binlog", "list", carried.Name, .. arguments]);
        return JsonNode.Parse((string)answer["sources"]![0]!["msg"]!)!.AsArray();
    }
}
