using TiFerry.Sync.Target;

namespace TiFerry.Sync.Change;

/// <summary>A table of the target with changes in a window.</summary>
/// <param name="target">The table.</param>
internal sealed class WindowTable(TargetTable target)
{
    /// <summary>The table.</summary>
    public TargetTable Target { get; } = target;

    /// <summary>Indexes of the layouts that its images have, in the window's list.</summary>
    public List<int> Sources { get; } = [];

    /// <summary>Indexes of its net changes in the window.</summary>
    public List<int> Changes { get; } = [];

    /// <summary>For each of <see cref="Changes"/> a number that all changes share which must keep their order; null before they are told apart.</summary>
    public int[]? Groups { get; set; }
}
