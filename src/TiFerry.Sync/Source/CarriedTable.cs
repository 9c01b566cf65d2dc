using TiFerry.Sync.Route;

namespace TiFerry.Sync.Source;

/// <summary>A table of the source whose rows are carried: where they go, and which of them don't.</summary>
/// <param name="mapping">Where its rows go.</param>
internal sealed class CarriedTable(TableMapping mapping)
{
    /// <summary>Where its rows go.</summary>
    public TableMapping Mapping { get; } = mapping;
}
