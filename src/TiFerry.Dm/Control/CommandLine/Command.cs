namespace TiFerry.Dm.Control.CommandLine;

/// <summary>A command of dmctl. Names, order of operands and flags are those of DM (dm/ctl/master).</summary>
/// <param name="Use">The line of its usage, beginning with its name.</param>
/// <param name="Summary">One line for the list of commands.</param>
internal sealed record Command(string Use, string Summary)
{
    /// <summary>The name that it is called by.</summary>
    public string Name { get; } = Use.Split(' ')[0];

    /// <summary>Does the work; null where only its subcommands do any.</summary>
    public Func<CommandRun, Task>? Run { get; init; }

    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Its own flags.</summary>
    public IReadOnlyList<Flag> Flags { get; init; } = [];

    /// <summary>Flags that its subcommands have too.</summary>
    public IReadOnlyList<Flag> SharedFlags { get; init; } = [];

    /// <summary>Commands below it.</summary>
    public IReadOnlyList<Command> Subcommands { get; init; } = [];

    /// <summary>What its operands are, for completion; the last one may repeat.</summary>
    public IReadOnlyList<Operand> Operands { get; init; } = [];

    /// <summary>Lines of example for the help.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Works, and isn't listed: the old spelling of another command.</summary>
    public bool Hidden { get; init; }

    /// <summary>Its operands are secrets, so the line is not kept in the history.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The command below with this name.</summary>
    public Command? Find(string name) => Subcommands.FirstOrDefault(command => command.Name == name || command.Aliases.Contains(name, StringComparer.Ordinal));
}
