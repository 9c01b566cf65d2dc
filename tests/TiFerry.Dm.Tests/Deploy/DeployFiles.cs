using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Dm.Tests.Deploy;

/// <summary>The files of <c>deploy/</c>.</summary>
internal static class DeployFiles
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> All(string extension) => Directory.EnumerateFiles(Path(), $"*{extension}", SearchOption.AllDirectories);

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, "deploy", .. parts]);

    public static JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    }

    public static YamlNode Yaml(string path)
    {
        using var reader = new StreamReader(path);
        var stream = new YamlStream();
        stream.Load(reader);
        return stream.Documents.Single().RootNode;
    }

    /// <summary>The expressions of all alerts, by name.</summary>
    public static Dictionary<string, string> Alerts() =>
        Yaml(Path("prometheus", "dm_worker.rules.yml")).At("groups").Items().SelectMany(g => g.At("rules").Items()).ToDictionary(r => r.At("alert").Text(), r => r.At("expr").Text());

    /// <summary>The expressions of all panels.</summary>
    public static IEnumerable<string> PanelExpressions() =>
        from panel in Json(Path("grafana", "dm.json")).GetProperty("panels").EnumerateArray()
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select target.GetProperty("expr").GetString()!;

    public static YamlNode At(this YamlNode node, string key) => ((YamlMappingNode)node).Children[new YamlScalarNode(key)];

    public static IEnumerable<YamlNode> Items(this YamlNode node) => ((YamlSequenceNode)node).Children;

    public static string Text(this YamlNode node) => ((YamlScalarNode)node).Value!;

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "TiFerry.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No TiFerry.slnx above {AppContext.BaseDirectory}.");
        return folder;
    }
}
