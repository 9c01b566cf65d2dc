namespace TiFerry.Sync.Apply;

/// <summary>
/// Follows where replayed cascades take the values of a foreign key. A child may be on the target already as a later cascade left it, and no logged change puts it right
/// if the replay of an earlier cascade moves it on. After each cascade, the key it leads to must therefore lead to itself.
/// </summary>
internal sealed class ReplayedKeys
{
    private readonly Dictionary<string, string?> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _origins = new(StringComparer.Ordinal);

    /// <summary>Notes a cascade.</summary>
    /// <param name="from">The key that children had.</param>
    /// <param name="to">The key that they have now; null where they are gone or refer to nothing.</param>
    /// <returns>False where children that have the new key from this very cascade would not keep it in a replay.</returns>
    public bool Move(string from, string? to)
    {
        _origins.Remove(from, out var origins);
        origins ??= [];
        if (!_images.ContainsKey(from))
            origins.Add(from);
        foreach (var origin in origins)
            _images[origin] = to;
        if (to is null)
            return true;
        if (_origins.TryGetValue(to, out var known))
            known.AddRange(origins);
        else
            _origins.Add(to, origins);
        return !_images.TryGetValue(to, out var image) || string.Equals(image, to, StringComparison.Ordinal);
    }
}
