using TiFerry.Core.Errors;

namespace TiFerry.Core.Config;

/// <summary>The characters of a TOML file, one after the other, with line and column.</summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="text">The text.</param>
internal sealed class TomlScanner(string file, string text)
{
    /// <summary>Stands for the end of the text.</summary>
    public const char End = '\uffff';

    private int _at = text.StartsWith('\ufeff') ? 1 : 0;
    private int _lineStart;

    /// <summary>The line, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The column, from 1.</summary>
    public int Column => _at - _lineStart + 1;

    /// <summary>The next character; <see cref="End"/> at the end.</summary>
    public char Next => Peek(0);

    /// <summary>Whether everything is read.</summary>
    public bool IsAtEnd => _at >= text.Length;

    /// <summary>A character further on.</summary>
    public char Peek(int distance) => _at + distance < text.Length ? text[_at + distance] : End;

    /// <summary>Whether these characters come next.</summary>
    public bool Sees(string characters) => text.AsSpan(_at).StartsWith(characters, StringComparison.Ordinal);

    /// <summary>Takes the next character.</summary>
    public char Take()
    {
        if (IsAtEnd)
            throw Bad("the file ends here");
        var c = text[_at++];
        if (c == '\n')
        {
            Line++;
            _lineStart = _at;
        }

        return c;
    }

    /// <summary>Takes this character, or complains that it isn't there.</summary>
    public void Expect(char wanted)
    {
        if (Next != wanted || IsAtEnd)
            throw Bad($"'{wanted}' is missing");
        Take();
    }

    /// <summary>Takes characters as long as they fit.</summary>
    public string TakeWhile(Func<char, bool> fits)
    {
        var from = _at;
        while (!IsAtEnd && fits(Next))
            _at++;
        return text[from.._at];
    }

    /// <summary>Skips spaces and tabs.</summary>
    public void SkipBlanks() => TakeWhile(c => c is ' ' or '\t');

    /// <summary>Skips blanks, comments and ends of lines.</summary>
    public void SkipEmptyLines()
    {
        do
        {
            SkipBlanks();
            SkipComment();
        }
        while (TrySkipNewline());
    }

    /// <summary>Skips what may follow in a line: blanks and a comment.</summary>
    public void ExpectEndOfLine()
    {
        SkipBlanks();
        SkipComment();
        if (!IsAtEnd && !TrySkipNewline())
            throw Bad($"{Shown(Next)} stands where the line should end");
    }

    /// <summary>Skips the end of a line, if one comes next.</summary>
    public bool TrySkipNewline()
    {
        if (Next == '\r' && Peek(1) == '\n')
            Take();
        if (Next != '\n' || IsAtEnd)
            return false;
        Take();
        return true;
    }

    /// <summary>A complaint about what comes next.</summary>
    public TiFerryException Bad(string what) => Bad(what, Line, Column);

    /// <summary>A complaint about some place.</summary>
    public TiFerryException Bad(string what, int line, int column) =>
        new(ConfigErrors.BadConfig, ErrorScope.Internal, $"{file}:{line}:{column}: the file is not valid TOML: {what}", "write 'key = value' with texts in quotes, and each key once");

    /// <summary>A character, for a message.</summary>
    public static string Shown(char c) => c is '\n' or '\r' ? "the end of the line" : char.IsControl(c) ? $"the control character {(int)c}" : $"'{c}'";

    /// <summary>Whether a character may not stand in a file as it is.</summary>
    public static bool IsForbidden(char c) => c is (< ' ' and not '\t') or '\x7f';

    private void SkipComment()
    {
        if (Next != '#')
            return;
        TakeWhile(c => !IsForbidden(c));
        if (!IsAtEnd && Next != '\n' && !(Next == '\r' && Peek(1) == '\n'))
            throw Bad($"{Shown(Next)} stands in a comment");
    }
}
