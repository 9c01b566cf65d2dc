namespace TiFerry.Programs.Tests;

public sealed class UsageTests
{
    private const string From = "mysql://ferry@127.0.0.1:1";
    private const string To = "mysql://ferry@127.0.0.1:2";

    public static TheoryData<string, string> Mistakes => new()
    {
        { "migrate --from {f} --to {t} --threads 0", "--threads: '0' is not a whole number from 1 to 256" },
        { "migrate --from {f} --to {t} --threads many", "--threads: 'many' is not a whole number from 1 to 256" },
        { "migrate --from {f} --to {t} --chunk-rows -5", "--chunk-rows: '-5' is not a whole number" },
        { "migrate --from {f} --to {t} --mode some", "--mode: 'some' is not all, full or incremental" },
        { "migrate --from {f} --to {t} --stop-when tired", "--stop-when: 'tired' is not caught-up" },
        { "migrate --from {f} --to {t} --thread 4", "unknown option '--thread', did you mean --threads?" },
        { "migrate --from {f} --to {t} --threads 4 --threads 8", "--threads is given more than once" },
        { "migrate --from {f} --to {t} --filter", "--filter needs a value" },
        { "migrate --from {f} --to {t} --filter a.b.c", "--filter: the table filter 'a.b.c' is not valid at column 4" },
        { "migrate --from {f} --to {t} --rules /no/such.yaml", "--rules: " },
        { "migrate --from {f} --to {t} --safe-mode-duration soon", "--safe-mode-duration: 'soon' is not a duration, for example 60s" },
        { "migrate --from {f} --to {t} --start-position binlog.000001", "--start-position: 'binlog.000001' is not a binlog position" },
        { "migrate --from {f} --to {t} --start-gtid 0-1-2", "--start-gtid is for --mode incremental only" },
        { "migrate --from {f} --to {t} --mode incremental --start-gtid 0-1-2 --start-position b.1:4", "give one" },
        { "migrate --from {f} --to {t} --verify", "--verify compares at the end" },
        { "migrate --from {f} --to {t} --from-ssl-mode some", "--from-ssl-mode: 'some' is not disabled, preferred, required, verify-ca or verify-identity" },
        { "migrate --from {f} --to {t} --to-ssl-ca /no/such.pem", "--to-ssl-ca: there is no file '/no/such.pem'" },
        { "migrate --from {f} --to {t} --from-password-file /no/such", "--from-password-file: '/no/such' can't be read" },
        { "migrate --from {f} --to {t} --meta-schema mysql", "--meta-schema: 'mysql' is not a database name" },
        { "migrate --from {f}", "--to is missing" },
        { "migrate --to {t}", "--from is missing" },
        { "migrate --from {f}/shop --to {t}", "choose databases with --filter 'shop.*'" },
        { "migrate --from {f}?sslmode=off --to {t}", "unknown key 'sslmode'" },
        { "migrate --from http://host --to {t}", "--from: the connection URL does not start with mysql://" },
        { "migrate --from mysql://host:99999 --to {t}", "--from: the port in the connection URL is not a number" },
        { "migrat --from {f}", "unknown command 'migrat', did you mean migrate?" },
        { "check --from {f} --to {t} --log-fil x", "unknown option '--log-fil'" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_named_in_one_line(string line, string expected)
    {
        var arguments = line.Replace("{f}", From, StringComparison.Ordinal).Replace("{t}", To, StringComparison.Ordinal).Split(' ');

        var (code, output, error) = await FerryProcess.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Equal("", output.Trim());
    }

    [Theory]
    [InlineData("migrate", "mysql://root:Geheim99@host")]
    [InlineData("migrate", "--from", "mysql://root:Geheim99@host?foo=1", "--to", To)]
    [InlineData("migrate", "--form=mysql://root:Geheim99@host")]
    [InlineData("migrate", "--from", "http://root:Geheim99@host", "--to", To)]
    [InlineData("check", "--threads", "mysql://root:Geheim99@host")]
    public async Task A_mistake_does_not_give_the_password_away(params string[] arguments)
    {
        var (code, output, error) = await FerryProcess.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.NotEmpty(error);
        Assert.DoesNotContain("Geheim99", output + error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("-V")]
    public async Task It_tells_its_version(string option)
    {
        var (code, output, _) = await FerryProcess.RunAsync(option);

        Assert.Equal(0, code);
        Assert.Matches(@"^tiferry \d+\.\d+\.\d+", output);
    }

    [Fact]
    public async Task Help_shows_options_and_examples()
    {
        var (code, output, _) = await FerryProcess.RunAsync("migrate", "--help");

        Assert.Equal(0, code);
        foreach (var option in new[] { "--from", "--to", "--mode", "--filter", "--threads", "--chunk-rows", "--start-gtid", "--start-position", "--stop-when", "--verify", "--meta-schema", "--task", "--log-file", "--from-ssl-ca", "--to-password-file" })
            Assert.Contains(option, output, StringComparison.Ordinal);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
        Assert.Contains("130 interrupted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_arguments_it_shows_help()
    {
        var (code, output, _) = await FerryProcess.RunAsync();

        Assert.Equal(0, code);
        Assert.Contains("migrate", output, StringComparison.Ordinal);
    }
}
