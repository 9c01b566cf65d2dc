using System.Diagnostics;
using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc.Tests;

namespace TiFerry.Dm.Tests.Etcd;

[Collection(nameof(EtcdCollection))]
public sealed class KeyTests(EtcdFixture etcd)
{
    [SkippableFact]
    public async Task Put_get_and_delete()
    {
        var client = etcd.Client;
        Assert.Null(await client.GetAsync("/keys/none"));
        var revision = await client.PutAsync("/keys/a", "1");
        await client.PutAsync("/keys/a", "zwei ü");
        var a = await client.GetAsync("/keys/a");
        Assert.Equal(new EtcdKeyValue("/keys/a", "zwei ü", revision, revision + 1, 2, 0), a);
        await client.PutAsync("/keys/b", "");
        await client.PutAsync("/keyt", "no");

        var all = await client.GetPrefixAsync("/keys/");
        Assert.Equal(["/keys/a", "/keys/b"], all.Items.Select(item => item.Key));
        Assert.Equal(revision + 3, all.Revision);
        Assert.True(await client.DeleteAsync("/keys/a"));
        Assert.False(await client.DeleteAsync("/keys/a"));
        Assert.Equal(1, await client.DeletePrefixAsync("/keys/"));
    }

    [SkippableFact]
    public async Task Transactions()
    {
        var client = etcd.Client;
        var first = await client.Txn().When(EtcdCompare.Missing("/txn/a")).Then(EtcdOp.Put("/txn/a", "1"), EtcdOp.Put("/txn/b", "2")).Else(EtcdOp.Get("/txn/a")).CommitAsync();
        Assert.True(first.Succeeded);
        Assert.Equal([null, null], first.Reads);

        var second = await client.Txn().When(EtcdCompare.Missing("/txn/a")).Then(EtcdOp.Put("/txn/a", "3")).Else(EtcdOp.Get("/txn/a"), EtcdOp.GetPrefix("/txn/")).CommitAsync();
        Assert.False(second.Succeeded);
        Assert.Equal("1", second.Reads[0]!.Single!.Value);
        Assert.Equal(2, second.Reads[1]!.Items.Count);

        EtcdCompare[] conditions =
        [
            EtcdCompare.Exists("/txn/a"), EtcdCompare.Value("/txn/a", "1"), EtcdCompare.Version("/txn/a", 1),
            EtcdCompare.CreateRevision("/txn/a", first.Revision), EtcdCompare.ModRevision("/txn/b", first.Revision),
        ];
        Assert.True((await client.Txn().When(conditions).Then(EtcdOp.DeletePrefix("/txn/")).CommitAsync()).Succeeded);
        foreach (var condition in conditions)
            Assert.False((await client.Txn().When(condition).CommitAsync()).Succeeded);
    }

    [SkippableFact]
    public async Task What_etcd_refuses_is_an_error_at_once()
    {
        var error = await Assert.ThrowsAsync<TiFerryException>(() => etcd.Client.Txn().Then(EtcdOp.Put("/twice", "1"), EtcdOp.Put("/twice", "2")).CommitAsync());
        Assert.Equal(EtcdErrors.CallFailed, error.Code);
        Assert.Contains("duplicate key", error.Message);
    }

    [SkippableFact]
    public async Task Without_a_server_the_error_names_the_addresses()
    {
        using var client = new EtcdClient([$"127.0.0.1:{EtcdServers.FreePort()}"], new EtcdClientOptions { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        var error = await Assert.ThrowsAsync<TiFerryException>(() => client.GetAsync("/a"));
        Assert.Contains("127.0.0.1:", error.Message);
    }

    [SkippableFact]
    public async Task Through_a_master_etcdctl_works_as_with_etcd()
    {
        Skip.IfNot(File.Exists("/usr/bin/etcdctl"), "etcdctl is not installed");
        await using var front = await Front.OpenAsync(etcd.Member);
        string[] endpoint = ["--endpoints", front.Address];
        Assert.Equal("OK\n", await EtcdctlAsync([.. endpoint, "put", "/ctl/a", "1"]));
        Assert.Equal("/ctl/a\n1\n", await EtcdctlAsync([.. endpoint, "get", "/ctl/a"]));
        Assert.Equal("lease", (await EtcdctlAsync([.. endpoint, "lease", "grant", "30"]))!.Split(' ')[0]);
        Assert.Contains("master1", await EtcdctlAsync([.. endpoint, "member", "list"]));
        using var through = new EtcdClient([front.Address]);
        Assert.Equal("1", (await through.GetAsync("/ctl/a"))!.Value);
    }

    [SkippableFact]
    public async Task Through_a_master_etcdctl_works_with_tls_and_only_with_it()
    {
        Skip.IfNot(File.Exists("/usr/bin/etcdctl"), "etcdctl is not installed");
        using var certificates = new Certificates();
        var tls = certificates.Issue("dm", "master");
        await using var front = await Front.OpenAsync(etcd.Member, tls);
        string[] trusted = ["--endpoints", $"https://{front.Address}", "--cacert", tls.CaFile!, "--cert", tls.CertificateFile!, "--key", tls.KeyFile!];
        Assert.Equal("OK\n", await EtcdctlAsync([.. trusted, "put", "/ctl/tls", "1"]));
        Assert.Null(await EtcdctlAsync(["--endpoints", $"https://{front.Address}", "--cacert", tls.CaFile!, "--dial-timeout", "1s", "--command-timeout", "1s", "get", "/ctl/tls"]));
        using var through = new EtcdClient([front.Address], new EtcdClientOptions { Tls = tls });
        Assert.Equal("1", (await through.GetAsync("/ctl/tls"))!.Value);
    }

    /// <summary>What it prints; null when it fails.</summary>
    private static async Task<string?> EtcdctlAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/etcdctl", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ETCDCTL_API"] = "3";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : null;
    }
}
