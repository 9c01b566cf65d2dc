using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Progress;
using TiFerry.Core.Secrets;

namespace TiFerry.Core.Logging;

/// <summary>One line of the unified log format in the making.</summary>
internal sealed class LogLine
{
    // Space and everything below, and the signs that the format itself uses.
    private static readonly SearchValues<char> Quoting = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(c => (char)c), '"', '=', '[', ']']);

    private readonly StringBuilder _text = new(256);

    public LogLine(DateTimeOffset time, LogLevel level, string file, int line, string message)
    {
        _text.Append(CultureInfo.InvariantCulture, $"[{time:yyyy/MM/dd HH:mm:ss.fff zzz}] [{Name(level)}] [");
        if (file.Length == 0)
            _text.Append("<unknown>");
        else
            AppendFileName(file).Append(CultureInfo.InvariantCulture, $":{line}");
        _text.Append("] [");
        AppendQuoted(SecretText.Mask(message));
        _text.Append(']');
    }

    public void Add(string key, object? value)
    {
        _text.Append(" [");
        AppendQuoted(key);
        _text.Append('=');
        AppendQuoted(Render(value));
        _text.Append(']');
    }

    public override string ToString() => $"{_text}\n";

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(ToString());

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Debug => "DEBUG",
        LogLevel.Info => "INFO",
        LogLevel.Warn => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    // The path of the machine that compiled the file has no say in the separator.
    private StringBuilder AppendFileName(string path)
    {
        foreach (var c in path.AsSpan(path.LastIndexOfAny(['/', '\\']) + 1))
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
                _text.Append(c);
        }

        return _text;
    }

    private static string Render(object? value) => value switch
    {
        null => "null",
        string text => SecretText.Mask(text),
        Secret => Secret.Mask,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => HumanFormat.Duration(duration),
        DateTimeOffset time => time.ToString("yyyy/MM/dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture),
        TiFerryException error => SecretText.Mask(error.Message),
        // What is not made for users needs its stack.
        Exception error => SecretText.Mask(error.ToString()),
        IFormattable number => SecretText.Mask(number.ToString(null, CultureInfo.InvariantCulture)),
        IEnumerable items => $"[{string.Join(',', items.Cast<object?>().Select(Render))}]",
        _ => SecretText.Mask(value.ToString() ?? ""),
    };

    private void AppendQuoted(string text)
    {
        if (!text.AsSpan().ContainsAny(Quoting))
        {
            _text.Append(text);
            return;
        }

        _text.Append('"');
        foreach (var c in text)
            AppendEscaped(c);
        _text.Append('"');
    }

    private void AppendEscaped(char c) => _ = c switch
    {
        '"' => _text.Append("\\\""),
        '\\' => _text.Append("\\\\"),
        '\n' => _text.Append("\\n"),
        '\r' => _text.Append("\\r"),
        '\t' => _text.Append("\\t"),
        < ' ' => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => _text.Append(c),
    };
}
