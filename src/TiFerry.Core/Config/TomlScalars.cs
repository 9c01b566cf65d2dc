using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TiFerry.Core.Config;

/// <summary>Single values of a TOML file: texts, numbers, truth values, dates.</summary>
/// <param name="scanner">The text.</param>
internal sealed partial class TomlScalars(TomlScanner scanner)
{
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "HH:mm:ss", "HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads a value.</summary>
    public ScalarNode Parse()
    {
        var (line, column) = (scanner.Line, scanner.Column);
        if (scanner.Next == '"')
            return new(line, column, ScalarKind.Text, scanner.Sees("\"\"\"") ? ParseLongText('"') : ParseBasicText());
        if (scanner.Next == '\'')
            return new(line, column, ScalarKind.Text, scanner.Sees("'''") ? ParseLongText('\'') : ParseLiteralText());
        var word = scanner.TakeWhile(IsPartOfWord);
        // A blank may stand between date and time.
        if (Date().IsMatch(word) && scanner.Next == ' ' && char.IsAsciiDigit(scanner.Peek(1)))
        {
            scanner.Take();
            word += " " + scanner.TakeWhile(IsPartOfWord);
        }

        var (kind, text) = Classify(word) ?? throw scanner.Bad(word.Length == 0 ? "a value is missing" : $"'{word}' is no value; texts stand in quotes", line, column);
        return new(line, column, kind, text);
    }

    /// <summary>Reads a text in double quotes.</summary>
    public string ParseBasicText()
    {
        var text = new StringBuilder();
        scanner.Take();
        while (scanner.Next != '"' || scanner.IsAtEnd)
        {
            if (scanner.Next == '\\')
                AppendEscaped(text);
            else
                text.Append(TakeCharacter());
        }

        scanner.Take();
        return text.ToString();
    }

    /// <summary>Reads a text in single quotes.</summary>
    public string ParseLiteralText()
    {
        var text = new StringBuilder();
        scanner.Take();
        while (scanner.Next != '\'' || scanner.IsAtEnd)
            text.Append(TakeCharacter());
        scanner.Take();
        return text.ToString();
    }

    // A text of several lines; up to two quotes may stand right before those that end it.
    private string ParseLongText(char quote)
    {
        var end = new string(quote, 3);
        var text = new StringBuilder();
        for (var i = 0; i < 3; i++)
            scanner.Take();
        scanner.TrySkipNewline();
        while (!scanner.Sees(end) || scanner.Peek(3) == quote)
        {
            if (scanner.Sees(end + end))
                throw scanner.Bad("too many quotes");
            if (scanner.TrySkipNewline())
                text.Append('\n');
            else if (scanner.Next == '\\' && quote == '"')
                AppendEscapedOrJoin(text);
            else
                text.Append(TakeCharacter());
        }

        for (var i = 0; i < 3; i++)
            scanner.Take();
        return text.ToString();
    }

    // A backslash at the end of a line takes away all blanks and ends of lines up to the next character.
    private void AppendEscapedOrJoin(StringBuilder text)
    {
        var blanks = 1;
        while (scanner.Peek(blanks) is ' ' or '\t')
            blanks++;
        if (scanner.Peek(blanks) != '\n' && !(scanner.Peek(blanks) == '\r' && scanner.Peek(blanks + 1) == '\n'))
        {
            AppendEscaped(text);
            return;
        }

        scanner.Take();
        do
            scanner.SkipBlanks();
        while (scanner.TrySkipNewline());
    }

    private void AppendEscaped(StringBuilder text)
    {
        var (line, column) = (scanner.Line, scanner.Column);
        scanner.Take();
        var sign = scanner.Take();
        _ = sign switch
        {
            'b' => text.Append('\b'),
            't' => text.Append('\t'),
            'n' => text.Append('\n'),
            'f' => text.Append('\f'),
            'r' => text.Append('\r'),
            '"' => text.Append('"'),
            '\\' => text.Append('\\'),
            'u' => text.Append(TakeCodePoint(4)),
            'U' => text.Append(TakeCodePoint(8)),
            _ => throw scanner.Bad($"there is no escape '\\{sign}'; a backslash is written twice, or the text in single quotes", line, column),
        };
    }

    private string TakeCodePoint(int digits)
    {
        var hex = new StringBuilder();
        for (var i = 0; i < digits; i++)
            hex.Append(scanner.Take());
        return uint.TryParse(hex.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code)
            ? new Rune(code).ToString()
            : throw scanner.Bad($"'{hex}' is no character's number");
    }

    private char TakeCharacter()
    {
        if (!scanner.IsAtEnd && TomlScanner.IsForbidden(scanner.Next))
            throw scanner.Bad($"{TomlScanner.Shown(scanner.Next)} stands in a text; its quotes may not be closed");
        return scanner.Take();
    }

    private static bool IsPartOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '_' or '.' or ':';

    private static (ScalarKind Kind, string Text)? Classify(string word)
    {
        if (word is "true" or "false")
            return (ScalarKind.Flag, word);
        if (DecimalNumber().IsMatch(word))
            return long.TryParse(Bare(word), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? (ScalarKind.Integer, Written(number)) : null;
        if (PrefixedNumber().IsMatch(word))
            return TryPrefixed(Bare(word), out var number) ? (ScalarKind.Integer, Written(number)) : null;
        if (RealNumber().IsMatch(word))
            return (ScalarKind.Real, Bare(word).TrimStart('+'));
        return DateOrTime().IsMatch(word) && DateTimeOffset.TryParseExact(NormalDate(word), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
            ? (ScalarKind.Date, word)
            : null;
    }

    private static bool TryPrefixed(string word, out long number)
    {
        number = 0;
        var width = word[1] switch { 'x' => 16, 'o' => 8, _ => 2 };
        foreach (var digit in word.AsSpan(2))
        {
            var value = Convert.ToInt32(digit.ToString(), 16);
            if (number > (long.MaxValue - value) / width)
                return false;
            number = (number * width) + value;
        }

        return true;
    }

    // Fractions of a second beyond what is kept don't make a date wrong, nor does a leap second.
    private static string NormalDate(string word)
    {
        var text = word.Replace('T', ' ').Replace('t', ' ').Replace('z', 'Z');
        text = LongFraction().Replace(text, "");
        return text.Length >= 8 && text.Contains(":60", StringComparison.Ordinal) ? text.Replace(":60", ":59", StringComparison.Ordinal) : text;
    }

    private static string Bare(string word) => word.Replace("_", "", StringComparison.Ordinal);

    private static string Written(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[+-]?(0|[1-9](_?[0-9])*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DecimalNumber();

    [GeneratedRegex(@"^0(x[0-9A-Fa-f](_?[0-9A-Fa-f])*|o[0-7](_?[0-7])*|b[01](_?[01])*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PrefixedNumber();

    [GeneratedRegex(@"^[+-]?((0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?|inf|nan)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RealNumber();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z")]
    private static partial Regex Date();

    [GeneratedRegex(@"^([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?|[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DateOrTime();

    [GeneratedRegex(@"(?<=\.[0-9]{7})[0-9]+")]
    private static partial Regex LongFraction();
}
