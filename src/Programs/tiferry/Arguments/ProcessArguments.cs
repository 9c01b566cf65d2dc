using System.Globalization;
using System.Text;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>Hides passwords of URLs from the process list, as far as Linux lets a process do that.</summary>
internal static class ProcessArguments
{
    private const int ArgStartField = 48;
    private const int ArgEndField = 49;
    private const int LongestArguments = 8 * 1024 * 1024;

    /// <summary>
    /// Overwrites the passwords in the process's own argument area with asterisks. Nothing happens where there is no such area or it can't be
    /// written: the password file and the environment are the safe ways.
    /// </summary>
    public static void HidePasswords(string[] args)
    {
        if (!OperatingSystem.IsLinux() || !args.Any(a => a.Contains("://", StringComparison.Ordinal)))
            return;
        try
        {
            // proc(5): the fields behind the program's name in brackets, which may hold spaces itself.
            var stat = File.ReadAllText("/proc/self/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var start = long.Parse(fields[ArgStartField - 3], CultureInfo.InvariantCulture);
            var end = long.Parse(fields[ArgEndField - 3], CultureInfo.InvariantCulture);
            if (start <= 0 || end - start is <= 0 or > LongestArguments)
                return;
            using var memory = File.OpenHandle("/proc/self/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var area = new byte[end - start];
            // What is there must be what was given, or the addresses mean something else.
            if (RandomAccess.Read(memory, area, start) != area.Length || !area.AsSpan().EndsWith(Encoding.UTF8.GetBytes(string.Join('\0', args) + '\0')))
                return;
            if (Mask(area))
                RandomAccess.Write(memory, area, start);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException or NotSupportedException)
        {
            // The arguments stay visible; nothing else is lost.
        }
    }

    // In each argument with "://", from the first colon behind it to the last '@'.
    private static bool Mask(Span<byte> area)
    {
        var masked = false;
        while (!area.IsEmpty)
        {
            var length = area.IndexOf((byte)0);
            var argument = length < 0 ? area : area[..length];
            var scheme = argument.IndexOf("://"u8);
            if (scheme >= 0)
            {
                var rest = argument[(scheme + 3)..];
                var colon = rest.IndexOf((byte)':');
                var at = rest.LastIndexOf((byte)'@');
                if (colon >= 0 && colon < at)
                {
                    rest[(colon + 1)..at].Fill((byte)'*');
                    masked = true;
                }
            }
            area = length < 0 ? [] : area[(length + 1)..];
        }
        return masked;
    }
}
