using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;

namespace TiFerry.Dm.Tests.Config.Programs;

public sealed class MasterConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Without_settings_a_single_node_runs()
    {
        var config = Read();

        Assert.Equal("127.0.0.1:8261", config.MasterAddr);
        Assert.Equal(config.MasterAddr, config.AdvertiseAddr);
        Assert.Equal("http://127.0.0.1:8291", config.PeerUrls);
        Assert.Equal(config.PeerUrls, config.AdvertisePeerUrls);
        Assert.Equal($"dm-master-{Environment.MachineName}", config.Name);
        Assert.Equal($"default.{config.Name}", config.DataDir);
        Assert.Equal($"{config.Name}=http://127.0.0.1:8291", config.InitialCluster);
        Assert.Equal("new", config.InitialClusterState);
        Assert.Equal((TimeSpan.FromSeconds(30), 0, 40), (config.RpcTimeout, config.RpcRateLimit, config.RpcRateBurst));
        Assert.Equal((2048, 1_572_864, 2L << 30), (config.MaxTxnOps, config.MaxRequestBytes, config.QuotaBackendBytes));
        Assert.Equal(("periodic", "1h"), (config.AutoCompactionMode, config.AutoCompactionRetention));
        Assert.False(config.UsesTls || config.OpenApi);
    }

    [Fact]
    public void Flags_go_before_the_file()
    {
        var config = ReadFile("""
            name = "from-file"
            master-addr = ":8261"
            advertise-addr = "http://10.0.0.1:8261"
            log-level = "warn"
            rpc-rate-limit = 5.5
            cert-allowed-cn = ["a"]
            openapi = true
            """, "-name", "from-flag", "-L", "debug", "--ssl-ca=ca", "--ssl-cert=cert", "--ssl-key=key", "-cert-allowed-cn", "b", "-cert-allowed-cn", "c", "-openapi=false");

        Assert.Equal("from-flag", config.Name);
        Assert.Equal((":8261", "10.0.0.1:8261"), (config.MasterAddr, config.AdvertiseAddr));
        Assert.Equal(LogLevel.Debug, config.LogLevel);
        Assert.Equal(5.5, config.RpcRateLimit);
        Assert.Equal(["b", "c"], config.Security.CertAllowedCn);
        Assert.False(config.OpenApi);
        Assert.Equal(_file, config.ConfigFile);
    }

    [Fact]
    public void Schemes_follow_tls()
    {
        var config = Read("--ssl-ca=ca", "--ssl-cert=c", "--ssl-key=k", "--peer-urls", "http://10.0.0.1:8291", "--initial-cluster", "a=10.0.0.1:8291,b=http://10.0.0.2:8291", "--join", "10.0.0.1:8261,10.0.0.2:8261");

        Assert.Equal("https://10.0.0.1:8291", config.PeerUrls);
        Assert.Equal("a=https://10.0.0.1:8291,b=https://10.0.0.2:8291", config.InitialCluster);
        Assert.Equal("https://10.0.0.1:8261,https://10.0.0.2:8261", config.Join);
    }

    [Fact]
    public void What_is_shown_as_toml_is_read_as_the_same()
    {
        var config = Read("--name", "m", "--ssl-ca=ca", "--ssl-cert=c", "--ssl-key=k", "--cert-allowed-cn", "x", "--rpc-timeout", "1m30s", "--etcd-endpoints", "10.0.0.1:2379");

        Assert.Equal(config.ToToml(), (ReadFile(config.ToToml()) with { ConfigFile = "" }).ToToml());
    }

    [Theory]
    [InlineData(38011, ":2:8: 'naem': there is no such key", "master-addr = \"a:1\"\nnaem = 1")]
    [InlineData(38013, ":1:6: the file is not valid TOML", "name ? 1")]
    [InlineData(38013, ":1:8: 'name': '1' stands where a text", "name = 1")]
    [InlineData(38013, ":1:15: 'max-txn-ops': 0 is out of range", "max-txn-ops = 0")]
    [InlineData(38013, ":1:13: 'log-level': there is no such value as 'loud'", "log-level = \"loud\"")]
    [InlineData(38013, ":1:14: 'log-format': the log can't be written as 'json'", "log-format = \"json\"")]
    [InlineData(38013, "'ssl-cert'", "ssl-cert = \"\"\nssl-ca = \"x\"")]
    [InlineData(38013, "':1:29", "auto-compaction-retention = \"often\"")]
    [InlineData(38014, ":1:15: 'rpc-timeout': '30' is no duration", "rpc-timeout = \"30\"")]
    [InlineData(38035, ":1:15: 'master-addr': ':8261' says where to listen, and not where others reach", "master-addr = \":8261\"")]
    [InlineData(38035, ":1:15: 'master-addr': '0.0.0.0:8261' says where", "master-addr = \"0.0.0.0:8261\"")]
    [InlineData(38035, "'host' is no address", "master-addr = \"host\"")]
    [InlineData(38042, "'0.0.0.0:1' is no address that others can reach", "advertise-addr = \"0.0.0.0:1\"")]
    [InlineData(38050, "'http://host' is no URL", "peer-urls = \"host\"")]
    [InlineData(90005, "a cluster of DM 1.0 can't be taken over", "v1-sources-path = \"x\"")]
    public void What_is_wrong_in_a_file(int code, string reason, string text)
    {
        var error = Assert.Throws<TiFerryException>(() => ReadFile(text));

        Assert.Equal(code, error.Code.Number);
        Assert.Contains(reason.TrimStart('\''), error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Workaround);
    }

    [Theory]
    [InlineData(38012, "'--nmae' is an invalid flag", "--nmae", "x")]
    [InlineData(38012, "flag needs an argument: --name", "--name")]
    [InlineData(38012, "--max-txn-ops: 'x' stands where a whole number", "--max-txn-ops", "x")]
    [InlineData(20018, "can't be read", "--config", "/nowhere/dm-master.toml")]
    public void What_is_wrong_on_the_command_line(int code, string reason, params string[] arguments)
    {
        var error = Assert.Throws<TiFerryException>(() => Read(arguments));

        Assert.Equal(code, error.Code.Number);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_nothing_is_told()
    {
        var config = ReadFile("log-rotate = \"day\"\nquota-backend-bytes = 1\n[experimental]\nopenapi = true");

        Assert.True(config.OpenApi);
        Assert.Equal(500L << 20, config.QuotaBackendBytes);
        Assert.Collection(config.Notices,
            n => Assert.Contains($"{_file}:1:14: 'log-rotate' does nothing", n, StringComparison.Ordinal),
            n => Assert.Contains("'quota-backend-bytes' is 1", n, StringComparison.Ordinal),
            n => Assert.Contains("'experimental.openapi' is called 'openapi'", n, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Release Version: v", "-V")]
    [InlineData("master-addr = \":8261\"", "--print-sample-config")]
    [InlineData("Usage of dm-master:", "--help")]
    [InlineData("Usage of dm-master:", "-h")]
    public void What_is_only_printed(string part, string argument)
    {
        var start = MasterConfig.FromArguments([argument]);

        Assert.Null(start.Config);
        Assert.Contains(part, start.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_is_a_file_that_can_be_used() => Assert.Empty(ReadFile(MasterConfig.FromArguments(["-print-sample-config"]).Output).Notices);

    private static MasterConfig Read(params string[] arguments) => MasterConfig.FromArguments(arguments).Config!;

    private MasterConfig ReadFile(string text, params string[] arguments)
    {
        File.WriteAllText(_file, text);
        return Read(["-config", _file, .. arguments]);
    }
}
