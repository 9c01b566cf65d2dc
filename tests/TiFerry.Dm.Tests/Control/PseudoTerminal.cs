using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace TiFerry.Dm.Tests.Control;

/// <summary>The built dmctl in a terminal of its own (POSIX, posix_openpt).</summary>
internal sealed partial class PseudoTerminal : IAsyncDisposable
{
    // O_RDWR, O_NOCTTY and O_CLOEXEC of Linux.
    private const int OpenFlags = 0x2 | 0x100 | 0x80000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly FileStream _terminal;
    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;

    private PseudoTerminal(FileStream terminal, Process process)
    {
        _terminal = terminal;
        _process = process;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What the terminal has shown so far.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
                return _shown.ToString();
        }
    }

    /// <summary>Starts dmctl with its home in a directory of the test.</summary>
    public static PseudoTerminal Start(string home, params string[] arguments)
    {
        var file = OpenTerminal(OpenFlags);
        Assert.True(file >= 0 && Grant(file) == 0 && Unlock(file) == 0);
        var name = new byte[64];
        Assert.Equal(0, NameOf(file, name, name.Length));
        var slave = Encoding.ASCII.GetString(name).TrimEnd('\0');

        // The terminal becomes the controlling one of a session of its own, so that Ctrl-C is a signal there; whoever runs the tests in the background may have it ignored.
        var start = new ProcessStartInfo("setsid") { ArgumentList = { "-w", "env", "--default-signal=INT,QUIT", "/bin/sh", "-c", $"exec \"$@\" <{slave} >{slave} 2>&1", "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, "dmctl.dll") } };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["HOME"] = home;
        var terminal = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(file, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
        return new PseudoTerminal(terminal, Process.Start(start)!);
    }

    /// <summary>Presses keys.</summary>
    public async Task TypeAsync(string keys) => await _terminal.WriteAsync(Encoding.UTF8.GetBytes(keys));

    /// <summary>Waits until the terminal has shown the text.</summary>
    public async Task WaitForAsync(string text, int times = 1)
    {
        var giveUp = DateTime.UtcNow + Deadline;
        while (Shown.Split(text).Length <= times)
        {
            Assert.True(DateTime.UtcNow < giveUp && !(_process.HasExited && _reading.IsCompleted), $"'{text}' was never shown, but:\n{Shown}");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        await _terminal.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[4096];
        var characters = new char[4096];
        try
        {
            while (await _terminal.ReadAsync(bytes) is > 0 and var count)
            {
                var decoded = decoder.GetChars(bytes.AsSpan(0, count), characters, flush: false);
                lock (_shown)
                    _shown.Append(characters.AsSpan(0, decoded));
            }
        }
        catch (IOException)
        {
            // Linux says so when the other side is closed.
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int file);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int file);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int NameOf(int file, [Out] byte[] name, nint size);
}
