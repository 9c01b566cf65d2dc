using TiFerry.TestServers;
using Account = TiFerry.IntegrationTests.Cluster.CarriedDatabase.Account;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>Servers that are away, refuse an account or have purged what a task needs: a clear error, nothing lost, and on once the cause is gone.</summary>
[Collection(SmallCluster.Name)]
public sealed class FailingServerTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task A_source_that_does_not_answer_is_not_taken_in()
    {
        var cluster = await clusters.WholeAsync();
        var text = await cluster.RefusedAsync("operate-source", "create", cluster.WriteFile("away.yaml", "source-id: away\nfrom: {host: 127.0.0.1, port: 1, user: root, password: \"not-to-be-shown\"}\n"));
        text.Says("code=10003", "away", "127.0.0.1");
        Assert.DoesNotContain("not-to-be-shown", text, StringComparison.Ordinal);
        (await cluster.RefusedAsync("operate-source", "show", "-s", "away")).Says("code=46008");
    }

    [SkippableFact]
    public async Task A_wrong_password_is_told_and_mended()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.CreateAsync(cluster, source, await servers.TargetAsync(), "password");
        await source.RunAsync($"CREATE USER {carried.Name}@'%' IDENTIFIED BY 'first-secret'", $"GRANT ALL ON *.* TO {carried.Name}@'%'");
        carried.From = new Account(carried.Name, "wrong-secret");
        var text = await cluster.RefusedAsync("operate-source", "create", carried.SourceFile());
        text.Says("Access denied", carried.Name);
        Assert.DoesNotContain("wrong-secret", text, StringComparison.Ordinal);

        carried.From = new Account(carried.Name, "first-secret");
        await carried.AddSourceAsync();
        await carried.StartAsync();
        await carried.UntilEqualAsync();
        await carried.PauseAsync();
        await source.RunAsync($"ALTER USER {carried.Name}@'%' IDENTIFIED BY 'second-secret'");
        await carried.InsertAsync(5);
        await cluster.DmctlAsync("resume-task", carried.Name);
        text = await carried.UntilPausedWithErrorAsync();
        text.Says("Access denied");
        Assert.DoesNotContain("first-secret", text, StringComparison.Ordinal);

        carried.From = new Account(carried.Name, "second-secret");
        await carried.PauseAsync();
        await cluster.OrderAsync("operate-source", "update", carried.SourceFile());
        await carried.ResumeAsync();
        await carried.UntilEqualAsync();
    }

    [SkippableFact]
    public async Task A_source_that_goes_away_is_told_and_pauses_the_task_until_it_is_back()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, source, await servers.TargetAsync(), "gone");
        await source.StopAsync();
        string? told = null;
        await cluster.UntilAsync(
            async () => (told = (await cluster.DmctlAsync("query-status", carried.Name)).Json?["sources"]?[0]?["sourceStatus"]?["result"]?.ToJsonString()) is not null, "the status tells that the source is away");
        told.Says("10003");
        (await carried.UntilPausedWithErrorAsync()).Says("10003");
        await source.StartAgainAsync();
        await carried.InsertAsync(5);
        await carried.UntilEqualAsync();
        await carried.UntilFollowedAsync();
    }

    [SkippableFact]
    public async Task A_target_that_goes_away_pauses_the_task_until_it_is_back()
    {
        var cluster = await clusters.WholeAsync();
        var target = await servers.TargetAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), target, "away");
        await carried.UntilEqualAsync();
        await carried.PauseAsync();
        await target.StopAsync();
        await carried.InsertAsync(5);
        await cluster.DmctlAsync("resume-task", carried.Name);
        (await carried.UntilPausedWithErrorAsync()).Says("10003");
        await target.StartAgainAsync();
        // Nobody resumes it: it does so by itself.
        await carried.UntilEqualAsync();
        await carried.UntilFollowedAsync();
    }

    [SkippableFact]
    public async Task Missing_privileges_are_told_before_the_start_and_while_the_task_runs()
    {
        var cluster = await clusters.WholeAsync();
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        await using var carried = await CarriedDatabase.CreateAsync(cluster, source, target, "rights");
        foreach (var server in new[] { source, target })
            await server.RunAsync($"CREATE USER {carried.Name}@'%' IDENTIFIED BY 'secret'");
        carried.From = carried.To = new Account(carried.Name, "secret");
        await carried.AddSourceAsync();

        var text = await cluster.RefusedAsync("start-task", carried.TaskFile());
        text.Says("code=26005", "REPLICATION SLAVE", "SELECT", "INSERT");
        await source.RunAsync($"GRANT RELOAD, SELECT, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO {carried.Name}@'%'");
        (await cluster.RefusedAsync("start-task", carried.TaskFile())).Says("INSERT");
        await target.RunAsync($"GRANT ALL ON *.* TO {carried.Name}@'%'");
        await carried.StartAsync();
        await carried.UntilEqualAsync();

        await carried.PauseAsync();
        await target.RunAsync($"REVOKE INSERT, UPDATE, DELETE ON *.* FROM {carried.Name}@'%'", $"GRANT ALL ON meta_{carried.Name}.* TO {carried.Name}@'%'");
        await carried.InsertAsync(5);
        await cluster.DmctlAsync("resume-task", carried.Name);
        text = await carried.UntilPausedWithErrorAsync();
        text.Says("denied", $"`{carried.Name}`.`goods`", "grant the missing privilege");
        await target.RunAsync($"GRANT ALL ON *.* TO {carried.Name}@'%'");
        await cluster.DmctlAsync("resume-task", carried.Name);
        await carried.UntilEqualAsync();
    }

    [SkippableFact]
    public async Task A_purged_binlog_pauses_the_task_and_a_new_start_carries_everything()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, source, await servers.TargetAsync(), "purged");
        await carried.UntilEqualAsync();
        await carried.PauseAsync();
        await carried.InsertAsync(5);
        await source.RunAsync($"DELETE FROM {carried.Name}.goods WHERE id = 1", "FLUSH BINARY LOGS");
        var newest = (await source.QueryAsync("SHOW BINARY LOGS"))[^1][0];
        // A dump thread that just ended may still hold a file.
        await cluster.UntilAsync(
            async () =>
            {
                await source.RunAsync($"PURGE BINARY LOGS TO '{newest}'");
                return (await source.QueryAsync("SHOW BINARY LOGS"))[0][0] == newest;
            },
            "the binlog is purged");
        await cluster.DmctlAsync("resume-task", carried.Name);
        var text = await carried.UntilPausedWithErrorAsync();
        text.Says("36069", "no longer has the binlog", "copy the data anew");

        await cluster.OrderAsync("stop-task", carried.Name);
        (await cluster.RefusedAsync("start-task", carried.TaskFile())).Says("code=26005", "remove-meta");
        (await cluster.RefusedAsync("start-task", carried.TaskFile(), "--remove-meta")).Says("downstream_table_empty", "already hold rows", $"`{carried.Name}`.`goods`");
        await carried.Target.RunAsync($"DROP DATABASE {carried.Name}");
        await carried.StartAsync("--remove-meta");
        await carried.UntilFollowedAsync();
        await carried.InsertAsync(5);
        await carried.UntilEqualAsync();
    }

    [SkippableFact]
    public async Task A_start_position_that_was_purged_is_told_before_the_start()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.KnownAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "early");
        carried.Mode = "incremental";
        carried.InstanceKeys = "meta: {binlog-name: binlog.999999, binlog-pos: 4}";
        var text = await cluster.RefusedAsync("start-task", carried.TaskFile());
        text.Says("code=26005", "binlog.999999");
        Assert.Empty((await cluster.OrderAsync("query-status"))["tasks"]!.AsArray());
    }

    [SkippableFact]
    public async Task A_clock_that_is_wrong_does_not_make_the_lag_absurd()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, source, await servers.TargetAsync(), "clock");
        foreach (var skew in new[] { "+ 86400", "- 86400" })
        {
            // The stamps of events are those of a clock that is a day off.
            await source.RunAsync($"SET timestamp = UNIX_TIMESTAMP() {skew}", $"INSERT INTO {carried.Name}.orders VALUES (UNIX_TIMESTAMP(), 1)");
            await carried.UntilEqualAsync();
            await carried.UntilAsync(status => (bool?)status["sync"]?["synced"] == true, "it caught up");
            var lag = (string?)(await carried.StatusAsync())!["sync"]!["secondsBehindMaster"];
            Assert.Equal("0", lag);
        }
    }
}
