using TiFerry.Dm.Control;
using TiFerry.Dm.Control.CommandLine;

namespace TiFerry.Dm.Tests.Control;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("query-status", "query-status")]
    [InlineData("--master-addr x:1 query-status", "query-status")]
    [InlineData("-s a query-status", "query-status")]
    [InlineData("-s=a,b query-status t", "query-status", "t")]
    [InlineData("query-status t -sa --more", "query-status", "t")]
    [InlineData("query-status -- --more", "query-status", "--more")]
    [InlineData("binlog -b x:1 skip t", "skip", "t")]
    [InlineData("shard-ddl-lock unlock x", "unlock", "x")]
    [InlineData("shard-ddl-lock t", "shard-ddl-lock", "t")]
    [InlineData("get-task-config t", "get-config", "t")]
    [InlineData("stop-task -", "stop-task", "-")]
    public void Commands_and_operands_are_found_among_flags(string line, string command, params string[] operands)
    {
        var parsed = ParsedLine.Parse(CommandTree.CommandMode, line.Split(' '));
        Assert.Equal(command, parsed.Path.Command.Name);
        Assert.Equal(operands, parsed.Operands);
    }

    [Theory]
    [InlineData("query-status --mor", "unknown flag: --mor")]
    [InlineData("query-status -x", "unknown shorthand flag: 'x' in -x")]
    [InlineData("list-member -lx", "unknown shorthand flag: 'x' in -x")]
    [InlineData("query-status -s", "flag needs an argument: 's' in -s")]
    [InlineData("query-status --source", "flag needs an argument: --source")]
    [InlineData("query-status --more=perhaps", "invalid argument \"perhaps\" for \"--more\" flag: it must be true or false")]
    [InlineData("check-task -e many", "invalid argument \"many\" for \"-e, --error\" flag: it must be a whole number")]
    [InlineData("frobnicate", "unknown command \"frobnicate\" for \"dmctl\"")]
    public async Task Mistakes_are_told(string line, string error)
    {
        var result = await ControlResult.OfAsync(line.Split(' '));
        Assert.StartsWith($"Error: {error}\n", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public async Task A_near_miss_is_answered_with_a_suggestion()
    {
        var result = await ControlResult.OfAsync("start-tsk");
        Assert.Equal("Error: unknown command \"start-tsk\" for \"dmctl\"\n\nDid you mean this?\n\tstart-task\n\nRun 'dmctl --help' for usage.\n", result.Errors);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("123 456", new[] { "123", "456" })]
    [InlineData("'123 456' \"7 8\"", new[] { "123 456", "7 8" })]
    [InlineData("0'1\"2'\"3\" x", new[] { "01\"23", "x" })]
    [InlineData("a\\ b \"c\\\"d\" '\\'", new[] { "a b", "c\"d", "\\" })]
    [InlineData("a ''  # rest", new[] { "a", "" })]
    [InlineData("1\"23", new[] { "1\"23" })]
    public void A_typed_line_is_split_as_in_a_shell(string line, string[] words) => Assert.Equal(words, ShellWords.Split(line));

    [Fact]
    public async Task Help_is_laid_out_as_DMs()
    {
        const string Expected = """
            Checks the configuration file of the task

            Usage:
              dmctl check-task <config-file> [--error count] [--warn count] [flags]

            Examples:
              dmctl check-task task.yaml
              dmctl check-task task.yaml -e 100 -w 100

            Flags:
              -e, --error int           max count of errors to display (default 10)
              -h, --help                help for check-task
                  --start-time string   specify the start time of binlog replication, e.g. '2021-10-21 00:01:00', '2021-10-21T00:01:00', or '2021-10-21T00:01:00+08:00'
              -w, --warn int            max count of warns to display (default 10)

            Global Flags:
                  --config string        Path to config file.
                  --master-addr string   Master API server address, this parameter is required when interacting with the dm-master
                  --rpc-timeout string   RPC timeout, default is 10m. (default "10m")
              -s, --source strings       MySQL Source ID.
                  --ssl-ca string        Path of file that contains list of trusted SSL CAs for connection.
                  --ssl-cert string      Path of file that contains X509 certificate in PEM format for connection.
                  --ssl-key string       Path of file that contains X509 key in PEM format for connection.
              -V, --version              Prints version and exit.
            """;
        (await ControlResult.OfAsync("check-task", "--help")).AssertPrinted(Expected);
        (await ControlResult.OfAsync("help", "check-task")).AssertPrinted(Expected);
    }

    [Fact]
    public async Task Every_command_has_its_help_with_an_example()
    {
        foreach (var path in Below(new CommandPath([CommandTree.CommandMode])).Where(path => path.Command.Run is not null && path.Command.Name is not ("help" or "update")))
        {
            var result = await ControlResult.OfAsync([.. path.Name.Split(' ').Skip(1), "-h"]);
            result.AssertHelp(path.Name["dmctl ".Length..]);
            Assert.Contains($"\nExamples:\n  {path.Name}", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_list_of_commands_leaves_old_spellings_out()
    {
        var help = await ControlResult.OfAsync("help");
        help.AssertHelp("[command]");
        Assert.Contains("\n  start-task      Starts a task as defined in the configuration file\n", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("handle-error", help.Output, StringComparison.Ordinal);
        Assert.StartsWith("Unknown help topic [`binlog` `x`]\n", (await ControlResult.OfAsync("help", "binlog", "x")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("-version")]
    [InlineData("--version")]
    public async Task The_version(string flag)
    {
        var result = await ControlResult.OfAsync(flag);
        Assert.StartsWith("Release Version: ", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);
    }

    private static IEnumerable<CommandPath> Below(CommandPath path) =>
        path.Command.Subcommands.SelectMany(command => Below(path with { Commands = [.. path.Commands, command] })).Prepend(path);
}
