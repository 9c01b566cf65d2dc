using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TiFerry.IntegrationTests.Faults;

/// <summary>A subtask with a fencing token in a process of its own, which can be stopped and continued as a whole.</summary>
internal sealed partial class SubtaskProcess : IAsyncDisposable
{
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;
    private readonly Process _process;

    private SubtaskProcess(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    public static SubtaskProcess Start(int sourcePort, int targetPort, string targetUser, string database, string task, string metaSchema, ulong token)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "TiFerry.SubtaskHost.dll"), sourcePort.ToString(), targetPort.ToString(), targetUser, database, task, metaSchema, token.ToString()])
            start.ArgumentList.Add(argument);
        return new SubtaskProcess(Process.Start(start)!);
    }

    /// <summary>Whether it ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Stops it where it is.</summary>
    public void Stop() => Assert.Equal(0, Kill(_process.Id, StopSignal));

    /// <summary>Lets it go on.</summary>
    public void Continue() => Assert.Equal(0, Kill(_process.Id, ContinueSignal));

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code and what it said.</returns>
    public async Task<(int Code, string Output)> WaitAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = await _process.StandardOutput.ReadToEndAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        return (_process.ExitCode, output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
