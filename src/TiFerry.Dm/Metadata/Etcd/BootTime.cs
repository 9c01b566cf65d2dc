using System.Runtime.InteropServices;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>
/// A clock whose timestamps go on while the machine sleeps (CLOCK_BOOTTIME). The one of .NET on Linux (CLOCK_MONOTONIC) stands still then,
/// and a lease would look younger than it is. Both go on while only the process is stopped. Timers are the system's.
/// </summary>
internal sealed partial class BootTime : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static BootTime Instance { get; } = new();

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp()
    {
        if (GetTime(ClockBootTime, out var now) != 0)
            throw new InvalidOperationException($"clock_gettime failed with error {Marshal.GetLastPInvokeError()}");
        return (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
