using System.Text;

namespace TiFerry.Dm.Control.CommandLine;

/// <summary>The help of a command, laid out as DM's dmctl does.</summary>
internal static class HelpText
{
    private const int LeastNameWidth = 11;

    /// <summary>Summary and usage.</summary>
    public static string Full(CommandPath path) => $"{path.Command.Summary}\n\n{Usage(path)}";

    /// <summary>How the command is called: line, aliases, examples, commands below, flags.</summary>
    public static string Usage(CommandPath path)
    {
        var command = path.Command;
        var text = new StringBuilder("Usage:\n");
        var listed = command.Subcommands.Where(sub => !sub.Hidden).OrderBy(sub => sub.Name, StringComparer.Ordinal).ToList();
        if (command.Run is not null)
            text.Append($"  {UseLine(path)}\n");
        if (listed.Count > 0)
            text.Append($"  {path.Name} [command]\n");
        if (command.Aliases.Count > 0)
            text.Append($"\nAliases:\n  {string.Join(", ", command.Aliases.Prepend(command.Name))}\n");
        if (command.Examples.Count > 0)
            text.Append($"\nExamples:\n{string.Concat(command.Examples.Select(example => $"  {example}\n"))}");
        if (listed.Count > 0)
        {
            var width = Math.Max(LeastNameWidth, listed.Max(sub => sub.Name.Length));
            text.Append($"\nAvailable Commands:\n{string.Concat(listed.Select(sub => $"  {sub.Name.PadRight(width)} {sub.Summary}\n"))}");
        }
        AppendFlags(text, "Flags", path.OwnFlags);
        AppendFlags(text, "Global Flags", path.InheritedFlags);
        if (listed.Count > 0)
            text.Append($"\nUse \"{path.Name} [command] --help\" for more information about a command.\n");
        return text.ToString();
    }

    private static string UseLine(CommandPath path)
    {
        var above = string.Join(' ', path.Commands.SkipLast(1).Select(command => command.Name).Append(path.Command.Use));
        return above.Contains("[flags]", StringComparison.Ordinal) ? above : $"{above} [flags]";
    }

    private static void AppendFlags(StringBuilder text, string title, IEnumerable<Flag> flags)
    {
        var lines = flags.Where(flag => !flag.Hidden).OrderBy(flag => flag.Name, StringComparer.Ordinal).Select(flag => (Left: Left(flag), Right: Right(flag))).ToList();
        if (lines.Count == 0)
            return;
        var width = lines.Max(line => line.Left.Length);
        text.Append($"\n{title}:\n{string.Concat(lines.Select(line => $"{line.Left.PadRight(width)}   {line.Right}\n"))}");
    }

    private static string Left(Flag flag)
    {
        var name = flag.Short is null ? $"      --{flag.Name}" : $"  -{flag.Short}, --{flag.Name}";
        return flag.Kind switch
        {
            FlagKind.Text => $"{name} string",
            FlagKind.Number => $"{name} int",
            FlagKind.List => $"{name} strings",
            _ => name,
        };
    }

    private static string Right(Flag flag) => flag switch
    {
        { Default: null } => flag.Description,
        { Kind: FlagKind.Text } => $"{flag.Description} (default \"{flag.Default}\")",
        _ => $"{flag.Description} (default {flag.Default})",
    };
}
