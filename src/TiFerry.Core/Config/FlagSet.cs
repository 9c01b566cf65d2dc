using System.Text;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Config;

/// <summary>
/// The options of a program, in the manner of Go's programs (https://pkg.go.dev/flag): <c>-name value</c>, <c>-name=value</c>, each with one dash or two.
/// Values become those of a map, so that a command line and a file are read by the same code.
/// </summary>
/// <param name="program">The program's name.</param>
/// <param name="flags">The options.</param>
/// <param name="code">The code of complaints.</param>
public sealed class FlagSet(string program, IReadOnlyList<Flag> flags, ErrorCode code)
{
    /// <summary>Reads a command line that has nothing but options.</summary>
    /// <exception cref="TiFerryException">There is something else, or an option without its value.</exception>
    public ConfigMap Parse(IReadOnlyList<string> arguments)
    {
        var (given, rest) = Take(arguments);
        return rest.Count == 0
            ? given
            : throw Bad($"'{Shown(rest[0])}' is an invalid flag", $"see the options with '{program} --help'");
    }

    /// <summary>Takes the options out of a command line, and leaves the rest as it stands: commands and their own options.</summary>
    /// <exception cref="TiFerryException">An option lacks its value.</exception>
    public (ConfigMap Given, IReadOnlyList<string> Others) Take(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var given = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        var rest = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (name is null || Find(name) is not { } flag)
            {
                rest.Add(arguments[i]);
                continue;
            }

            value ??= flag.IsSwitch ? "true" : ++i < arguments.Count ? arguments[i] : throw Bad($"flag needs an argument: --{flag.Name}", $"write --{flag.Name} VALUE");
            // The last one counts, as in Go.
            if (!given.TryGetValue(flag.Name, out var values))
                given.Add(flag.Name, values = []);
            if (!flag.IsRepeatable)
                values.Clear();
            values.Add(value);
        }

        return (ToMap(given), rest);
    }

    /// <summary>The text of <c>--help</c>.</summary>
    public string Usage
    {
        get
        {
            var text = new StringBuilder($"Usage of {program}:\n");
            foreach (var flag in flags)
            {
                text.Append("  -").Append(flag.Name.Length > 1 ? "-" : "").Append(flag.Name).Append(flag.Alias is { } alias ? $", -{alias}" : "").Append(flag.IsSwitch ? "" : " value").Append("\n    \t");
                text.Append(flag.Description).Append(flag.Default is { } value ? $" (default {value})" : "").Append('\n');
            }

            return text.ToString();
        }
    }

    private ConfigMap ToMap(OrderedDictionary<string, List<string>> given)
    {
        var entries = given.Select(g => KeyValuePair.Create(g.Key, new ConfigValue(new ConfigSource($"--{g.Key}", code), "", Node(Find(g.Key)!, g.Value)))).ToList();
        return new ConfigMap(new ConfigValue(new ConfigSource(program, code), "", new MapNode(0, 0, [])), entries);
    }

    private static ConfigNode Node(Flag flag, List<string> values)
    {
        var scalars = values.Select(v => new ScalarNode(0, 0, ScalarKind.Untyped, v)).ToList();
        return flag.IsRepeatable ? new ListNode(0, 0, scalars) : scalars[0];
    }

    private static (string? Name, string? Value) Split(string argument)
    {
        if (argument.Length < 2 || argument[0] != '-' || argument == "--")
            return (null, null);
        var name = argument[(argument[1] == '-' ? 2 : 1)..];
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (name, null) : (name[..equals], name[(equals + 1)..]);
    }

    // What stands behind '=' may be secret.
    private static string Shown(string argument) => Split(argument) is { Name: { } name, Value: not null } ? $"{argument[..(argument[1] == '-' ? 2 : 1)]}{name}" : argument;

    private Flag? Find(string name) => flags.FirstOrDefault(f => f.Name == name || f.Alias == name);

    private TiFerryException Bad(string what, string wayOut) => new(code, ErrorScope.Internal, what, wayOut);
}
