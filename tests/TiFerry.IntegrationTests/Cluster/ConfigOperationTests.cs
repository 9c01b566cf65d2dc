using System.Text.Json.Nodes;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>config, and what answers that it comes later.</summary>
[Collection(SmallCluster.Name)]
public sealed class ConfigOperationTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task Configurations_are_shown_and_written_without_passwords()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.CreateAsync(cluster, source, await servers.TargetAsync(), "shown");
        await source.RunAsync($"CREATE USER {carried.Name}@'%' IDENTIFIED BY 'very-secret'", $"GRANT ALL ON *.* TO {carried.Name}@'%'");
        carried.From = new(carried.Name, "very-secret");
        await carried.AddSourceAsync();
        await carried.StartAsync();
        var worker = (await cluster.WorkerOfAsync(carried.Name))!.Name;
        (await ShownAsync("task", carried.Name)).Says($"name: {carried.Name}", "task-mode: all", "block-allow-list");
        (await ShownAsync("source", carried.Name)).Says($"source-id: {carried.Name}", "******");
        (await ShownAsync("master", "master1")).Says("name = \"master1\"", "peer-urls");
        (await ShownAsync("worker", worker)).Says($"name = \"{worker}\"", "keepalive-ttl = 5");
        foreach (var kind in new[] { "task", "source", "master", "worker" })
            (await cluster.RefusedAsync("config", kind, "nobody")).Says($"{kind} not found");

        var path = Path.Combine(cluster.Folder, "written.yaml");
        await cluster.OrderAsync("get-config", "task", carried.Name, "--file", path);
        (await File.ReadAllTextAsync(path)).Says($"name: {carried.Name}");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);

        async Task<string?> ShownAsync(string kind, string name)
        {
            var text = (string?)(await cluster.OrderAsync("config", kind, name))["cfg"];
            Assert.DoesNotContain("very-secret", text, StringComparison.Ordinal);
            return text;
        }
    }

    [SkippableFact]
    public async Task What_is_exported_goes_on_in_a_new_cluster()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "exported");
        await carried.UntilEqualAsync();
        await cluster.OrderAsync("start-relay", "-s", carried.Name);
        var folder = Path.Combine(cluster.Folder, "exported");
        (await cluster.DmctlAsync("config", "export", "--path", folder)).Text.Says("succeed");
        (await File.ReadAllTextAsync(Path.Combine(folder, "tasks", $"{carried.Name}.yaml"))).Says("task-mode: all");
        // What an old cluster goes on with, a new one can't do as well.
        await cluster.OrderAsync("stop-task", carried.Name);
        await cluster.OrderAsync("stop-relay", "-s", carried.Name);
        await cluster.OrderAsync("operate-source", "stop", carried.Name);
        await carried.InsertAsync(2);

        await using var next = await DmCluster.StartAsync(masters: 1, workers: 1);
        (await next.DmctlAsync("config", "import", "--path", folder)).Text.Says("succeed");
        carried.Cluster = next;
        // The new cluster counts from the beginning, so to the target its worker looks like one that was superseded; whoever set it up says that the old one is gone.
        (await carried.UntilPausedWithErrorAsync()).Says("[code=90312]", $"delete the row of `meta_{carried.Name}`.`fence`", "resume the task");
        await carried.Target.RunAsync($"DELETE FROM meta_{carried.Name}.fence WHERE task = '{carried.Name}' AND source_id = '{carried.Name}'");
        await carried.ResumeAsync();
        await carried.UntilEqualAsync();
        Assert.Equal("Running", (string?)(await next.SubTaskAsync(carried.Name, carried.Name))!["stage"]);
        // What is there already is left alone.
        (await next.DmctlAsync("config", "import", "--path", folder)).Text.Says("succeed");
        await carried.InsertAsync(2);
        await carried.UntilEqualAsync();
        (await next.DmctlAsync("config", "import", "--path", Path.Combine(folder, "nowhere"))).Text.Says("not exists");
    }

    [SkippableFact]
    public async Task What_comes_later_says_so()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "coming");
        foreach (var command in new string[][] { ["show-ddl-locks"], ["shard-ddl-lock"], ["shard-ddl-lock", carried.Name] })
        {
            var locks = await cluster.OrderAsync(command);
            Assert.Equal(["result", "msg", "locks"], locks.AsObject().Select(field => field.Key));
            Assert.Empty(locks["locks"]!.AsArray());
            ((string?)locks["msg"]).Says("no DDL lock exists");
        }
        foreach (var command in new string[][] { ["shard-ddl-lock", "unlock", "no-such-lock"], ["unlock-ddl-lock", "no-such-lock"] })
            (await cluster.RefusedAsync(command)).Says("code=38019", "no-such-lock");
        foreach (var command in new string[][]
        {
            ["start", carried.Name], ["stop", carried.Name], ["status", carried.Name], ["show-error", carried.Name], ["ignore-error", carried.Name, "1"],
            ["resolve-error", carried.Name, "1"], ["clear-error", carried.Name, "--all"], ["update", carried.Name, "--cutover-binlog-pos", "(binlog.000001, 4)"],
        })
            (await cluster.RefusedAsync(["validation", .. command])).Says("validation", "not available");
    }

    [SkippableFact]
    public async Task Status_has_the_fields_of_the_original()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "fields");
        await carried.UntilEqualAsync();
        var status = await cluster.OrderAsync("query-status", carried.Name);
        Assert.Equal(["result", "msg", "sources"], Fields(status));
        var source = status["sources"]![0]!;
        Assert.Equal(["result", "msg", "sourceStatus", "subTaskStatus"], Fields(source));
        Assert.Equal(["source", "worker", "result", "relayStatus"], Fields(source["sourceStatus"]!));
        var subtask = source["subTaskStatus"]![0]!;
        Assert.Equal(["name", "stage", "unit", "result", "unresolvedDDLLockID", "sync", "validation"], Fields(subtask));
        Assert.Equal(
        [
            "totalEvents", "totalTps", "recentTps", "masterBinlog", "masterBinlogGtid", "syncerBinlog", "syncerBinlogGtid", "blockingDDLs", "unresolvedGroups", "synced", "binlogType",
            "secondsBehindMaster", "blockDDLOwner", "conflictMsg", "totalRows", "totalRps", "recentRps", "ioTotalBytes", "dumpIOTotalBytes",
        ], Fields(subtask["sync"]!));
        var members = await cluster.OrderAsync("list-member");
        Assert.Equal(["result", "msg", "members"], Fields(members));
        Assert.Equal(["msg", "name", "addr"], Fields(members["members"]![0]!["leader"]!));
        Assert.Equal(["name", "memberID", "alive", "peerURLs", "clientURLs"], Fields(members["members"]![1]!["master"]!["masters"]![0]!));
        Assert.Equal(["name", "addr", "stage", "source"], Fields(members["members"]![2]!["worker"]!["workers"]![0]!));

        static IEnumerable<string> Fields(JsonNode node) => node.AsObject().Select(field => field.Key);
    }
}
