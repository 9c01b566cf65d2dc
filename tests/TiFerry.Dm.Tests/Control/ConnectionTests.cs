using System.Net;
using System.Net.Sockets;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Control;

public sealed class ConnectionTests
{
    [Fact]
    public async Task A_dead_master_is_passed_over()
    {
        await using var master = await FakeMaster.StartAsync();
        foreach (var addresses in new[] { $"{DeadAddress()},{master.Address}", $"http://{master.Address},{DeadAddress()}" })
        {
            var result = await ControlResult.OfAsync("-master-addr", addresses, "operate-leader", "evict");
            Assert.Equal(("", 0), (result.Errors, result.Code));
        }
        Assert.Equal(2, master.Asked.Count);
    }

    [Fact]
    public async Task A_question_is_asked_again_where_a_master_does_not_serve_and_an_order_is_not()
    {
        await using var master = await FakeMaster.StartAsync();
        await using var ill = await FakeMaster.StartAsync();
        ill.Answer<QueryStatusListRequest, QueryStatusListResponse>(MasterMethods.QueryStatus, _ => throw new GrpcException(GrpcStatus.Unavailable, "no leader"));
        ill.Answer<HandleErrorRequest, HandleErrorResponse>(MasterMethods.HandleError, _ => throw new GrpcException(GrpcStatus.Unavailable, "no leader"));
        var addresses = $"{ill.Address},{master.Address}";
        Assert.Equal(0, (await ControlResult.OfAsync("--master-addr", addresses, "query-status")).Code);
        var order = await ControlResult.OfAsync("--master-addr", addresses, "binlog", "skip", "shop");
        Assert.Contains("no leader", order.Errors, StringComparison.Ordinal);
        Assert.Equal(1, order.Code);
        Assert.Equal([nameof(MasterMethods.QueryStatus)], master.Asked.Select(asked => asked.Method));
    }

    [Fact]
    public async Task No_master_at_all()
    {
        var (a, b) = (DeadAddress(), DeadAddress());
        var result = await ControlResult.OfAsync("--master-addr", $"{a},{b}", "query-status", "t", "-s", "x,y");
        Assert.Equal("can not query t task's status(in sources [x y])\n", result.Output);
        Assert.StartsWith($"Error: can't connect to {a},{b}: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public async Task An_answer_is_not_waited_for_longer_than_told()
    {
        await using var master = await FakeMaster.StartAsync();
        using var never = new SemaphoreSlim(0);
        master.Answer<OperateLeaderRequest, OperateLeaderResponse>(MasterMethods.OperateLeader, _ =>
        {
            never.Wait(TimeSpan.FromMinutes(1));
            return new OperateLeaderResponse();
        });
        var result = await master.RunAsync("--rpc-timeout", "300ms", "operate-leader", "evict");
        never.Release();
        Assert.Contains("--rpc-timeout", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public async Task What_a_master_throws_is_shown()
    {
        await using var master = await FakeMaster.StartAsync();
        master.Answer<ListMemberRequest, ListMemberResponse>(MasterMethods.ListMember, _ => throw new GrpcException(GrpcStatus.Unknown, "[code=38035], Message: no leader"));
        (await master.RunAsync("list-member")).AssertFailed("rpc error: code = Unknown desc = [code=38035], Message: no leader");
    }

    [Theory]
    [InlineData("127.0.0.1", "10m", "'127.0.0.1' is no address of a master")]
    [InlineData("a:1,b", "10m", "'b' is no address of a master")]
    [InlineData("a:1", "10", "--rpc-timeout")]
    [InlineData("a:1", "0s", "--rpc-timeout")]
    [InlineData("", "1s", "--master-addr not provided")]
    public async Task Settings_that_cannot_be_used_are_told_before_anything_is_asked(string address, string timeout, string error)
    {
        foreach (var command in new[] { new[] { "list-member" }, [] })
        {
            var result = await ControlResult.OfAsync(["--master-addr", address, "--rpc-timeout", timeout, .. command]);
            Assert.Contains(error, result.Errors, StringComparison.Ordinal);
            Assert.Equal(1, result.Code);
        }
    }

    [Fact]
    public async Task Settings_come_from_a_file_and_flags_go_before_it()
    {
        await using var master = await FakeMaster.StartAsync();
        using var files = new TemporaryFiles();
        var file = files.Write("dmctl.toml", $"master-addr = \":{master.Address.Split(':')[1]}\"\nrpc-timeout = \"1m\"\n");
        Assert.Equal(0, (await ControlResult.OfAsync("-config", file, "list-member")).Code);
        Assert.Equal(1, (await ControlResult.OfAsync("list-member", "--config", file, "--master-addr", DeadAddress())).Code);
        var unknown = await ControlResult.OfAsync("--config=" + files.Write("bad.toml", "master = 1\n"), "list-member");
        Assert.Contains("bad.toml:1:", unknown.Errors, StringComparison.Ordinal);
        Assert.Single(master.Asked);
    }

    [Fact]
    public async Task Certificates_open_the_door()
    {
        using var certificates = new TestCertificates();
        await using var master = await FakeMaster.StartAsync(new GrpcTls { CaFile = certificates.AuthorityFile, CertificateFile = certificates.CertificateFile("server"), KeyFile = certificates.KeyFile("server"), AllowedCommonNames = ["client"] });
        string[] flags = ["--ssl-ca", certificates.AuthorityFile, "--ssl-cert", certificates.CertificateFile("client"), "--ssl-key", certificates.KeyFile("client")];
        Assert.Equal(("", 0), await RunAsync(flags));
        flags[3] = certificates.CertificateFile("stranger");
        flags[5] = certificates.KeyFile("stranger");
        Assert.Equal(1, (await RunAsync(flags)).Code);
        Assert.Equal(1, (await RunAsync([])).Code);
        Assert.Single(master.Asked);

        async Task<(string Errors, int Code)> RunAsync(string[] tls)
        {
            var result = await ControlResult.OfAsync(["--master-addr", master.Address, "list-member", .. tls]);
            return (result.Errors, result.Code);
        }
    }

    [Fact]
    public async Task Operands_are_checked_without_a_master() => (await ControlResult.OfAsync("stop-relay")).AssertUsage("stop-relay <-s source-id>");

    /// <summary>An address at which nobody listens.</summary>
    private static string DeadAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }
}
