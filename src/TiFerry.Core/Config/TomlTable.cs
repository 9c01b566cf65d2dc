namespace TiFerry.Core.Config;

/// <summary>How a table of a TOML file came to be, which decides how it may grow.</summary>
internal enum TomlTableKind
{
    /// <summary>By the header of a table below it; a header of its own may still come.</summary>
    Implied,

    /// <summary>By its header.</summary>
    Header,

    /// <summary>By keys with dots.</summary>
    Dotted,

    /// <summary>In braces, or inside of such a table; it doesn't grow.</summary>
    Closed,
}

/// <summary>A table of a TOML file while it is read. Its values are nodes, tables, or lists of tables that have a header each.</summary>
internal sealed class TomlTable(int line, int column, TomlTableKind kind)
{
    private readonly OrderedDictionary<string, object> _entries = new(StringComparer.Ordinal);

    private TomlTableKind _kind = kind;
    private bool _isClosed;

    /// <summary>The table that a header goes through: the one of this name, or the last of its list, or a new one. Null where the name is something else's.</summary>
    public TomlTable? Enter(string key)
    {
        if (!_entries.TryGetValue(key, out var value))
            return Add(key, new TomlTable(line, column, TomlTableKind.Implied));
        return value switch
        {
            TomlTable { _isClosed: false } table => table,
            List<TomlTable> list => list[^1],
            _ => null,
        };
    }

    /// <summary>The table that a key with dots goes through: one that such keys made, or a new one. Null where the name is something else's.</summary>
    public TomlTable? EnterDotted(string key, int atLine, int atColumn)
    {
        if (!_entries.TryGetValue(key, out var value))
            return Add(key, new TomlTable(atLine, atColumn, TomlTableKind.Dotted));
        return value is TomlTable { _kind: TomlTableKind.Dotted, _isClosed: false } table ? table : null;
    }

    /// <summary>The table of a header; null where the name is taken.</summary>
    public TomlTable? DefineTable(string key, int atLine, int atColumn)
    {
        if (!_entries.TryGetValue(key, out var value))
            return Add(key, new TomlTable(atLine, atColumn, TomlTableKind.Header));
        if (value is not TomlTable { _kind: TomlTableKind.Implied } table)
            return null;
        table._kind = TomlTableKind.Header;
        return table;
    }

    /// <summary>The table of a header in double brackets; null where the name is something else's than such a list's.</summary>
    public TomlTable? AppendTable(string key, int atLine, int atColumn)
    {
        var table = new TomlTable(atLine, atColumn, TomlTableKind.Header);
        if (!_entries.TryGetValue(key, out var value))
            _entries.Add(key, new List<TomlTable> { table });
        else if (value is List<TomlTable> list)
            list.Add(table);
        else
            return null;
        return table;
    }

    /// <summary>Adds a value; false where the key is taken.</summary>
    public bool TryAdd(string key, object value) => _entries.TryAdd(key, value);

    /// <summary>Ends a table in braces, and those inside.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var table in _entries.Values.OfType<TomlTable>())
            table.Close();
    }

    /// <summary>The finished table.</summary>
    public MapNode ToNode() => new(line, column, [.. _entries.Select(e => KeyValuePair.Create(e.Key, NodeOf(e.Value)))]);

    /// <summary>The finished value of a table.</summary>
    public static ConfigNode NodeOf(object value) => value switch
    {
        TomlTable table => table.ToNode(),
        List<TomlTable> list => new ListNode(list[0].Line, list[0].Column, [.. list.Select(t => t.ToNode())]),
        _ => (ConfigNode)value,
    };

    private int Line => line;

    private int Column => column;

    private TomlTable Add(string key, TomlTable table)
    {
        _entries.Add(key, table);
        return table;
    }
}
