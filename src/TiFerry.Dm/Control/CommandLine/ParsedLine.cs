using System.Globalization;

namespace TiFerry.Dm.Control.CommandLine;

/// <summary>A command line taken apart: the command, its operands, its flags. Flags and operands may be mixed; <c>--</c> ends the flags.</summary>
internal sealed class ParsedLine
{
    private readonly Dictionary<string, List<string>> _values;

    private ParsedLine(CommandPath path, string calledAs, List<string> operands, Dictionary<string, List<string>> values)
    {
        Path = path;
        CalledAs = calledAs;
        Operands = operands;
        _values = values;
    }

    /// <summary>The command.</summary>
    public CommandPath Path { get; }

    /// <summary>The name or alias that the command was called by.</summary>
    public string CalledAs { get; }

    /// <summary>What is neither command nor flag, in order.</summary>
    public IReadOnlyList<string> Operands { get; }

    /// <summary>Takes a line apart.</summary>
    /// <exception cref="ControlException">An unknown flag or command, a flag without its value, or a value that can't be read.</exception>
    public static ParsedLine Parse(Command root, IReadOnlyList<string> arguments)
    {
        var (path, calledAs, rest) = FindCommand(root, arguments);
        var operands = new List<string>();
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = 0; i < rest.Count; i++)
        {
            var argument = rest[i];
            if (argument == "--")
            {
                operands.AddRange(rest.Skip(i + 1));
                break;
            }
            if (argument.StartsWith("--", StringComparison.Ordinal))
                i = ReadLong(path, rest, i, values);
            else if (argument.Length > 1 && argument[0] == '-')
                i = ReadShort(path, rest, i, values);
            else
                operands.Add(argument);
        }

        // Commands that only hold others show their help, whatever follows; the root says what it doesn't know.
        if (path.Commands.Count == 1 && operands.Count > 0)
            throw new UnknownCommandException(root, operands[0]);
        return new ParsedLine(path, calledAs, operands, values);
    }

    /// <summary>Whether the flag was given.</summary>
    public bool IsGiven(string flag) => _values.ContainsKey(flag);

    /// <summary>A switch.</summary>
    public bool IsOn(string flag) => Last(flag) == "true";

    /// <summary>A text; empty where nothing was given and there is no default.</summary>
    public string Text(string flag) => Last(flag) ?? "";

    /// <summary>A whole number.</summary>
    public long Number(string flag) => long.Parse(Last(flag) ?? "0", CultureInfo.InvariantCulture);

    /// <summary>All texts of a list.</summary>
    public IReadOnlyList<string> List(string flag) => _values.TryGetValue(flag, out var values) ? [.. values.SelectMany(value => value.Split(','))] : [];

    private string? Last(string flag) => _values.TryGetValue(flag, out var values) ? values[^1] : Path.Flags.First(f => f.Name == flag).Default;

    private static (CommandPath Path, string CalledAs, List<string> Others) FindCommand(Command root, IReadOnlyList<string> arguments)
    {
        var path = new CommandPath([root]);
        var calledAs = root.Name;
        var rest = new List<string>(arguments);
        for (var i = 0; i < rest.Count && rest[i] != "--"; i++)
        {
            var argument = rest[i];
            if (argument.StartsWith('-'))
            {
                if (!argument.Contains('=', StringComparison.Ordinal) && path.Flags.Any(flag => flag.TakesValue && (argument == "--" + flag.Name || argument == $"-{flag.Short}")))
                    i++;
                continue;
            }
            if (path.Command.Find(argument) is not { } next)
                break;
            path = path with { Commands = [.. path.Commands, next] };
            calledAs = argument;
            rest.RemoveAt(i--);
        }
        return (path, calledAs, rest);
    }

    private static int ReadLong(CommandPath path, List<string> arguments, int at, Dictionary<string, List<string>> values)
    {
        var text = arguments[at][2..];
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var flag = path.Flags.FirstOrDefault(f => f.Name == name) ?? throw new ControlException($"unknown flag: --{name}");
        if (equals >= 0)
            Add(flag, text[(equals + 1)..], values);
        else if (!flag.TakesValue)
            Add(flag, "true", values);
        else if (at + 1 < arguments.Count)
            Add(flag, arguments[++at], values);
        else
            throw new ControlException($"flag needs an argument: --{name}");
        return at;
    }

    private static int ReadShort(CommandPath path, List<string> arguments, int at, Dictionary<string, List<string>> values)
    {
        var text = arguments[at][1..];
        for (var i = 0; i < text.Length; i++)
        {
            var flag = path.Flags.FirstOrDefault(f => f.Short == text[i]) ?? throw new ControlException($"unknown shorthand flag: '{text[i]}' in -{text[i..]}");
            if (i + 1 < text.Length && text[i + 1] == '=')
            {
                Add(flag, text[(i + 2)..], values);
                return at;
            }
            if (!flag.TakesValue)
            {
                Add(flag, "true", values);
                continue;
            }
            if (i + 1 < text.Length)
                Add(flag, text[(i + 1)..], values);
            else if (at + 1 < arguments.Count)
                Add(flag, arguments[++at], values);
            else
                throw new ControlException($"flag needs an argument: '{text[i]}' in -{text}");
            return at;
        }
        return at;
    }

    private static void Add(Flag flag, string value, Dictionary<string, List<string>> values)
    {
        if (flag.Kind == FlagKind.Switch)
        {
            value = value switch
            {
                "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
                "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
                _ => throw new ControlException($"invalid argument \"{value}\" for \"{flag.Spelling}\" flag: it must be true or false"),
            };
        }
        else if (flag.Kind == FlagKind.Number && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            throw new ControlException($"invalid argument \"{value}\" for \"{flag.Spelling}\" flag: it must be a whole number");
        }

        if (!values.TryGetValue(flag.Name, out var all))
            values.Add(flag.Name, all = []);
        all.Add(value);
    }
}
