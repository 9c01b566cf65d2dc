using System.Text;
using TiFerry.Dm.Control;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Interactive;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

public sealed class InteractiveTests : IDisposable
{
    private const string Up = "\e[A";
    private const string Down = "\e[B";
    private const string Left = "\e[D";

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Without_a_terminal_lines_come_from_the_input()
    {
        await using var master = await FakeMaster.StartAsync();
        const string Input = "\n  operate-leader evict\nbinlog replace shop 'drop table d.t'\nfrobnicate \"a b\"\nstart-relay x\nexit\noperate-leader evict\n";
        var result = await ControlResult.WithInputAsync(Input, "--master-addr", master.Address);
        Assert.Equal(0, result.Code);
        Assert.Equal([new OperateLeaderRequest { Op = LeaderOp.EvictLeaderOp }, new HandleErrorRequest { Op = ErrorOp.Replace, Task = "shop", Sqls = { "drop table d.t" } }], master.Asked.Select(asked => asked.Request));
        Assert.Contains("fail to run: [frobnicate a b]\nError: unknown command \"frobnicate\" for \"dmctl\"\nRun 'dmctl --help' for usage.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("must specify one source (`-s` / `--source`)\nfail to run: [start-relay x]\nError: please check output to see error\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_the_prompt_the_masters_are_settled() =>
        Assert.Contains("Error: unknown flag: --master-addr", (await ControlResult.WithInputAsync("list-member --master-addr x:1\n", "--master-addr", "127.0.0.1:1")).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("abc\r", "abc")]
    [InlineData("ac" + Left + "b\r", "abc")]
    [InlineData("bc\x01" + "a\x05" + "d\r", "abcd")]
    [InlineData("abX\x7F" + "c\r", "abc")]
    [InlineData("Xabc\e[H\e[3~\r", "abc")]
    [InlineData("Xabc\x01\x04\r", "abc")]
    [InlineData("abc def\x17xyz\r", "abc xyz")]
    [InlineData("abc def\eb\x0Bxyz\r", "abc xyz")]
    [InlineData("abc def\e[1;5D\x15\r", "def")]
    [InlineData("ä日本🙂" + Left + "\x7Fx\r", "ä日x🙂")]
    [InlineData("\e[5~abc\e[200~\r", "abc")]
    public async Task Keys_edit_the_line(string typed, string line) => Assert.Equal(line, await TypeAsync(typed));

    [Theory]
    [InlineData(Up + "\r", "third")]
    [InlineData(Up + Up + Up + Up + "\r", "first")]
    [InlineData("new" + Up + Up + Down + Down + "\r", "new")]
    [InlineData("\x12sec\r", "second")]
    [InlineData("\x12ir\x12\r", "first")]
    [InlineData("\x12ir\x12\x05!\r", "first")]
    [InlineData("old\x12sec\x03\r", "old")]
    public async Task Lines_typed_before_come_back(string typed, string line)
    {
        if (line == "first" && typed.Contains('!', StringComparison.Ordinal))
            line = "first!";
        Assert.Equal(line, await TypeAsync(typed, "first", "second", "third"));
    }

    [Theory]
    [InlineData("\x03")]
    [InlineData("abc\x03")]
    [InlineData("\x04")]
    [InlineData("abc")]
    public async Task Some_keys_end_the_session(string typed) => Assert.Null(await TypeAsync(typed));

    [Theory]
    [InlineData("que\t\r", "query-status ")]
    [InlineData("q\t--mo\t\r", "query-status --more ")]
    [InlineData("binlog r\t\t\r", "binlog re")]
    [InlineData("binlog rep\tsh\t\r", "binlog replace shop ")]
    [InlineData("start-relay -s my\t1 w\t\r", "start-relay -s mysql-01 worker")]
    [InlineData("pause-relay -s x,my\t2\r", "pause-relay -s x,mysql-02")]
    [InlineData("pause-relay --source=mysql-01,my\t2\r", "pause-relay --source=mysql-01,mysql-02")]
    [InlineData("operate-leader c\t\r", "operate-leader cancel-evict ")]
    [InlineData("nothing \t\r", "nothing ")]
    [InlineData("ex\t\r", "exit ")]
    public async Task Tab_completes(string typed, string line) => Assert.Equal(line, await TypeAsync(typed));

    [Fact]
    public async Task Tab_completes_files()
    {
        _files.Write("configs/task-shop.yaml", "");
        Assert.Equal($"start-task {_files.Root}/configs/task-shop.yaml ", await TypeAsync($"start-task {_files.Root}/conf\tta\t\r"));
    }

    [Fact]
    public void A_line_wider_than_the_terminal_is_drawn_over_its_rows()
    {
        using var output = new StringWriter();
        var display = new LineDisplay(output, () => 10);
        display.Draw("» ", "0123456789abcdef", 16);
        display.Draw("» ", "0123456789abcdef", 0);
        display.Draw("» ", "01234567", 8);
        Assert.Equal("\r» 0123456789abcdef\e[J\r\e[8C" + "\e[1A\r» 0123456789abcdef\e[J\e[1A\r\e[2C" + "\r» 01234567\r\n\e[J\r", output.ToString());
    }

    [Fact]
    public void The_history_is_kept_in_a_file_of_its_owner()
    {
        var path = _files.Path("history");
        var history = new LineHistory(path);
        history.Add("a");
        history.Add("a");
        history.Add("b");
        var again = new LineHistory(path);
        Assert.Equal(["a", "b"], Enumerable.Range(0, again.Count).Select(place => again[place]));
        Assert.True(TemporaryFiles.IsPrivate(path));
        new LineHistory("/nowhere/history").Add("c");
    }

    private async Task<string?> TypeAsync(string typed, params string[] before)
    {
        var history = new LineHistory(_files.Path("history"));
        foreach (var line in before)
            history.Add(line);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(typed));
        using var output = new StringWriter();
        var completer = new Completer(CommandTree.Interactive, NamesAsync);
        var editor = new LineEditor(new KeyReader(input), new LineDisplay(output, () => 80), history, completer.CompleteAsync);
        return await editor.ReadAsync("» ", CancellationToken.None);
    }

    private static Task<IReadOnlyList<string>> NamesAsync(ClusterNames kinds)
    {
        IReadOnlyList<(ClusterNames Kind, string Name)> all =
            [(ClusterNames.Tasks, "shop"), (ClusterNames.Sources, "mysql-01"), (ClusterNames.Sources, "mysql-02"), (ClusterNames.Workers, "worker1"), (ClusterNames.Workers, "worker2")];
        return Task.FromResult<IReadOnlyList<string>>([.. all.Where(one => kinds.HasFlag(one.Kind)).Select(one => one.Name)]);
    }
}
