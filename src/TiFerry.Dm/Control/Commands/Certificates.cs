using System.Text;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Dm.Control.Commands;

/// <summary>
/// Puts the contents of certificate files into the text of a source or task file, as <c>ssl-ca-base64</c>, <c>ssl-cert-base64</c> and
/// <c>ssl-key-base64</c>: the files lie where dmctl runs, and the workers need them. The rest of the text stays as the user wrote it.
/// </summary>
internal static class Certificates
{
    private static readonly string[] Keys = ["ssl-ca", "ssl-cert", "ssl-key"];

    /// <summary>The text with the certificates in it.</summary>
    /// <param name="text">The text of the file, valid YAML.</param>
    /// <param name="database">The section whose <c>security</c> is meant.</param>
    /// <param name="run">Where a file that can't be read is told; its path then goes to the workers as it is.</param>
    public static string Embed(string text, string database, CommandRun run)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        if (stream.Documents.Count == 0 || Section(Section(stream.Documents[0].RootNode, database), "security") is not YamlMappingNode security)
            return text;
        var added = new List<string>();
        foreach (var key in Keys)
        {
            if (Section(security, key) is not YamlScalarNode { Value.Length: > 0 } path || Section(security, key + "-base64") is not null || Section(security, key + "-bytes") is not null)
                continue;
            try
            {
                added.Add($"{key}-base64: \"{Convert.ToBase64String(File.ReadAllBytes(path.Value))}\"");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                run.Console.Errors.WriteLine($"can not load tls config: {key} '{path.Value}' can't be read here ({e.Message}); workers will look for it at this path");
            }
        }
        return added.Count == 0 ? text : Insert(text, security.Start, added);
    }

    private static YamlNode? Section(YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    // A map in braces begins with its brace, any other with its first key.
    private static string Insert(string text, YamlDotNet.Core.Mark start, List<string> entries)
    {
        var at = (int)start.Index;
        var isFlow = text[at] == '{';
        var separator = isFlow ? ", " : "\n" + new string(' ', (int)start.Column - 1);
        var inserted = new StringBuilder();
        foreach (var entry in entries)
            inserted.Append(entry).Append(separator);
        return text.Insert(isFlow ? at + 1 : at, inserted.ToString());
    }
}
