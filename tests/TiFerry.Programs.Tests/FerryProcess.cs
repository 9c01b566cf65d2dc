using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace TiFerry.Programs.Tests;

/// <summary>The built program, run as a process of its own.</summary>
internal sealed partial class FerryProcess : IAsyncDisposable
{
    private const int InterruptSignal = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private FerryProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Output { get { lock (_output) return _output.ToString(); } }

    public string Error { get { lock (_error) return _error.ToString(); } }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => await RunAsync([], arguments);

    /// <summary>Runs it to its end with more environment variables.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        await using var process = Start(environment, arguments);
        var code = await process.WaitAsync();
        return (code, process.Output, process.Error);
    }

    public static FerryProcess Start((string Name, string Value)[] environment, params string[] arguments) =>
        Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "tiferry.dll"), .. arguments], environment);

    /// <summary>Gives a line to the shell, as a user does who copies what the program printed.</summary>
    public static FerryProcess StartShell(string line) => Start("/bin/sh", ["-c", "exec env " + line], []);

    public async Task<int> WaitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until standard output holds the text.</summary>
    public async Task WaitForOutputAsync(string text)
    {
        var deadline = DateTime.UtcNow + Deadline;
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited, $"it ended before it said '{text}':\n{Output}\n{Error}");
            Assert.True(DateTime.UtcNow < deadline, $"it never said '{text}':\n{Output}\n{Error}");
            await Task.Delay(25);
        }
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Assert.Equal(0, Kill(_process.Id, InterruptSignal));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static FerryProcess Start(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = new FerryProcess(new Process { StartInfo = start });
        process.Listen();
        return process;
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
            text.Append(line).Append('\n');
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
