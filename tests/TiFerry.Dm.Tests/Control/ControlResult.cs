using TiFerry.Dm.Control;

namespace TiFerry.Dm.Tests.Control;

/// <summary>What a run of dmctl left.</summary>
internal sealed record ControlResult(int Code, string Output, string Errors)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static Task<ControlResult> OfAsync(params string[] arguments) => WithInputAsync("", arguments);

    public static async Task<ControlResult> WithInputAsync(string input, params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await Dmctl.RunAsync(arguments, new ControlConsole(new StringReader(input), output, errors, IsTerminal: false), deadline.Token);
        return new ControlResult(code, output.ToString(), errors.ToString());
    }

    /// <summary>It went well, and this is all that was printed.</summary>
    public void AssertPrinted(string expected)
    {
        Assert.Equal("", Errors);
        Assert.Equal(expected + "\n", Output);
        Assert.Equal(0, Code);
    }

    /// <summary>It was refused with this as its last words.</summary>
    public void AssertFailed(string error)
    {
        Assert.Equal($"Error: {error}\n", Errors);
        Assert.Equal(1, Code);
    }

    /// <summary>It was refused; the reason is in the output.</summary>
    public void AssertRefused(string reason)
    {
        AssertFailed("please check output to see error");
        Assert.Contains(reason, Output, StringComparison.Ordinal);
    }

    /// <summary>It was refused with the command's usage.</summary>
    public void AssertUsage(string use)
    {
        AssertFailed("please check output to see error");
        Assert.Contains($"Usage:\n  dmctl {use} [flags]\n", Output, StringComparison.Ordinal);
    }

    /// <summary>The command's help was printed.</summary>
    public void AssertHelp(string use)
    {
        Assert.Equal("", Errors);
        Assert.Contains($"Usage:\n  dmctl {use}", Output, StringComparison.Ordinal);
        Assert.Equal(0, Code);
    }
}
