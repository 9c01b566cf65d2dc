using System.Text.RegularExpressions;

namespace TiFerry.Dm.Tests.Deploy;

/// <summary>Whether what dashboard and alerts ask for is there: metrics that the code writes, programs that are built.</summary>
public partial class WrittenMetricsTests
{
    [Fact]
    public void Every_metric_of_dashboard_and_alerts_is_written()
    {
        var written = Directory.EnumerateFiles(Path.Combine(DeployFiles.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Literal().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        var asked = DeployFiles.PanelExpressions().Concat(DeployFiles.Alerts().Values).SelectMany(Names).Distinct(StringComparer.Ordinal).ToList();

        Assert.InRange(asked.Count, 35, 100);
        Assert.Equal([], asked.Where(name => !written.Contains(name) && !written.Contains(HistogramPart().Replace(name, ""))));
    }

    [Fact]
    public void Every_program_that_a_unit_or_a_container_starts_is_built()
    {
        var programs = Directory.EnumerateDirectories(Path.Combine(DeployFiles.Root, "src", "Programs")).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var started = DeployFiles.All(".service").SelectMany(File.ReadLines).Where(l => l.StartsWith("ExecStart=", StringComparison.Ordinal)).Select(l => Path.GetFileName(l["ExecStart=".Length..].Split(' ')[0]))
            .Concat(File.ReadLines(DeployFiles.Path("docker", "compose.yml")).Select(l => Command().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal(["dm-master", "dm-worker", "dmctl", "tiferry"], started.Order());
        Assert.Equal([], started.Where(p => !programs.Contains(p)));
    }

    // What is in quotes are values of labels.
    private static IEnumerable<string> Names(string expression) => Metric().Matches(Quoted().Replace(expression, "")).Select(m => m.Value);

    [GeneratedRegex("\"((?:dm|tiferry|process)_[a-z_]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("\\b(?:dm|tiferry|process)_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex HistogramPart();

    [GeneratedRegex("^\\s+(?:command: )?(dm-master|dm-worker|dmctl) ")]
    private static partial Regex Command();
}
