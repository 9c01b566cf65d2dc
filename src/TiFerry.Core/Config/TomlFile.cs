using TiFerry.Core.Errors;

namespace TiFerry.Core.Config;

/// <summary>Reads a configuration file in TOML 1.0 (https://toml.io/en/v1.0.0) into values that know where they stand.</summary>
public static class TomlFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.CannotReadFile"/> or <see cref="ConfigErrors.BadConfig"/>.</exception>
    public static ConfigValue Read(string path) => Parse(path, ConfigText.Read(path));

    /// <summary>Reads a text.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: the text is no TOML; names line and column.</exception>
    public static ConfigValue Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ConfigValue(new ConfigSource(name, ConfigErrors.BadConfig), "", new TomlParser(new TomlScanner(name, text)).ParseFile());
    }
}
