namespace TiFerry.Core.Config;

/// <summary>The structure of a TOML file: keys, tables, lists. Single values are <see cref="TomlScalars"/>'.</summary>
/// <param name="scanner">The text.</param>
internal sealed class TomlParser(TomlScanner scanner)
{
    private const int MaxDepth = 100;

    private readonly TomlScalars _scalars = new(scanner);

    /// <summary>Reads the whole file.</summary>
    public ConfigNode ParseFile()
    {
        var root = new TomlTable(1, 1, TomlTableKind.Header);
        var current = root;
        scanner.SkipEmptyLines();
        while (!scanner.IsAtEnd)
        {
            if (scanner.Next == '[')
                current = ParseHeader(root);
            else
                ParseEntry(current, depth: 0);
            scanner.ExpectEndOfLine();
            scanner.SkipEmptyLines();
        }

        return root.ToNode();
    }

    private TomlTable ParseHeader(TomlTable root)
    {
        var (line, column) = (scanner.Line, scanner.Column);
        scanner.Take();
        var isList = scanner.Next == '[';
        if (isList)
            scanner.Take();
        var keys = ParseKeys();
        scanner.Expect(']');
        if (isList)
            scanner.Expect(']');
        var parent = root;
        foreach (var key in keys[..^1])
            parent = parent.Enter(key) ?? throw scanner.Bad($"'{key}' is no table", line, column);
        return (isList ? parent.AppendTable(keys[^1], line, column) : parent.DefineTable(keys[^1], line, column))
            ?? throw scanner.Bad($"'{string.Join('.', keys)}' is defined already", line, column);
    }

    private void ParseEntry(TomlTable table, int depth)
    {
        var (line, column) = (scanner.Line, scanner.Column);
        var keys = ParseKeys();
        scanner.Expect('=');
        scanner.SkipBlanks();
        var parent = table;
        foreach (var key in keys[..^1])
            parent = parent.EnterDotted(key, line, column) ?? throw scanner.Bad($"'{key}' is defined already", line, column);
        var value = ParseValue(depth);
        if (!parent.TryAdd(keys[^1], value))
            throw scanner.Bad($"the key '{string.Join('.', keys)}' occurs twice", line, column);
    }

    // One or more keys with dots between them, with the blanks around them.
    private List<string> ParseKeys()
    {
        var keys = new List<string>();
        do
        {
            if (keys.Count > 0)
                scanner.Take();
            scanner.SkipBlanks();
            keys.Add(scanner.Next switch
            {
                '"' or '\'' when scanner.Sees("\"\"\"") || scanner.Sees("'''") => throw scanner.Bad("a key can't be a text of several lines"),
                '"' => _scalars.ParseBasicText(),
                '\'' => _scalars.ParseLiteralText(),
                _ => scanner.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') is { Length: > 0 } key ? key : throw scanner.Bad("a key is missing"),
            });
            scanner.SkipBlanks();
        }
        while (scanner.Next == '.');
        return keys;
    }

    private object ParseValue(int depth)
    {
        if (depth > MaxDepth)
            throw scanner.Bad("values are nested too deeply");
        return scanner.Next switch
        {
            '[' => ParseList(depth),
            '{' => ParseInlineTable(depth),
            _ => _scalars.Parse(),
        };
    }

    private ListNode ParseList(int depth)
    {
        var (line, column) = (scanner.Line, scanner.Column);
        var items = new List<ConfigNode>();
        scanner.Take();
        while (true)
        {
            scanner.SkipEmptyLines();
            if (scanner.Next == ']')
                break;
            items.Add(TomlTable.NodeOf(ParseValue(depth + 1)));
            scanner.SkipEmptyLines();
            if (scanner.Next != ',')
                break;
            scanner.Take();
        }

        scanner.Expect(']');
        return new ListNode(line, column, items);
    }

    private TomlTable ParseInlineTable(int depth)
    {
        var table = new TomlTable(scanner.Line, scanner.Column, TomlTableKind.Closed);
        scanner.Take();
        scanner.SkipBlanks();
        while (scanner.Next != '}')
        {
            ParseEntry(table, depth + 1);
            scanner.SkipBlanks();
            if (scanner.Next != ',')
                break;
            scanner.Take();
            scanner.SkipBlanks();
            if (scanner.Next == '}')
                throw scanner.Bad("a key is missing behind the comma");
        }

        scanner.Expect('}');
        table.Close();
        return table;
    }
}
