namespace TiFerry.Schema.Charsets;

/// <summary>What to write for a collation or a character set on the target.</summary>
/// <param name="Name">The name that the target knows.</param>
/// <param name="Difference">How it differs, for a warning to the user; null if it means exactly the same.</param>
public sealed record CollationChoice(string Name, string? Difference)
{
    /// <summary>Whether it means exactly the same as on the source, be it under another name.</summary>
    public bool IsExact => Difference is null;
}
