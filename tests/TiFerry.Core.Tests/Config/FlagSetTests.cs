using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Tests.Config;

public class FlagSetTests
{
    private static readonly FlagSet Flags = new("prog",
    [
        new("addr", "where to listen") { Default = ":1" },
        new("log-level", "how much") { Alias = "L" },
        new("open", "be open") { IsSwitch = true },
        new("cn", "a name") { IsRepeatable = true },
    ], ConfigErrors.BadOption);

    [Theory]
    [InlineData("-addr", "x:1")]
    [InlineData("--addr", "x:1")]
    [InlineData("-addr=x:1")]
    [InlineData("--addr=x:1")]
    [InlineData("--addr", "y:2", "--addr", "x:1")]
    public void Values_stand_behind_a_blank_or_an_equals_sign(params string[] arguments) => Assert.Equal("x:1", Flags.Parse(arguments).Text("addr"));

    [Fact]
    public void Switches_and_short_names_and_repeated_ones()
    {
        var given = Flags.Parse(["-open", "-L", "debug", "--cn", "a", "--cn=b"]);

        Assert.True(given.Flag("open"));
        Assert.False(Flags.Parse(["-open=false"]).Flag("open"));
        Assert.Equal("debug", given.Text("log-level"));
        Assert.Equal(["a", "b"], given.Texts("cn"));
        Assert.Null(given["addr"]);
    }

    [Fact]
    public void A_negative_or_empty_value_is_a_value()
    {
        Assert.Equal("-x", Flags.Parse(["--addr", "-x"]).Text("addr"));
        Assert.Equal("", Flags.Parse(["--addr", ""]).Text("addr", "missing"));
    }

    [Theory]
    [InlineData("'--nothing' is an invalid flag", "--nothing=secret")]
    [InlineData("'x' is an invalid flag", "-open", "x")]
    [InlineData("flag needs an argument: --addr", "-addr")]
    public void What_is_no_flag(string reason, params string[] arguments)
    {
        var error = Assert.Throws<TiFerryException>(() => Flags.Parse(arguments));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_names_its_flag()
    {
        var error = Assert.Throws<TiFerryException>(() => Flags.Parse(["-open=perhaps"]).Flag("open"));

        Assert.Contains("--open: 'perhaps' stands where true or false", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_and_their_options_are_left_over()
    {
        var (given, others) = Flags.Take(["--addr", "x:1", "start-task", "--remove-meta", "task.yaml", "-L=warn", "-s", "a"]);

        Assert.Equal(["start-task", "--remove-meta", "task.yaml", "-s", "a"], others);
        Assert.Equal("warn", given.Text("log-level"));
    }

    [Fact]
    public void A_command_line_goes_before_a_file()
    {
        var both = Flags.Parse(["--addr", "flag:1"]).Before(TomlFile.Parse("f.toml", "addr = \"file:1\"\nlog-level = \"warn\"").AsMap());

        Assert.Equal("flag:1", both.Text("addr"));
        Assert.Equal("warn", both.Text("log-level"));
    }

    [Fact]
    public void The_help_names_all_options()
    {
        Assert.Contains("  --addr value\n    \twhere to listen (default :1)\n", Flags.Usage, StringComparison.Ordinal);
        Assert.Contains("  --log-level, -L value\n", Flags.Usage, StringComparison.Ordinal);
    }
}
