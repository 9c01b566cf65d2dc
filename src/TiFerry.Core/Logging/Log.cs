using System.Runtime.CompilerServices;

namespace TiFerry.Core.Logging;

/// <summary>
/// Writes lines in TiDB's unified log format (RFC "Unified Log Format" of the TiKV project):
/// <c>[2026/01/31 13:01:50.637 +00:00] [INFO] [file.cs:42] ["message"] [key=value]</c>.
/// Safe to use from many threads; a line is written at once and whole. Passwords in values are hidden where they can be told.
/// </summary>
public sealed class Log : IDisposable
{
    private readonly Output _output;
    private readonly (string Key, object? Value)[] _fields;

    /// <summary>Writes to <paramref name="stream"/>, which is closed with the log.</summary>
    /// <param name="stream">Where to; see also <see cref="RotatingFileStream"/>.</param>
    /// <param name="minimum">Lines below it are not written.</param>
    /// <param name="time">The clock, with the time zone that is printed; the system's by default.</param>
    public Log(Stream stream, LogLevel minimum = LogLevel.Info, TimeProvider? time = null)
        : this(new Output(stream, time ?? TimeProvider.System, new Lock()), minimum, [])
    {
    }

    private Log(Output output, LogLevel minimum, (string Key, object? Value)[] fields)
    {
        _output = output;
        _fields = fields;
        Minimum = minimum;
    }

    private sealed record Output(Stream Stream, TimeProvider Time, Lock Lock);

    /// <summary>A log that writes nothing.</summary>
    public static Log None { get; } = new(Stream.Null, (LogLevel)int.MaxValue);

    /// <summary>Lines below it are not written.</summary>
    public LogLevel Minimum { get; }

    /// <summary>A log to standard error.</summary>
    public static Log ToStandardError(LogLevel minimum = LogLevel.Info) => new(Console.OpenStandardError(), minimum);

    /// <summary>A log to a file that is rotated by size; its folder is created.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public static Log ToFile(string path, LogLevel minimum = LogLevel.Info, LogRotation? rotation = null)
        => new(new RotatingFileStream(path, rotation ?? new LogRotation()), minimum);

    /// <summary>Whether lines of that level are written; ask before making an expensive value.</summary>
    public bool IsEnabled(LogLevel level) => level >= Minimum;

    /// <summary>The same log with a field that every line carries, for example the task. It shares the output: close only one of them.</summary>
    public Log With(string key, object? value) => new(_output, Minimum, [.. _fields, (key, value)]);

    /// <summary>Writes a line for developers.</summary>
    public void Debug(
        string message, (string Key, object? Value) a = default, (string Key, object? Value) b = default, (string Key, object? Value) c = default,
        (string Key, object? Value) d = default, (string Key, object? Value) e = default, (string Key, object? Value) f = default,
        (string Key, object? Value) g = default, (string Key, object? Value) h = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsEnabled(LogLevel.Debug))
            Write(LogLevel.Debug, message, [a, b, c, d, e, f, g, h], file, line);
    }

    /// <summary>Writes a line about the normal course of things.</summary>
    public void Info(
        string message, (string Key, object? Value) a = default, (string Key, object? Value) b = default, (string Key, object? Value) c = default,
        (string Key, object? Value) d = default, (string Key, object? Value) e = default, (string Key, object? Value) f = default,
        (string Key, object? Value) g = default, (string Key, object? Value) h = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsEnabled(LogLevel.Info))
            Write(LogLevel.Info, message, [a, b, c, d, e, f, g, h], file, line);
    }

    /// <summary>Writes a line about something to look at.</summary>
    public void Warn(
        string message, (string Key, object? Value) a = default, (string Key, object? Value) b = default, (string Key, object? Value) c = default,
        (string Key, object? Value) d = default, (string Key, object? Value) e = default, (string Key, object? Value) f = default,
        (string Key, object? Value) g = default, (string Key, object? Value) h = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsEnabled(LogLevel.Warn))
            Write(LogLevel.Warn, message, [a, b, c, d, e, f, g, h], file, line);
    }

    /// <summary>Writes a line about a failure.</summary>
    public void Error(
        string message, (string Key, object? Value) a = default, (string Key, object? Value) b = default, (string Key, object? Value) c = default,
        (string Key, object? Value) d = default, (string Key, object? Value) e = default, (string Key, object? Value) f = default,
        (string Key, object? Value) g = default, (string Key, object? Value) h = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsEnabled(LogLevel.Error))
            Write(LogLevel.Error, message, [a, b, c, d, e, f, g, h], file, line);
    }

    /// <summary>Writes a line about a failure that ends the process; ending it is the caller's work.</summary>
    public void Fatal(
        string message, (string Key, object? Value) a = default, (string Key, object? Value) b = default, (string Key, object? Value) c = default,
        (string Key, object? Value) d = default, (string Key, object? Value) e = default, (string Key, object? Value) f = default,
        (string Key, object? Value) g = default, (string Key, object? Value) h = default,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (IsEnabled(LogLevel.Fatal))
            Write(LogLevel.Fatal, message, [a, b, c, d, e, f, g, h], file, line);
    }

    /// <summary>Closes the output.</summary>
    public void Dispose() => _output.Stream.Dispose();

    private void Write(LogLevel level, string message, ReadOnlySpan<(string Key, object? Value)> fields, string file, int line)
    {
        var text = new LogLine(_output.Time.GetLocalNow(), level, file, line, message);
        foreach (var (key, value) in _fields)
            text.Add(key, value);
        foreach (var (key, value) in fields)
        {
            if (key is not null)
                text.Add(key, value);
        }

        var bytes = text.ToUtf8();
        lock (_output.Lock)
        {
            try
            {
                _output.Stream.Write(bytes);
                _output.Stream.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // A full disk must not stop a migration; the line is the only thing lost, and it is shown where it can be.
                Console.Error.Write(text.ToString());
            }
        }
    }
}
