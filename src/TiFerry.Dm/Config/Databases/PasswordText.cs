using TiFerry.Core.Config;
using TiFerry.Core.Secrets;

namespace TiFerry.Dm.Config.Databases;

/// <summary>Changes the password in a file's text and leaves the rest, comments included, as its user wrote it.</summary>
internal static class PasswordText
{
    /// <summary>Changes the password.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="section">The section that the password stands in.</param>
    /// <param name="password">The other password.</param>
    /// <returns>The new text; null where it can't be told what to change.</returns>
    public static string? TryChange(string name, string text, string section, Secret password)
    {
        var value = YamlFile.Parse(name, text).AsMap()[section]?.AsMap()["password"];
        if (value is null || value.AsText() == password.Reveal())
            return text;
        // A password that came through a merge or an alias stands elsewhere, and others may stand there, too.
        return value.TryReplaceIn(text, password.Reveal()) is { } changed && YamlFile.Parse(name, changed).AsMap()[section]?.AsMap().Text("password") == password.Reveal() ? changed : null;
    }
}
