namespace TiFerry.Sync.OnlineDdl;

/// <summary><c>online-ddl</c>, <c>shadow-table-rules</c> and <c>trash-table-rules</c> of DM's task file.</summary>
public sealed record OnlineDdlRules
{
    /// <summary>Whether tables of online schema change tools are treated as such.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>Regular expressions for shadow tables; empty for <see cref="OnlineDdlTables.DefaultShadowRule"/>.</summary>
    public IReadOnlyList<string> ShadowTableRules { get; init; } = [];

    /// <summary>Regular expressions for trash tables; empty for <see cref="OnlineDdlTables.DefaultTrashRule"/>.</summary>
    public IReadOnlyList<string> TrashTableRules { get; init; } = [];

    /// <summary>Compiles the rules; null where they are off.</summary>
    /// <exception cref="Core.Errors.TiFerryException"><see cref="Core.Errors.ConfigErrors.BadOnlineDdlRule"/>: a rule can't be used.</exception>
    public OnlineDdlTables? Compile() => IsOn ? new OnlineDdlTables(ShadowTableRules, TrashTableRules) : null;
}
