using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Route;

/// <summary>A column of the source and the column of the target that takes its values.</summary>
/// <param name="Target">The target's column.</param>
/// <param name="IsUnsigned">Whether the source's integers are unsigned.</param>
public sealed record MappedColumn(Column Target, bool IsUnsigned)
{
    /// <summary>
    /// The character set of the source's text where the target's column has another one: the target then converts it. Null where bytes cross as they are.
    /// </summary>
    public string? Introducer { get; init; }

    /// <summary>The source's members of ENUM or SET where the target's have other places: values then cross by name. Null where they cross by number.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>Whether the value is written: the target computes generated columns itself.</summary>
    public bool IsWritten => !Target.IsGenerated;
}
