namespace TiFerry.Dm.Control.CommandLine;

/// <summary>What a flag takes.</summary>
internal enum FlagKind
{
    /// <summary>Nothing, or <c>=true</c> and <c>=false</c>.</summary>
    Switch,

    /// <summary>One text.</summary>
    Text,

    /// <summary>One whole number.</summary>
    Number,

    /// <summary>Texts separated by commas; may be given several times.</summary>
    List,
}

/// <summary>A flag of a command, as DM's dmctl writes it: <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, <c>-nvalue</c>.</summary>
/// <param name="Name">The long name, without dashes.</param>
/// <param name="Short">The letter; null where there is none.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Default">The value where it isn't given; null for empty, off or zero.</param>
internal sealed record Flag(string Name, char? Short, FlagKind Kind, string Description, string? Default = null)
{
    /// <summary>Works, and isn't shown in the help.</summary>
    public bool Hidden { get; init; }

    /// <summary>Names that complete its value.</summary>
    public Operand Operand { get; init; } = Operand.Any;

    /// <summary>Whether a value follows.</summary>
    public bool TakesValue => Kind != FlagKind.Switch;

    /// <summary>The flag as errors name it: <c>-s, --source</c>.</summary>
    public string Spelling => Short is null ? $"--{Name}" : $"-{Short}, --{Name}";
}
