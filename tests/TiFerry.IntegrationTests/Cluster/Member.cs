using System.Diagnostics;
using System.Runtime.InteropServices;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A dm-master or dm-worker as a process of its own, which tests kill, stop and start again. It dies with the test process.</summary>
internal sealed partial class Member : IAsyncDisposable
{
    private const int TerminateSignal = 15;
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IReadOnlyList<string> _command;
    private readonly string _outputFile;
    private Process? _process;

    /// <summary>Describes it; nothing runs yet.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="folder">Where its output goes.</param>
    /// <param name="arguments">What it is started with, every time.</param>
    public Member(string name, string program, string folder, IEnumerable<string> arguments)
    {
        Name = name;
        _outputFile = Path.Combine(folder, name + ".out");
        _command = ["dotnet", Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments];
    }

    public string Name { get; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What it wrote before it had a log, or why it ended.</summary>
    public string Output => File.Exists(_outputFile) ? File.ReadAllText(_outputFile) : "";

    public async Task StartAsync()
    {
        Assert.False(IsRunning, $"{Name} runs already");
        _process?.Dispose();
        _process = await ServerProcess.StartAsync(_command, _outputFile);
    }

    /// <summary>Ends it at once, as a power failure would.</summary>
    public async Task KillAsync()
    {
        if (!IsRunning)
            return;
        _process!.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Asks it to end, as an administrator does; its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        Signal(TerminateSignal);
        await WaitForExitAsync();
        return _process!.ExitCode;
    }

    /// <summary>Stops the process where it is; its connections stay open.</summary>
    public void Pause() => Signal(StopSignal);

    /// <summary>Lets a stopped process go on.</summary>
    public void Continue() => Signal(ContinueSignal);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, Kill(_process!.Id, signal));

    private async Task WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process!.WaitForExitAsync(deadline.Token);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
