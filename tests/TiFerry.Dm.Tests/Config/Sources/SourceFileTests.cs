using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Sources;
using TiFerry.MySql;
using TiFerry.Sync.Filter;

namespace TiFerry.Dm.Tests.Config.Sources;

public sealed class SourceFileTests : IDisposable
{
    private const string Least = "source-id: mysql-1\nfrom: {host: 127.0.0.1, port: 3306, user: root}\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("tiferry-source-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Defaults()
    {
        var source = SourceConfig.Parse("s.yaml", Least);

        Assert.True(source.Enable && source.Checker.CheckEnable);
        Assert.False(source.EnableGtid || source.EnableRelay || source.CaseSensitive);
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.Zero, 15L), (source.Purge.Interval, source.Purge.Expires, source.Purge.RemainSpaceGiB));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)), (source.Checker.BackoffRollback, source.Checker.BackoffMax));
        Assert.Equal(("", 0u, ""), (source.Flavor, source.ServerId, source.RelayDir));
        Assert.Empty(source.Notices);
    }

    [Fact]
    public void All_keys()
    {
        var source = SourceConfig.Parse("s.yaml", """
            enable: false
            enable-gtid: true
            auto-fix-gtid: true
            relay-dir: /relay
            meta-dir: ""
            flavor: mysql
            charset: ""
            enable-relay: true
            relay-binlog-name: "mysql-bin.000002"
            relay-binlog-gtid: "e9a1fc22-ec08-11e9-b2ac-0242ac110003:1-7849"
            source-id: mysql-1
            from:
              host: db.example
              port: 3307
              user: repl
              password: secret
              max-allowed-packet: 67108864
              session: {wait_timeout: 100, SQL_MODE: ANSI, tidb_x: "it's"}
              security: {ssl-ca-bytes: [45, 45], ssl-cert: /c.pem, ssl-key: /k.pem}
            purge: {interval: 60, expires: 24, remain-space: 1}
            checker: {check-enable: false, backoff-rollback: 10m, backoff-max: 1h30m, backoff-min: 1s}
            server-id: 4294967295
            tracer: {a: b}
            case-sensitive: true
            filters:
            - {schema-pattern: dmctl, table-pattern: t_1, events: [], sql-pattern: ["alter table .* add"], action: Ignore}
            """);

        Assert.Equal((uint.MaxValue, "mysql", "/relay"), (source.ServerId, source.Flavor, source.RelayDir));
        Assert.Equal(TimeSpan.FromMinutes(90), source.Checker.BackoffMax);
        Assert.Equal(FilterAction.Ignore, Assert.Single(source.Filters).Action);
        Assert.Equal(6, source.Notices.Count);
        Assert.Equal("secret", source.From.Password.Reveal());

        var options = source.From.ToConnectionOptions(PasswordCipher.None, _directory);
        Assert.Equal(("db.example", 3307, "repl", "secret", TlsMode.VerifyCa), (options.Host, options.Port, options.User, options.Password, options.Tls));
        Assert.Equal("--", File.ReadAllText(options.SslCa!));
        Assert.Equal(["SET SESSION `tidb_x` = 'it''s'", "SET SESSION `wait_timeout` = 100"], options.InitStatements);
        Assert.Equal(source.ToYaml(), SourceConfig.Parse("s.yaml", source.ToYaml()).ToYaml());
    }

    [Theory]
    [InlineData(20003, "s.yaml:3:7: 'nmae': there is no such key", Least + "nmae: x")]
    [InlineData(20003, "s.yaml:1:1: 'from' is missing", "source-id: x")]
    [InlineData(20003, "s.yaml:2:7: 'from': 'port' is missing", "source-id: x\nfrom: {host: a, user: b}")]
    [InlineData(20003, "s.yaml:2:23: 'from.port': 70000 is out of range", "source-id: x\nfrom: {host: a, port: 70000, user: b}")]
    [InlineData(20003, "s.yaml:2:", "source-id: x\nfrom: {host: a\nport: 1")]
    [InlineData(20003, "is no name of a session variable", "source-id: x\nfrom: {host: a, port: 1, user: b, session: {\"a;b\": 1}}")]
    [InlineData(20003, "there is 'ssl-cert' and no 'ssl-key'", "source-id: x\nfrom: {host: a, port: 1, user: b, security: {ssl-cert: c}}")]
    [InlineData(90005, "cert-allowed-cn", "source-id: x\nfrom: {host: a, port: 1, user: b, security: {cert-allowed-cn: [c]}}")]
    [InlineData(40005, "the source has no 'source-id'", "from: {host: a, port: 1, user: b}")]
    [InlineData(40006, "s.yaml:1:12: 'source-id': 'a23456789012345678901234567890123' has 33 characters", "source-id: a23456789012345678901234567890123")]
    [InlineData(11010, "s.yaml:3:9: 'flavor': there is no flavor 'oracle'", Least + "flavor: oracle")]
    [InlineData(40007, "'../x' is no name of a binlog file", Least + "relay-binlog-name: ../x")]
    [InlineData(0, "s.yaml:3:20: 'relay-binlog-gtid'", Least + "relay-binlog-gtid: nonsense")]
    [InlineData(20043, "is less than the shortest wait, 1s", Least + "checker: {backoff-max: 10ms}")]
    [InlineData(20003, "'soon' is no duration", Least + "checker: {backoff-max: soon}")]
    [InlineData(20037, "s.yaml:3:", Least + "filters: [{schema-pattern: a, action: Maybe}]")]
    public void What_is_wrong(int code, string reason, string text)
    {
        var error = Assert.Throws<TiFerryException>(() => SourceConfig.Parse("s.yaml", text));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Workaround);
        if (code > 0)
            Assert.Equal(code, error.Code.Number);
    }

    [Theory]
    [InlineData("source-id: a # mine\nfrom:\n  host: h\n  port: 1\n  user: u\n  password: secret # here\n")]
    [InlineData("source-id: a\nfrom: {host: h, port: 1, user: u, password: 'secret'}\n")]
    [InlineData("source-id: a\nfrom:\n  host: h\n  port: 1\n  user: &u secret\n  password: *u\n")]
    [InlineData("source-id: a\nfrom: {host: h, port: 1, user: u, password: !!str secret}\n")]
    public void A_files_password_is_encrypted_in_place(string text)
    {
        var cipher = new PasswordCipher(new byte[32]);

        var changed = SourceConfig.ProtectText("s.yaml", text, cipher);

        var source = SourceConfig.Parse("s.yaml", changed);
        Assert.Equal("secret", cipher.Plain(source.From.Password).Reveal());
        Assert.NotEqual("secret", source.From.Password.Reveal());
        Assert.Equal(text.Contains("# mine", StringComparison.Ordinal), changed.Contains("# mine", StringComparison.Ordinal));
        Assert.Equal(changed, SourceConfig.ProtectText("s.yaml", changed, cipher));
        Assert.Equal(text, SourceConfig.ProtectText("s.yaml", text, PasswordCipher.None));
    }

    [Fact]
    public void Secrets_can_be_hidden()
    {
        var shown = SourceConfig.Parse("s.yaml", Least.Replace("user: root", "user: root, password: secret, security: {ssl-cert-base64: AAAA, ssl-key-base64: AAAA}", StringComparison.Ordinal)).WithoutSecrets().ToYaml();

        Assert.DoesNotContain("secret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", shown, StringComparison.Ordinal);
        Assert.Contains("password: \"******\"", shown, StringComparison.Ordinal);
    }
}
