using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Targets;

/// <summary>What becomes of a clause that a target does not know.</summary>
/// <param name="Clause">Its name for messages.</param>
/// <param name="KnownTo">Who knows it; see <see cref="ServerSupport"/>.</param>
internal abstract record TargetRule(string Clause, string KnownTo)
{
    private readonly ServerSupport _support = new(KnownTo);

    /// <summary>What is lost by the rewriting, for a warning; null where the meaning is kept.</summary>
    public string? Loss { get; init; }

    /// <summary>What the user can do, where the clause stops the statement.</summary>
    public string? WayOut { get; init; }

    /// <summary>The source that gives the clause the meaning the rule is about; null for any.</summary>
    public string? OnlyFrom { get; init; }

    /// <summary>Whether the rule has to look at statements that go from one server to the other.</summary>
    public bool AppliesTo(ServerInfo source, ServerInfo target) =>
        !_support.Includes(target) && (OnlyFrom is null || new ServerSupport(OnlyFrom).Includes(source));
}

/// <summary>A rule on one kind of node.</summary>
/// <param name="Clause">Its name for messages.</param>
/// <param name="KnownTo">Who knows it.</param>
/// <param name="Stands">Whether the clause stands in a node.</param>
/// <param name="Instead">Gives the node without the clause, or null to leave the whole node out; null where the statement has to stop.</param>
internal sealed record TargetRule<T>(string Clause, string KnownTo, Predicate<T> Stands, Func<T, T?>? Instead = null) : TargetRule(Clause, KnownTo)
    where T : SqlNode;
