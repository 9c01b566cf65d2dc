using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Tracking;

/// <summary>The options of a CREATE TABLE or ALTER TABLE, gathered: the last one of a kind counts.</summary>
/// <param name="rules">The server and the session.</param>
/// <param name="database">The default character set of the database.</param>
internal sealed class TableOptions(ColumnRules rules, Func<CharsetChoice> database)
{
    private readonly List<OptionClause> _others = [];
    private string? _charset;
    private string? _collation;

    /// <summary>The engine; null for none written.</summary>
    public string? Engine { get; private set; }

    /// <summary>The comment; null for none written.</summary>
    public string? Comment { get; private set; }

    /// <summary>Takes an option.</summary>
    public void Set(OptionClause option)
    {
        switch (option.Name)
        {
            case "CHARACTER SET":
                _charset = option.Value;
                break;
            case "COLLATE":
                _collation = option.Value;
                break;
            case "ENGINE":
                Engine = EngineNames.Spell(option.Value);
                break;
            case "COMMENT":
                Comment = option.Value;
                break;
            case "AUTO_INCREMENT":
                break;
            case "ROW_FORMAT" or "INSERT_METHOD":
                _others.Add(option with { Value = option.Value.ToUpperInvariant(), Span = default });
                break;
            default:
                _others.Add(option with { Span = default });
                break;
        }
    }

    /// <summary>The default character set after the statement.</summary>
    /// <param name="current">The table's so far; null for a new table.</param>
    public CharsetChoice Charset(CharsetChoice? current)
    {
        var charsets = new CharsetRules(rules.Dialect, rules.Context);
        if (_charset is null && _collation is null)
            return current ?? database();
        if (_charset is not null && !CharsetRules.IsDefault(_charset))
            return charsets.Resolve(_charset, _collation, default);
        if (_charset is null && CharsetRules.IsComplete(_collation))
            return charsets.ByCollation(_collation);
        var inherited = _charset is null ? current ?? database() : charsets.Default(database());
        return CharsetRules.IsDefault(_collation) && _charset is null ? charsets.ByCharset(inherited.Name) : charsets.Resolve(_charset, _collation, inherited);
    }

    /// <summary>The other options after the statement.</summary>
    /// <param name="current">The table's so far.</param>
    public NodeList<OptionClause> Others(NodeList<OptionClause> current)
    {
        if (_others.Count == 0)
            return current;
        var all = current.ToList();
        foreach (var option in _others)
        {
            all.RemoveAll(o => o.Name.Equals(option.Name, StringComparison.OrdinalIgnoreCase));
            if (!option.Value.Equals("DEFAULT", StringComparison.OrdinalIgnoreCase) || option.ValueKind != OptionValueKind.Word)
                all.Add(option);
        }

        return [.. all];
    }
}
