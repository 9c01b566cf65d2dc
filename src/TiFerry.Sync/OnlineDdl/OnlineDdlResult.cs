using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>What becomes of a schema change.</summary>
public enum OnlineDdlDecision
{
    /// <summary>It is a schema change like any other.</summary>
    AsItIs,

    /// <summary>There is nothing to do on the target; what has to be remembered is among the unsaved changes.</summary>
    Skip,

    /// <summary>Other statements are made in its place.</summary>
    Replace,
}

/// <summary>A statement on the real table that was made on its shadow table before.</summary>
/// <param name="Text">The statement in UTF-8; all names have their schema.</param>
/// <param name="Mode">The sql_mode it is written under.</param>
/// <param name="Session">The SET statement for the target's session that runs it; null for that of the rename.</param>
public sealed record OnlineDdlStatement(byte[] Text, SqlMode Mode, string? Session);

/// <summary>The answer to a schema change.</summary>
/// <param name="Decision">What becomes of it.</param>
/// <param name="Statements">For <see cref="OnlineDdlDecision.Replace"/> the statements of the source in its place, in order: they are routed and followed like any others.</param>
public sealed record OnlineDdlResult(OnlineDdlDecision Decision, IReadOnlyList<OnlineDdlStatement> Statements)
{
    internal static readonly OnlineDdlResult AsItIs = new(OnlineDdlDecision.AsItIs, []);
    internal static readonly OnlineDdlResult Skip = new(OnlineDdlDecision.Skip, []);
}
