using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TiFerry.Dm.Control;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>What a run of dmctl gave.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Text">What it printed, errors too.</param>
internal sealed partial record DmctlAnswer(int Code, string Text)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What was printed, where that is JSON; words may stand before it.</summary>
    public JsonNode? Json { get; } = Parse(Text);

    /// <summary>Whether the order was carried out, for every source.</summary>
    public bool IsSuccess => Code == 0 && (bool?)Json?["result"] == true && (Json["sources"]?.AsArray().All(source => (bool?)source!["result"] != false) ?? true);

    /// <summary>Runs dmctl: in this process, which saves the start of one for each of the many orders that tests give.</summary>
    public static async Task<DmctlAnswer> OfAsync(IReadOnlyList<string> arguments)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await using var output = new StringWriter();
        var code = await Dmctl.RunAsync(arguments, new ControlConsole(TextReader.Null, output, output, IsTerminal: false), deadline.Token);
        return new DmctlAnswer(code, output.ToString());
    }

    /// <summary>Runs a program that ends by itself.</summary>
    public static async Task<DmctlAnswer> OfProgramAsync(string program, IEnumerable<string> arguments)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new DmctlAnswer(process.ExitCode, await output + await error);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            var json = text[Math.Max(0, text.IndexOf('{', StringComparison.Ordinal))..];
            return JsonNode.Parse(CheckResult().Replace(json, match => $"\"{match.Groups["key"].Value}\": {JsonSerializer.Serialize(match.Groups["text"].Value)}\n}}"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What the checks say is shown with its lines and quotes as they are, as the original does: not JSON.
    [GeneratedRegex("\"(?<key>checkResult|msg)\": \"(?<text>(?:pre-check |fail to check |\\[code=26005).*)\"\n}", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CheckResult();
}
