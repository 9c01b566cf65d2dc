using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Databases;

namespace TiFerry.Dm.Config.Programs;

/// <summary>The settings of a program: its command line, and behind it its file.</summary>
internal sealed class ProgramSettings
{
    private readonly ErrorCode _badFile;

    private ProgramSettings(ConfigMap map, ErrorCode badFile, string configFile)
    {
        Map = map;
        _badFile = badFile;
        ConfigFile = configFile;
    }

    /// <summary>All of them.</summary>
    public ConfigMap Map { get; }

    /// <summary>The file's path; empty for none.</summary>
    public string ConfigFile { get; }

    /// <summary>Keys that stand there and have no effect, in words.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>Reads the file that a command line names, and puts the command line before it.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="keys">The file's keys.</param>
    /// <param name="badFile">The code of a file that can't be used.</param>
    /// <param name="unknownKey">The code of an unknown key.</param>
    public static ProgramSettings Read(ConfigMap given, IReadOnlyList<string> keys, ErrorCode badFile, ErrorCode unknownKey)
    {
        var path = given.Text("config");
        if (path.Length == 0)
            return new ProgramSettings(given, badFile, path);
        var file = WithCode(() => TomlFile.Read(path).AsMap(), badFile);
        foreach (var (key, value) in file.Entries)
        {
            if (!keys.Contains(key, StringComparer.Ordinal))
                throw value.Bad("there is no such key", $"use some of: {string.Join(", ", keys)}", unknownKey);
        }

        return new ProgramSettings(given.Before(file), badFile, path);
    }

    /// <summary>Makes the program's configuration of the settings; complaints get the program's code.</summary>
    public T Build<T>(Func<ProgramSettings, T> build) => WithCode(() => build(this), _badFile);

    /// <summary>A complaint about a setting.</summary>
    public TiFerryException Bad(string key, string what, string wayOut, ErrorCode code) =>
        Map[key]?.Bad(what, wayOut, code) ?? new TiFerryException(code, ErrorScope.Internal, $"{key}: {what}", wayOut);

    /// <summary>One of some words.</summary>
    public string Word(string key, string ifMissing, params ReadOnlySpan<string> words)
    {
        var text = Map.Text(key) is { Length: > 0 } given ? given : ifMissing;
        return words.Contains(text) ? text : throw Bad(key, $"there is no such value as '{text}'", $"write one of: {string.Join(", ", words!)}", _badFile);
    }

    /// <summary><c>log-level</c>.</summary>
    public LogLevel LogLevel() => Word("log-level", "info", "debug", "info", "warn", "error", "fatal") switch
    {
        "debug" => Core.Logging.LogLevel.Debug,
        "warn" => Core.Logging.LogLevel.Warn,
        "error" => Core.Logging.LogLevel.Error,
        "fatal" => Core.Logging.LogLevel.Fatal,
        _ => Core.Logging.LogLevel.Info,
    };

    /// <summary>Looks at settings of the log that only have one value here.</summary>
    public void CheckLog()
    {
        if (Map.Text("log-format", "text") is not ("" or "text"))
            throw Bad("log-format", $"the log can't be written as '{Map.Text("log-format")}'", "write log-format = \"text\", the unified log format", _badFile);
        if (Map["log-rotate"] is { } rotate)
            Notices.Add($"{rotate.Position}: 'log-rotate' does nothing: logs are rotated by size");
    }

    /// <summary><c>ssl-ca</c>, <c>ssl-cert</c>, <c>ssl-key</c> and <c>cert-allowed-cn</c>.</summary>
    public SecurityConfig Security()
    {
        var security = new SecurityConfig { SslCa = Map.Text("ssl-ca"), SslCert = Map.Text("ssl-cert"), SslKey = Map.Text("ssl-key"), CertAllowedCn = Map.Texts("cert-allowed-cn") };
        if (security.IsEmpty)
            return security;
        foreach (var key in (ReadOnlySpan<string>)["ssl-ca", "ssl-cert", "ssl-key"])
        {
            if (Map.Text(key).Length == 0)
                throw Bad(key, "it is missing, and other settings of TLS are given", "give ssl-ca, ssl-cert and ssl-key, or none of them", _badFile);
        }

        return security;
    }

    private static T WithCode<T>(Func<T> read, ErrorCode code)
    {
        try
        {
            return read();
        }
        catch (TiFerryException e) when (e.Code == ConfigErrors.BadConfig)
        {
            throw new TiFerryException(code, e.Scope, e.Summary, e.Workaround, e.InnerException);
        }
    }
}
