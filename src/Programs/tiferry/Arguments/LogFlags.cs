using System.CommandLine;
using TiFerry.Core.Logging;

namespace TiFerry.Programs.Ferry.Arguments;

/// <summary>The options of the log.</summary>
internal sealed class LogFlags
{
    private readonly Option<string?> _file = new("--log-file") { HelpName = "file", Description = "Where the log goes; it is rotated by size [default: standard error, warnings and errors only]" };

    private readonly Option<LogLevel?> _level = new("--log-level")
    {
        HelpName = "level",
        Description = "debug, info, warn or error [default: info with --log-file, else warn]",
        CustomParser = Values.Parse<LogLevel?>(ReadLevel, "debug, info, warn or error"),
    };

    /// <summary>Gives the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_level);
    }

    /// <summary>Whether the log has a file of its own.</summary>
    public bool HasFile(ParseResult result) => result.GetValue(_file) is not null;

    /// <summary>Opens the log.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="fallback">Where it goes without a file.</param>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public Log Open(ParseResult result, Stream fallback)
    {
        var level = result.GetValue(_level);
        if (result.GetValue(_file) is not { } path)
            return new Log(fallback, level ?? LogLevel.Warn);
        try
        {
            return Log.ToFile(path, level ?? LogLevel.Info);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{_file.Name}: '{path}' can't be written: {error.Message}");
        }
    }

    private static LogLevel? ReadLevel(string text) => text.ToLowerInvariant() switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Info,
        "warn" or "warning" => LogLevel.Warn,
        "error" => LogLevel.Error,
        _ => null,
    };
}
