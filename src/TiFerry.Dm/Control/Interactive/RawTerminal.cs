using System.Runtime.InteropServices;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>A terminal that hands over each key as it is pressed and shows none by itself; as before once disposed (POSIX, termios.h).</summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int ApplyAfterOutput = 1;

    // struct termios is smaller than this on every system.
    private const int SettingsBytes = 256;

    private readonly byte[] _before;

    private RawTerminal(byte[] before) => _before = before;

    /// <summary>Switches the terminal of the standard input; null where that isn't possible, so that the system's own line editing must do.</summary>
    public static RawTerminal? TryEnter()
    {
        if (OperatingSystem.IsWindows())
            return null;
        var before = new byte[SettingsBytes];
        if (GetAttributes(StandardInput, before) != 0)
            return null;
        var raw = before.ToArray();
        MakeRaw(raw);
        return SetAttributes(StandardInput, ApplyAfterOutput, raw) == 0 ? new RawTerminal(before) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = SetAttributes(StandardInput, ApplyAfterOutput, _before);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int file, [In, Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int file, int when, byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] settings);
}
