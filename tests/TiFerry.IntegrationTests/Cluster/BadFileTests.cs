using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>Files that can't be used are refused with file, line and key, and nothing comes of them.</summary>
[Collection(SmallCluster.Name)]
public sealed class BadFileTests(ServerFixture servers, SmallClusterFixture clusters)
{
    // What is replaced in a good task file, by what, and what the error says.
    private static readonly (string From, string To, string[] Says)[] SpoiledTasks =
    [
        ("block-allow-list: {mine:", "block-allow-list: {mine: [", ["task.yaml:", "code=20"]),
        ("task-mode: all", "task-mode: some", ["task:2:", "task-mode", "'some'", "code=20020"]),
        ("task-mode: all", "task-mode: [all]", ["task:2:", "task-mode", "a list"]),
        ("task-mode: all", "task-mode: all\ntask-mod: all", ["task:3:", "task-mod", "no such key"]),
        ("block-allow-list: mine", "block-allow-list: yours", ["task:6:", "'mysql-instances[0].block-allow-list'", "'yours'", "mine", "code=20026"]),
        ("block-allow-list: mine", "block-allow-list: mine, route-rules: [r1]", ["task:6:", "route-rules", "'r1'", "code=20023"]),
        ("block-allow-list: mine", "block-allow-list: mine, filter-rules: [f1]", ["task:6:", "filter-rules", "'f1'", "code=20024"]),
        ("block-allow-list: mine", "block-allow-list: mine, syncer-thread: many", ["task:6:", "syncer-thread", "many"]),
        ("# end", "routes: {r1: {schema-pattern: a, target-schema: b}}", ["task:8:", "routes.r1", "no instance uses it", "code=20038"]),
        ("# end", "syncers: {fast: {worker-count: 4}}", ["task:8:", "syncers.fast", "code=20038"]),
        ("# end", "syncers: {fast: {worker-count: -4}}", ["task:8:", "syncers.fast.worker-count", "-4"]),
        ("# end", "timezone: Mars/Olympus", ["task:8:", "timezone", "Mars/Olympus"]),
        ("# end", "ignore-checking-items: [everything]", ["task:8:", "ignore-checking-items", "everything", "code=20001"]),
        ("source-id: KNOWN,", "source-id: nobody,", ["nobody", "code=20031"]),
        ("target-database:", "target-databases:", ["task:4:", "target-databases", "no such key"]),
    ];

    private static readonly (string From, string To, string[] Says)[] SpoiledSources =
    [
        ("from: {", "from: [{", ["source.yaml:"]),
        ("source-id: bad", "source-id: \"\"", ["source:1:", "source-id", "code=40005"]),
        ("port: 1,", "port: one,", ["source:2:", "from.port", "one"]),
        ("port: 1,", "prt: 1,", ["source:2:", "from.prt", "no such key"]),
        ("# end", "flavor: oracle", ["source:3:", "flavor", "oracle", "code=11010"]),
        ("# end", "enable-gtid: perhaps", ["source:3:", "enable-gtid", "perhaps"]),
        ("# end", "relay-binlog-name: x", ["source:3:", "relay-binlog-name", "code=40007"]),
        ("# end", "checker: {backoff-max: 1ms}", ["source:3:", "checker.backoff-max", "code=20043"]),
        ("# end", "purge: {interval: soon}", ["source:3:", "purge.interval", "soon"]),
    ];

    [SkippableFact]
    public async Task A_task_file_is_refused_with_line_and_key()
    {
        var cluster = await clusters.WholeAsync();
        await using var known = await CarriedDatabase.KnownAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "files");
        known.TaskKeys = "# end";
        Assert.True((await cluster.DmctlAsync("check-task", known.TaskFile())).IsSuccess);
        foreach (var (from, to, says) in SpoiledTasks)
        {
            var good = known.TaskYaml();
            var bad = good.Replace(from.Replace("KNOWN", known.Name, StringComparison.Ordinal), to, StringComparison.Ordinal);
            Assert.NotEqual(good, bad);
            (await cluster.RefusedAsync("start-task", cluster.WriteFile("task.yaml", bad))).Says(says);
        }
        Assert.Empty((await cluster.OrderAsync("query-status"))["tasks"]!.AsArray());
        await known.StartAsync();
        await known.UntilEqualAsync();
    }

    [SkippableFact]
    public async Task A_source_file_is_refused_with_line_and_key()
    {
        const string good = "source-id: bad\nfrom: {host: 127.0.0.1, port: 1, user: root, password: \"not-to-be-shown\"}\n# end\n";
        var cluster = await clusters.WholeAsync();
        foreach (var (from, to, says) in SpoiledSources)
        {
            var bad = good.Replace(from, to, StringComparison.Ordinal);
            Assert.NotEqual(good, bad);
            var text = await cluster.RefusedAsync("operate-source", "create", cluster.WriteFile("source.yaml", bad));
            text.Says(says);
            Assert.DoesNotContain("not-to-be-shown", text, StringComparison.Ordinal);
        }
        Assert.Empty((await cluster.OrderAsync("operate-source", "show"))["sources"]!.AsArray());
    }

    [SkippableTheory]
    [InlineData("dm-master", "name = \"m\"\nmaster-addr = \"127.0.0.1:1\"\npeer-url = \"http://127.0.0.1:2\"\n", "bad.toml:3:", "peer-url", "no such key")]
    [InlineData("dm-master", "name = \"m\"\nrpc-timeout = \"long\"\n", "bad.toml:2:", "rpc-timeout", "long")]
    [InlineData("dm-master", "name = \"m\nmaster-addr = 1\n", "bad.toml:1:", "text", "quotes")]
    [InlineData("dm-worker", "join = \"127.0.0.1:1\"\nkeepalive-ttl = \"ten\"\n", "bad.toml:2:", "keepalive-ttl", "a whole number")]
    [InlineData("dm-worker", "join = \"127.0.0.1:1\"\nkeepalive-ttl = 10\nkeepalive-ttl = 11\n", "bad.toml:3:", "keepalive-ttl", "twice")]
    [InlineData("dmctl", "master-adr = \"127.0.0.1:1\"\n", "bad.toml:1:", "master-adr", "no such key")]
    public async Task The_file_of_a_program_is_refused_with_line_and_key(string program, string text, params string[] says)
    {
        var cluster = await clusters.WholeAsync();
        var answer = await DmctlAnswer.OfProgramAsync(program, ["--config", cluster.WriteFile("bad.toml", text), .. program == "dmctl" ? ["query-status"] : Array.Empty<string>()]);
        Assert.NotEqual(0, answer.Code);
        answer.Text.Says(says);
    }
}
