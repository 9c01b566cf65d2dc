namespace TiFerry.Core.Config;

/// <summary>An option of a program's command line.</summary>
/// <param name="Name">Its name without dashes, which is the key in the program's file too.</param>
/// <param name="Description">What it is for.</param>
public sealed record Flag(string Name, string Description)
{
    /// <summary>A second name; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether it stands alone, as in <c>-openapi</c>; a value may follow behind <c>=</c> only.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>Whether it can be given several times.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>What holds where it isn't given, for the help; null for nothing.</summary>
    public string? Default { get; init; }
}
