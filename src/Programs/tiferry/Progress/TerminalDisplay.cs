using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using TiFerry.Core.Progress;
using TiFerry.Migration;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>Progress on a terminal: a bar for each table that is being copied and one for all, then lag and positions.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console) : ProgressDisplay
{
    private const int BarWidth = 24;
    private const int ReservedLines = 6;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    public override Stream LogStream { get; } = new ConsoleStream(console);

    // Above the bars, which are drawn again below it.
    public override void Say(string text) => console.WriteLine(text);

    public override async Task<bool> ShowAsync(ProgressMeter meter, Task<bool> work)
    {
        await console.Live(new Text("")).StartAsync(async live =>
        {
            var isAtEnd = false;
            while (!isAtEnd)
            {
                isAtEnd = await EndsWithinAsync(work, Tick);
                meter.Sample();
                live.UpdateTarget(Render(meter));
            }
        });
        return await work;
    }

    private Rows Render(ProgressMeter meter)
    {
        var parts = new List<IRenderable>();
        if (meter.Tables.Count > 0)
            parts.Add(RenderCopy(meter));
        if (meter.Follow is { } follow)
            parts.Add(RenderFollow(follow, meter.Progress.Stage));
        if (meter.Progress.Verification is { } comparison)
            parts.Add(new Markup($"[blue]verifying[/]  {comparison.TablesDone}/{comparison.Tables} tables  {HumanFormat.Count(comparison.Rows)} rows  {HumanFormat.Count(comparison.Differences)} differences"));
        if (parts.Count == 0)
            parts.Add(new Markup("[grey]preparing[/]"));
        return new Rows(parts);
    }

    private Grid RenderCopy(ProgressMeter meter)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn().NoWrap());
        grid.AddColumn(new GridColumn().NoWrap());
        for (var i = 0; i < 4; i++)
            grid.AddColumn(new GridColumn().NoWrap().RightAligned());
        // Once copied, a table gives its line to one that is not.
        var isCopying = meter.Progress.Stage == MigrationStage.Copying;
        var shown = isCopying
            ? meter.Tables.OrderBy(t => t.IsDone).ThenByDescending(t => t.RowsPerSecond > 0).Take(Math.Max(1, console.Profile.Height - ReservedLines)).OrderBy(t => t.Name, StringComparer.Ordinal).ToList()
            : [];
        foreach (var table in shown)
            AddRow(grid, table, table.Name);
        if (isCopying && meter.Tables.Count > shown.Count)
            grid.AddRow(new Text($"... and {meter.Tables.Count - shown.Count} more tables"));
        AddRow(grid, meter.Total, $"copied {meter.Tables.Count(t => t.IsDone)}/{meter.Tables.Count} tables");
        return grid;
    }

    private static void AddRow(Grid grid, CopyStatus status, string name) => grid.AddRow(
        new Text(name),
        new Markup(Bar(status.Share)),
        new Text(status.IsDone ? $"{HumanFormat.Count(status.Rows)} rows" : $"{HumanFormat.Count(status.Rows)}/~{HumanFormat.Count(status.EstimatedRows)} rows"),
        new Text(status.Percent),
        new Text(status.IsDone ? "" : $"{HumanFormat.ShortCount(status.RowsPerSecond)} rows/s"),
        new Text(status is { IsDone: false, Left: { } left } ? $"ETA {HumanFormat.Duration(left)}" : ""));

    private static string Bar(double share)
    {
        var full = (int)(share * BarWidth);
        return $"[{(share >= 1 ? "green" : "blue")}]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/]";
    }

    private static Markup RenderFollow(FollowStatus follow, MigrationStage stage)
    {
        var color = follow.Lag < TimeSpan.FromSeconds(5) ? "green" : "yellow";
        var text = new StringBuilder()
            .Append(stage == MigrationStage.Following ? "[blue]following[/]" : "followed")
            .Append(CultureInfo.InvariantCulture, $"  lag [{color}]{Lag.Text(follow.Lag)}[/]")
            .Append(CultureInfo.InvariantCulture, $"  {HumanFormat.ShortCount(follow.RowsPerSecond)} rows/s  {HumanFormat.Count(follow.Rows)} rows")
            .Append(CultureInfo.InvariantCulture, $"\n  source  {Markup.Escape(Positions.Text(follow.Read))}\n  applied {Markup.Escape(Positions.Text(follow.Applied))}");
        return new Markup(text.ToString());
    }

    /// <summary>Writes text above the bars.</summary>
    private sealed class ConsoleStream(IAnsiConsole console) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => console.Write(new Text(Encoding.UTF8.GetString(buffer)));
    }
}
