using TiFerry.Dm.Pb;
using TiFerry.Grpc;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>start-task, pause-task, resume-task, stop-task, update-task and their arguments.</summary>
[Collection(SmallCluster.Name)]
public sealed class TaskOperationTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task One_source_of_a_task_is_paused_resumed_stopped_and_started_again()
    {
        var cluster = await clusters.WholeAsync();
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        await using var one = await CarriedDatabase.KnownAsync(cluster, source, target, "one");
        await using var two = await CarriedDatabase.KnownAsync(cluster, source, target, "two");
        var file = cluster.WriteFile("pair.yaml", $$"""
            name: pair
            task-mode: all
            target-database: {host: 127.0.0.1, port: {{target.Port}}, user: root, password: ""}
            mysql-instances:
              - {source-id: {{one.Name}}, block-allow-list: one}
              - {source-id: {{two.Name}}, block-allow-list: two}
            block-allow-list: {one: {do-dbs: ["{{one.Name}}"]}, two: {do-dbs: ["{{two.Name}}"] } }
            """);
        var answer = await cluster.OrderAsync("start-task", file);
        Assert.Equal([one.Name, two.Name], answer["sources"]!.AsArray().Select(s => (string?)s!["source"]));
        await one.UntilEqualAsync();
        await two.UntilEqualAsync();

        await cluster.OrderAsync("pause-task", "pair", "-s", one.Name);
        Assert.Equal("Paused", await StageAsync(one));
        Assert.Equal("Running", await StageAsync(two));
        Assert.Equal("Paused", (string?)(await cluster.OrderAsync("query-status"))["tasks"]![0]!["taskStatus"]);
        await one.InsertAsync(2);
        await two.InsertAsync(2);
        await two.UntilEqualAsync();
        Assert.Equal("3", await one.CountAsync("goods"));
        await cluster.OrderAsync("resume-task", file, "-s", one.Name);
        await one.UntilEqualAsync();

        await cluster.OrderAsync("stop-task", "pair", "-s", one.Name);
        Assert.Equal([two.Name], (await cluster.OrderAsync("query-status"))["tasks"]![0]!["sources"]!.AsArray().Select(s => (string?)s));
        await one.InsertAsync(2);
        (await cluster.RefusedAsync("pause-task", "pair", "-s", one.Name)).Says("code=46017", one.Name);
        (await cluster.RefusedAsync("start-task", file, "-s", two.Name)).Says("code=46014", two.Name);
        await cluster.OrderAsync("start-task", file, "-s", one.Name);
        await one.UntilEqualAsync();
        var tasks = await cluster.OrderAsync("stop-task", "-s", one.Name);
        Assert.Equal("pair", (string?)tasks["tasks"]![0]!["task"]);
        await cluster.OrderAsync("stop-task", "pair");
        (await cluster.RefusedAsync("query-status", "pair")).Says("has no source or not exist");
        (await cluster.RefusedAsync("stop-task", "pair")).Says("has no source or not exist");

        async Task<string?> StageAsync(CarriedDatabase carried) => (string?)(await cluster.SubTaskAsync("pair", carried.Name))!["stage"];
    }

    [SkippableFact]
    public async Task A_paused_task_takes_what_may_change_and_nothing_else()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "updated");
        await carried.UntilEqualAsync();
        carried.InstanceKeys = "filter-rules: [kept], syncer-config-name: quick";
        carried.TaskKeys = $$"""
            filters: {kept: {schema-pattern: "{{carried.Name}}", table-pattern: "orders", events: [delete], action: Ignore} }
            syncers: {quick: {worker-count: 2, batch: 10} }
            """;
        (await UpdateAsync(cluster, carried.TaskYaml())).Msg.Says("code=46035", carried.Name);
        await carried.PauseAsync();
        var answer = await UpdateAsync(cluster, carried.TaskYaml());
        Assert.True(answer.Result, answer.ToString());
        await carried.ResumeAsync();
        await carried.Source.RunAsync($"INSERT INTO {carried.Name}.orders VALUES (1, 1)", $"DELETE FROM {carried.Name}.orders");
        await carried.InsertAsync(1);
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "4", "the row behind it is carried");
        Assert.Equal("1", await carried.CountAsync("orders"));
        (await cluster.OrderAsync("config", "task", carried.Name))["cfg"]!.ToString().Says("worker-count: 2", "kept");

        await carried.PauseAsync();
        carried.TaskKeys += "\nroutes: {away: {schema-pattern: a, target-schema: b} }\n";
        carried.InstanceKeys += ", route-rules: [away]";
        (await UpdateAsync(cluster, carried.TaskYaml())).Msg.Says("code=46035", "would change", "stop the task");
        await carried.ResumeAsync();
        await carried.InsertAsync(1);
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "5", "it goes on as it was");
    }

    [SkippableFact]
    public async Task A_task_follows_from_a_time()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.KnownAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "timed");
        await carried.Target.RunAsync($"CREATE DATABASE {carried.Name}",
            $"CREATE TABLE {carried.Name}.goods (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)", $"CREATE TABLE {carried.Name}.orders (id INT PRIMARY KEY, good INT)");
        carried.Mode = "incremental";
        (await cluster.RefusedAsync("start-task", carried.TaskFile(), "--start-time", "yesterday")).Says("start-time", "yesterday");
        var time = await NextSecondAsync(carried.Source);
        await carried.InsertAsync(2);
        await NextSecondAsync(carried.Source);
        await carried.InsertAsync(2);
        await carried.StartAsync("--start-time", time);
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "4", "what came since then is carried");

        // The time counts once: a task that is stopped and started goes on where it was.
        await cluster.OrderAsync("stop-task", carried.Name);
        await carried.InsertAsync(1);
        await carried.StartAsync();
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "5", "what came meanwhile is carried");
    }

    [SkippableFact]
    public async Task A_task_begins_anew_over_its_own_rows_where_that_is_wanted()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "anew");
        await carried.UntilEqualAsync();
        await cluster.OrderAsync("stop-task", carried.Name);
        await carried.Source.RunAsync($"UPDATE {carried.Name}.goods SET name = 'changed' WHERE id = 2");
        await carried.InsertAsync(2);
        carried.TaskKeys = "ignore-checking-items: [downstream_table_empty]";
        await carried.StartAsync("--remove-meta");
        await carried.UntilEqualAsync();
        (await cluster.RefusedAsync("start-task", carried.TaskFile(), "--remove-meta")).Says("code=46014", carried.Name);
    }

    [SkippableFact]
    public async Task A_task_that_only_follows_begins_anew_at_its_position()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.KnownAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "replayed");
        await carried.Target.RunAsync($"CREATE DATABASE {carried.Name}", $"CREATE TABLE {carried.Name}.goods (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL)", $"CREATE TABLE {carried.Name}.orders (id INT PRIMARY KEY, good INT)");
        var end = (await carried.Source.QueryAsync("SHOW MASTER STATUS"))[0];
        carried.Mode = "incremental";
        carried.InstanceKeys = $$"""meta: {binlog-name: {{end[0]}}, binlog-pos: {{end[1]}}}""";
        await carried.InsertAsync(3);
        await carried.StartAsync();
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "3", "what came behind the position is carried");
        await cluster.OrderAsync("stop-task", carried.Name);
        await carried.Target.RunAsync($"DELETE FROM {carried.Name}.goods WHERE id = 5", $"UPDATE {carried.Name}.goods SET name = 'spoilt' WHERE id = 6");
        await carried.StartAsync("--remove-meta");
        await carried.InsertAsync(1);
        await cluster.UntilAsync(async () => await carried.CountAsync("goods") == "4", "it is carried once more, over the rows that are there");
        Assert.Equal("good 6", (await carried.Target.QueryAsync($"SELECT name FROM {carried.Name}.goods WHERE id = 6"))[0][0]);
    }

    // As in DM, no command of dmctl has this call.
    private static async Task<UpdateTaskResponse> UpdateAsync(DmCluster cluster, string file)
    {
        using var channel = new GrpcChannel($"127.0.0.1:{cluster.MasterPorts[0].Port}", new GrpcChannelOptions());
        return await channel.CallAsync(MasterMethods.UpdateTask, new UpdateTaskRequest { Task = file }, new GrpcCallOptions(), CancellationToken.None);
    }

    // Times have no parts of seconds: what is written from now on is of the time or later, what was written before is not.
    private static async Task<string> NextSecondAsync(TestServer server)
    {
        const string now = "SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s')";
        var before = (await server.QueryAsync(now))[0][0]!;
        var time = before;
        await Eventually.TrueAsync(async () => (time = (await server.QueryAsync(now))[0][0]!) != before, "the second is over");
        return time;
    }
}
