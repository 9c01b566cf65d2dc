using TiFerry.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Core.Config;

/// <summary>Reads a configuration file in YAML into values that know where they stand. Anchors, aliases and merge keys (<c>&lt;&lt;</c>) work.</summary>
public static class YamlFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The value of its one document; an empty file is an empty map.</returns>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.CannotReadFile"/> or <see cref="ConfigErrors.BadYaml"/>.</exception>
    public static ConfigValue Read(string path) => Parse(path, ConfigText.Read(path));

    /// <summary>Reads a text.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadYaml"/>: the text is no YAML; names line and column.</exception>
    public static ConfigValue Parse(string name, string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        try
        {
            stream.Load(parser);
        }
        catch (YamlException e)
        {
            throw NoYaml(name, e.Start, e.Message);
        }
        catch (InvalidOperationException)
        {
            // The parser's answer to some unclosed brackets.
            throw NoYaml(name, parser.Current?.End ?? Mark.Empty, "something isn't closed");
        }

        if (stream.Documents.Count > 1)
        {
            throw new TiFerryException(ConfigErrors.BadYaml, ErrorScope.Internal,
                $"{name}:{stream.Documents[1].RootNode.Start.Line}:1: a second document begins here", "keep one document, without a '---' further down");
        }

        var root = stream.Documents.Count == 0 ? new MapNode(1, 1, []) : new YamlNodes(name).Convert(stream.Documents[0].RootNode);
        return new ConfigValue(new ConfigSource(name, ConfigErrors.BadYaml), "", root);
    }

    internal static TiFerryException NoYaml(string name, in Mark mark, string reason) =>
        new(ConfigErrors.BadYaml, ErrorScope.Internal,
            $"{name}:{mark.Line}:{mark.Column}: the file is not valid YAML: {reason}", "mind indentation, quotes, brackets, colons and keys that occur twice");
}
