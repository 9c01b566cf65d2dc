using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Programs;

namespace TiFerry.Dm.Tests.Config.Programs;

public sealed class WorkerConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Defaults()
    {
        var config = Read("--join", "127.0.0.1:8261");

        Assert.Equal(("127.0.0.1:8262", "127.0.0.1:8262", "127.0.0.1:8262"), (config.Name, config.WorkerAddr, config.AdvertiseAddr));
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1800)), (config.KeepaliveTtl, config.RelayKeepaliveTtl));
        Assert.Equal("http://127.0.0.1:8261", config.Join);
        Assert.Equal("", config.RelayDir);
    }

    [Fact]
    public void What_is_shown_as_toml_is_read_as_the_same()
    {
        var config = Read("-join=a:1, b:2", "-worker-addr", "[::1]:8262", "-redact-info-log", "-keepalive-ttl", "5", "-relay-dir", "/r", "-name", "w");
        File.WriteAllText(_file, config.ToToml());

        Assert.Equal("http://a:1,http://b:2", config.Join);
        Assert.Equal(config.ToToml(), (Read("--config", _file) with { ConfigFile = "" }).ToToml());
    }

    [Theory]
    [InlineData(40002, "'--joni' is an invalid flag", "--joni", "x")]
    [InlineData(40003, "join: no master is named")]
    [InlineData(40003, "'x' is no address of a master", "--join", "x")]
    [InlineData(40069, "':8262' says where to listen", "--join", "a:1", "--worker-addr", ":8262")]
    [InlineData(40069, "'0.0.0.0:1' is no address that others can reach", "--join", "a:1", "--advertise-addr", "0.0.0.0:1")]
    public void What_is_wrong_on_the_command_line(int code, string reason, params string[] arguments)
    {
        var error = Assert.Throws<TiFerryException>(() => Read(arguments));

        Assert.Equal(code, error.Code.Number);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_key_is_named()
    {
        File.WriteAllText(_file, "join = \"a:1\"\nrelay-dri = \"x\"\n");

        var error = Assert.Throws<TiFerryException>(() => Read("--config", _file));

        Assert.Equal(40004, error.Code.Number);
        Assert.Contains($"{_file}:2:13: 'relay-dri': there is no such key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_is_a_file_that_can_be_used()
    {
        File.WriteAllText(_file, WorkerConfig.FromArguments(["-print-sample-config"]).Output);

        Assert.Equal("relay-dir", Read("--config", _file).RelayDir);
    }

    [Fact]
    public void Dmctl_takes_its_options_from_anywhere()
    {
        File.WriteAllText(_file, "master-addr = \"file:1\"\nrpc-timeout = \"1m\"\n");
        var (options, command) = DmctlConfig.Take(["query-status", "-master-addr", "http://a:1,b:2", "-s", "x", "--config", _file]);

        var config = DmctlConfig.FromOptions(options);

        Assert.Equal(["query-status", "-s", "x"], command);
        Assert.Equal(["a:1", "b:2"], config.MasterAddrs);
        Assert.Equal(TimeSpan.FromMinutes(1), config.RpcTimeout);
    }

    private static WorkerConfig Read(params string[] arguments) => WorkerConfig.FromArguments(arguments).Config!;
}
