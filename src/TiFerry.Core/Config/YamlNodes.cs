using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Core.Config;

/// <summary>Turns what the YAML parser found into nodes: aliases stand for what they name, merged maps are merged.</summary>
/// <param name="file">The file's name, for messages.</param>
internal sealed class YamlNodes(string file)
{
    private readonly Dictionary<YamlNode, ConfigNode?> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Converts a node and all below it.</summary>
    public ConfigNode Convert(YamlNode node)
    {
        // An alias gives the same node again, so that nothing grows by aliases of aliases. One that isn't done yet holds itself.
        if (_known.TryGetValue(node, out var known))
            return known ?? throw YamlFile.NoYaml(file, node.Start, "an anchor holds itself");
        _known.Add(node, null);
        var (line, column) = ((int)Math.Max(1, node.Start.Line), (int)Math.Max(1, node.Start.Column));
        ConfigNode converted = node switch
        {
            YamlMappingNode map => new MapNode(line, column, Entries(map)),
            YamlSequenceNode list => new ListNode(line, column, [.. list.Children.Select(Convert)]),
            YamlScalarNode scalar => new ScalarNode(line, column, KindOf(scalar), scalar.Value ?? "") { Characters = (int)scalar.Start.Index..(int)scalar.End.Index },
            _ => throw YamlFile.NoYaml(file, node.Start, "an alias names no anchor"),
        };
        _known[node] = converted;
        return converted;
    }

    private static ScalarKind KindOf(YamlScalarNode scalar) => scalar switch
    {
        { Style: not ScalarStyle.Plain } => ScalarKind.Text,
        { Value: null or "" or "~" or "null" or "Null" or "NULL" } => ScalarKind.Missing,
        _ => ScalarKind.Untyped,
    };

    // In quotes it is a key like any other.
    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    // Keys of the map itself go before those that it merges in.
    private List<KeyValuePair<string, ConfigNode>> Entries(YamlMappingNode map)
    {
        var entries = new List<KeyValuePair<string, ConfigNode>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
                throw YamlFile.NoYaml(file, key.Start, "a key is no text");
            if (!IsMerge(key) && names.Add(name))
                entries.Add(new(name, Convert(value)));
        }

        foreach (var (key, value) in map.Children)
        {
            if (!IsMerge(key))
                continue;
            foreach (var merged in value is YamlSequenceNode list ? list.Children : [value])
            {
                if (Convert(merged) is not MapNode other)
                    throw YamlFile.NoYaml(file, merged.Start, "what '<<' merges is no map");
                entries.AddRange(other.Entries.Where(e => names.Add(e.Key)));
            }
        }

        return entries;
    }
}
