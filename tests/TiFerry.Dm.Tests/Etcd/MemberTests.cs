using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc.Tests;

namespace TiFerry.Dm.Tests.Etcd;

public sealed class MemberTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiferry-etcd-");
    private readonly CancellationTokenSource _limit = new(Patience);

    public MemberTests() => Skip.IfNot(EtcdServers.AreInstalled, "etcd is not installed");

    public void Dispose()
    {
        _limit.Dispose();
        _folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task A_killed_member_is_started_again_with_its_data_and_a_stopped_one_is_not()
    {
        var options = EtcdServers.Options(_folder.FullName);
        Assert.False(EtcdMember.HasData(options.DataDirectory));
        await using var member = await EtcdServers.ServingAsync(options);
        using var client = new EtcdClient([member.Endpoint]);
        await client.PutAsync("/kept", "1");
        Assert.True(EtcdMember.HasData(options.DataDirectory));

        var first = member.ProcessId;
        using (var process = Process.GetProcessById(first))
            process.Kill();
        while (member.ProcessId == first || member.ProcessId == 0)
            await Task.Delay(20, _limit.Token);
        await member.WaitUntilServingAsync(_limit.Token);
        Assert.Equal("1", (await client.GetAsync("/kept", _limit.Token))!.Value);

        await member.StopAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, member.ProcessId);
        Assert.True(member.Completion.IsCompletedSuccessfully);
    }

    [SkippableFact]
    public async Task A_folder_serves_one_process_and_a_leftover_of_a_dead_one_is_ended()
    {
        var options = EtcdServers.Options(_folder.FullName);
        var clientAddress = $"127.0.0.1:{EtcdServers.FreePort()}";
        Directory.CreateDirectory(options.DataDirectory);
        using var leftover = Process.Start(new ProcessStartInfo("/usr/bin/etcd",
        [
            $"--data-dir={Path.Combine(options.DataDirectory, "etcd")}", $"--listen-peer-urls={options.PeerUrls[0]}", $"--initial-advertise-peer-urls={options.PeerUrls[0]}",
            "--name=master1", $"--initial-cluster=master1={options.PeerUrls[0]}", $"--listen-client-urls=http://{clientAddress}", "--advertise-client-urls=http://127.0.0.1:1",
        ])
        { UseShellExecute = false, RedirectStandardError = true })!;
        leftover.ErrorDataReceived += (_, _) => { };
        leftover.BeginErrorReadLine();
        using var client = new EtcdClient([clientAddress], new EtcdClientOptions { RequestTimeout = Patience });
        await client.PutAsync("/left", "over", ct: _limit.Token);

        await using var member = await EtcdServers.ServingAsync(options);
        Assert.True(leftover.HasExited);
        var error = await Assert.ThrowsAsync<TiFerryException>(() => EtcdMember.StartAsync(options));
        Assert.Contains(options.DataDirectory, error.Message);
    }

    [SkippableFact]
    public async Task A_taken_port_is_named_in_the_end()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var member = await EtcdMember.StartAsync(EtcdServers.Options(_folder.FullName, peerPort: port) with { MaxRestarts = 1 });
        var error = await Assert.ThrowsAsync<TiFerryException>(() => member.WaitUntilServingAsync(_limit.Token));
        Assert.Equal(EtcdErrors.MemberFailed, error.Code);
        Assert.Contains($"127.0.0.1:{port}", error.Message);
        Assert.Contains("address already in use", error.Message);
    }

    [SkippableFact]
    public async Task Settings_that_cannot_work_are_refused()
    {
        var options = EtcdServers.Options(_folder.FullName);
        var error = await Assert.ThrowsAsync<TiFerryException>(() => EtcdMember.StartAsync(options with { Program = "etcd-is-not-here" }));
        Assert.Contains("apt-get install etcd-server", error.Message);

        error = await Assert.ThrowsAsync<TiFerryException>(() => EtcdMember.StartAsync(options with { DataDirectory = Path.Combine(_folder.FullName, new string('x', 100)) }));
        Assert.Contains("too long", error.Message);

        await using var member = await EtcdMember.StartAsync(options with { InitialCluster = "other=http://127.0.0.1:1" });
        error = await Assert.ThrowsAsync<TiFerryException>(() => member.WaitUntilServingAsync(_limit.Token));
        Assert.Contains("initial-cluster", error.Message);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Three_members_serve_without_their_leader(bool tls)
    {
        using var certificates = new Certificates();
        var options = EtcdServers.Cluster(_folder.FullName, 3, tls ? certificates.Issue("dm", "peer") with { AllowedCommonNames = ["other", "dm"] } : null);
        var members = new List<EtcdMember>();
        try
        {
            // One alone has no majority.
            members.Add(await EtcdMember.StartAsync(options[0]));
            Assert.False(await ServesWithinAsync(members[0], TimeSpan.FromSeconds(1)));
            foreach (var other in options.Skip(1))
                members.Add(await EtcdMember.StartAsync(other));
            await Task.WhenAll(members.Select(member => member.WaitUntilServingAsync(_limit.Token)));

            using var client = new EtcdClient([.. members.Select(member => member.Endpoint)]);
            await client.PutAsync("/three", "1", ct: _limit.Token);
            await using var changes = client.WatchAsync("/three", 1, _limit.Token).GetAsyncEnumerator();
            Assert.True(await changes.MoveNextAsync());

            await StopLeaderAsync(members, client);
            await PutUntilDoneAsync(client, "/three", "2");
            Assert.True(await changes.MoveNextAsync());
            Assert.Equal("2", changes.Current.Events[0].Item.Value);
            Assert.Equal("2", (await client.GetAsync("/three", _limit.Token))!.Value);
        }
        finally
        {
            foreach (var member in members)
                await member.DisposeAsync();
        }
    }

    private static async Task<bool> ServesWithinAsync(EtcdMember member, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await member.WaitUntilServingAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task StopLeaderAsync(List<EtcdMember> members, EtcdClient client)
    {
        var leader = (await client.GetStatusAsync(_limit.Token)).LeaderId;
        foreach (var member in members)
        {
            using var direct = new EtcdClient([member.Endpoint]);
            if ((await direct.GetStatusAsync(_limit.Token)).MemberId != leader)
                continue;
            await member.StopAsync(TimeSpan.Zero);
            return;
        }

        Assert.Fail("no member is the leader");
    }

    // A write in the moment of the change may fail, and isn't repeated by the client itself.
    private async Task PutUntilDoneAsync(EtcdClient client, string key, string value)
    {
        while (true)
        {
            try
            {
                await client.PutAsync(key, value, ct: _limit.Token);
                return;
            }
            catch (TiFerryException)
            {
                await Task.Delay(50, _limit.Token);
            }
        }
    }
}
