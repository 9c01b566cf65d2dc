using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>A check under DM's name: which rules it is made of, and when it is asked.</summary>
/// <param name="Item">What <c>ignore-checking-items</c> calls it.</param>
/// <param name="Name">DM's name of its result.</param>
/// <param name="Description">What it looks at.</param>
/// <param name="Place">What it is asked for once.</param>
/// <param name="Applies">Whether a source needs it.</param>
/// <param name="Rules">What is looked at.</param>
internal sealed record TaskCheck(string Item, string Name, string Description, CheckPlace Place, Func<SubTaskContext, bool> Applies, params Rule[] Rules);

/// <summary>Looks at one source of the task.</summary>
internal delegate IAsyncEnumerable<CheckResult> Rule(SubTaskContext context, CancellationToken ct);

/// <summary>What a check gives one outcome for.</summary>
internal enum CheckPlace
{
    /// <summary>Each source.</summary>
    Source,

    /// <summary>The task: what its sources give comes together.</summary>
    Task,
}
