using System.Text;
using TiFerry.Core.Secrets;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>The command that goes on with an interrupted migration: the same one, without passwords.</summary>
internal static class ResumeCommand
{
    /// <summary>The line to type.</summary>
    /// <param name="args">The arguments of this run.</param>
    public static string For(string[] args)
    {
        var variables = new StringBuilder();
        var words = new List<string>(Program(args.Length));
        var option = "";
        foreach (var arg in args)
        {
            var isUrl = TryTakePassword(arg, out var withoutPassword);
            words.Add(isUrl ? withoutPassword : arg);
            if (isUrl)
                variables.Append(arg.StartsWith("--to=", StringComparison.Ordinal) || option == "--to" ? "TIFERRY_TO_PASSWORD=" : "TIFERRY_FROM_PASSWORD=").Append(Secret.Mask).Append(' ');
            option = arg;
        }
        return variables + string.Join(' ', words.Select(Quote));
    }

    // mysql://user:password@host becomes mysql://user@host.
    private static bool TryTakePassword(string arg, out string withoutPassword)
    {
        withoutPassword = arg;
        var scheme = arg.IndexOf("://", StringComparison.Ordinal);
        var at = arg.LastIndexOf('@');
        var colon = scheme < 0 ? -1 : arg.IndexOf(':', scheme + 3);
        if (colon < 0 || colon + 1 >= at)
            return false;
        withoutPassword = string.Concat(arg.AsSpan(0, colon), arg.AsSpan(at));
        return true;
    }

    // How the program was called: one word, or "dotnet tiferry.dll".
    private static IEnumerable<string> Program(int arguments)
    {
        try
        {
            var words = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
            return words.Length > arguments ? words.Take(words.Length - arguments) : ["tiferry"];
        }
        catch (IOException)
        {
            return ["tiferry"];
        }
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or ',' or '@' or '%' or '+')
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
