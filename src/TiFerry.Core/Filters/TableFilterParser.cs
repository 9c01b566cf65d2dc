using System.Text;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Filters;

/// <summary>Reads filter rules, one line at a time, and remembers where it is so that an error can say so.</summary>
internal sealed class TableFilterParser(bool caseSensitive)
{
    private readonly List<TableFilter.Rule> _rules = [];
    private readonly StringComparison _comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
    private string _line = "";
    private int _at;
    private string? _file;
    private int _lineNumber;

    public IReadOnlyList<TableFilter.Rule> Rules => _rules;

    public void ReadArgument(string argument)
    {
        _file = null;
        ReadLine(argument, canImport: true);
    }

    private void ReadLine(string line, bool canImport)
    {
        _line = line.TrimEnd(' ', '\t');
        _at = _line.Length - _line.TrimStart(' ', '\t').Length;
        if (_at == _line.Length || _line[_at] == '#')
            return;

        if (_line[_at] == '@')
        {
            if (!canImport)
                throw Bad("a filter file cannot import another file");
            ReadFile(_line[(_at + 1)..]);
            return;
        }

        var includes = _line[_at] != '!';
        if (!includes)
            _at++;
        var schema = ReadPattern("schema");
        if (_at == _line.Length || _line[_at] != '.')
            throw Bad("expected '.' between the schema pattern and the table pattern");
        _at++;
        var table = ReadPattern("table");
        if (_at != _line.Length)
            throw Bad("unexpected text after the table pattern");
        _rules.Add(new TableFilter.Rule(schema, table, includes));
    }

    private void ReadFile(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TiFerryException(ConfigErrors.BadTableFilter, ErrorScope.Internal, $"cannot read the filter file '{path}'", "check the path after '@' and its permissions", e);
        }

        _file = path;
        for (_lineNumber = 1; _lineNumber <= lines.Length; _lineNumber++)
            ReadLine(lines[_lineNumber - 1], canImport: false);
    }

    private NamePattern ReadPattern(string what)
    {
        if (_at == _line.Length)
            throw Bad($"the {what} pattern is missing");
        return _line[_at] switch
        {
            '/' => ReadRegex(),
            '"' or '`' => ReadQuoted(),
            _ => ReadWildcards(what),
        };
    }

    private RegexPattern ReadRegex()
    {
        var start = ++_at;
        while (_at < _line.Length && _line[_at] != '/')
            _at += _line[_at] == '\\' ? 2 : 1;
        if (_at >= _line.Length || _at == start)
            throw BadAt(start, "the regular expression has no closing '/' or is empty");
        var pattern = _line[start.._at++].Replace(@"\/", "/", StringComparison.Ordinal);
        try
        {
            return new RegexPattern(GoRegex.Compile(pattern, caseSensitive));
        }
        catch (ArgumentException e)
        {
            throw BadAt(start, $"the regular expression is not valid: {e.Message}", e);
        }
    }

    private LiteralPattern ReadQuoted()
    {
        var start = _at;
        var quote = _line[_at++];
        var name = new StringBuilder();
        while (true)
        {
            if (_at == _line.Length)
                throw BadAt(start, $"the quoted name has no closing {quote}");
            var c = _line[_at++];
            if (c != quote)
                name.Append(c);
            else if (_at < _line.Length && _line[_at] == quote)
                name.Append(_line[_at++]);
            else
                break;
        }

        if (name.Length == 0)
            throw BadAt(start, "the quoted name is empty");
        return new LiteralPattern(name.ToString(), _comparison);
    }

    private NamePattern ReadWildcards(string what)
    {
        var start = _at;
        var elements = new List<WildcardPattern.Element>();
        while (_at < _line.Length && _line[_at] != '.')
            elements.Add(ReadElement());
        if (_at == start)
            throw Bad($"the {what} pattern is missing");
        if (elements.Exists(e => e.Kind != WildcardPattern.ElementKind.Literal))
            return new WildcardPattern([.. elements], caseSensitive);
        return new LiteralPattern(string.Concat(elements.Select(e => e.Literal.ToString())), _comparison);
    }

    private WildcardPattern.Element ReadElement()
    {
        var c = _line[_at];
        switch (c)
        {
            case '*':
                _at++;
                return new WildcardPattern.Element(WildcardPattern.ElementKind.AnyRun);
            case '?':
                _at++;
                return new WildcardPattern.Element(WildcardPattern.ElementKind.AnyOne);
            case '[':
                return ReadClass();
            case '\\':
                return new WildcardPattern.Element(WildcardPattern.ElementKind.Literal, ReadEscaped());
            default:
                if (char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && c is not ('$' or '_'))
                    throw Bad($"unexpected character '{c}'");
                return new WildcardPattern.Element(WildcardPattern.ElementKind.Literal, ReadRune());
        }
    }

    private WildcardPattern.Element ReadClass()
    {
        var start = _at++;
        var negated = _at < _line.Length && _line[_at] == '!';
        if (negated)
            _at++;
        var ranges = new List<WildcardPattern.RuneRange>();
        while (_at < _line.Length && _line[_at] != ']')
        {
            var first = ReadClassMember();
            var last = first;
            if (_at + 1 < _line.Length && _line[_at] == '-' && _line[_at + 1] != ']')
            {
                _at++;
                last = ReadClassMember();
                if (last < first)
                    throw BadAt(start, $"the range {first}-{last} is the wrong way round");
            }

            ranges.Add(new WildcardPattern.RuneRange(first, last));
        }

        if (_at == _line.Length || ranges.Count == 0)
            throw BadAt(start, "the character class has no closing ']' or is empty");
        _at++;
        return new WildcardPattern.Element(WildcardPattern.ElementKind.Class, Ranges: [.. ranges], Negated: negated);
    }

    private Rune ReadClassMember() => _line[_at] == '\\' ? ReadEscaped() : ReadRune();

    private Rune ReadEscaped()
    {
        if (_at + 1 == _line.Length)
            throw Bad("'\\' cannot stand at the end");
        if (char.IsAsciiLetterOrDigit(_line[_at + 1]))
            throw Bad($"'\\{_line[_at + 1]}' is reserved: only punctuation can be escaped");
        _at++;
        return ReadRune();
    }

    private Rune ReadRune()
    {
        if (!Rune.TryGetRuneAt(_line, _at, out var rune))
            throw Bad("the text is not valid Unicode");
        _at += rune.Utf16SequenceLength;
        return rune;
    }

    private TiFerryException Bad(string reason) => BadAt(_at, reason);

    private TiFerryException BadAt(int index, string reason, Exception? cause = null)
    {
        var place = _file is null ? $"column {index + 1}" : $"{_file}:{_lineNumber}, column {index + 1}";
        return new TiFerryException(
            ConfigErrors.BadTableFilter,
            ErrorScope.Internal,
            $"the table filter '{_line}' is not valid at {place}: {reason}",
            "write it as 'schema.table' with * ? [a-z] wildcards, '!' in front to exclude, names with other characters quoted, or /regular expressions/",
            cause);
    }
}
