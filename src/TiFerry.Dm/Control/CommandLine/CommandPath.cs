namespace TiFerry.Dm.Control.CommandLine;

/// <summary>A command with the ones above it: <c>dmctl binlog skip</c>.</summary>
/// <param name="Commands">From the root to the command itself.</param>
internal sealed record CommandPath(IReadOnlyList<Command> Commands)
{
    private static readonly Flag[] Help = [new("help", 'h', FlagKind.Switch, "")];

    /// <summary>The command itself.</summary>
    public Command Command => Commands[^1];

    /// <summary>The names from the root on.</summary>
    public string Name => string.Join(' ', Commands.Select(command => command.Name));

    /// <summary>The command's own flags, those that it shares with the ones below included.</summary>
    public IEnumerable<Flag> OwnFlags => [.. Command.Flags, .. Command.SharedFlags, Help[0] with { Description = $"help for {Command.Name}" }];

    /// <summary>Flags of the commands above.</summary>
    public IEnumerable<Flag> InheritedFlags => Commands.SkipLast(1).SelectMany(command => command.SharedFlags);

    /// <summary>Every flag that can be given.</summary>
    public IEnumerable<Flag> Flags => OwnFlags.Concat(InheritedFlags);

    /// <summary>The path to the command that the words name, and how many of them do.</summary>
    public (CommandPath Path, int Used) Follow(IReadOnlyList<string> words)
    {
        var path = this;
        var used = 0;
        while (used < words.Count && path.Command.Find(words[used]) is { } next)
        {
            path = path with { Commands = [.. path.Commands, next] };
            used++;
        }
        return (path, used);
    }
}
