using System.Globalization;
using System.Text;
using TiFerry.Binlog;
using TiFerry.Core.Progress;
using TiFerry.Migration;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>Progress as lines, for files, pipes and schedulers.</summary>
internal sealed class LineDisplay(TextWriter output) : ProgressDisplay
{
    private const int MostTables = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMinutes(1);
    private (BinlogPosition Applied, BinlogPosition Read, DateTimeOffset At) _followed;
    private readonly Dictionary<string, long> _printed = new(StringComparer.Ordinal);

    public override Stream LogStream => Console.OpenStandardError();

    public override void Say(string text) => Console.Error.WriteLine(text);

    public override async Task<bool> ShowAsync(ProgressMeter meter, Task<bool> work)
    {
        var stage = MigrationStage.Preparing;
        var next = DateTimeOffset.UtcNow + Interval;
        while (!await EndsWithinAsync(work, Tick))
        {
            meter.Sample();
            var now = meter.Progress.Stage;
            if (now == stage && DateTimeOffset.UtcNow < next)
                continue;
            // The last figures of a stage come before the next one begins.
            if (now != stage && stage == MigrationStage.Copying)
                WriteCopy(meter);
            if (now != stage)
                output.WriteLine($"{Word(now),-8} begins");
            else
                Write(meter, now);
            stage = now;
            next = DateTimeOffset.UtcNow + Interval;
        }
        meter.Sample();
        Write(meter, stage);
        return await work;
    }

    private void Write(ProgressMeter meter, MigrationStage stage)
    {
        if (stage == MigrationStage.Copying)
            WriteCopy(meter);
        else if (stage == MigrationStage.Following && meter.Follow is { } follow)
            WriteFollow(follow);
        else if (stage == MigrationStage.Verifying && meter.Progress.Verification is { } comparison)
            output.WriteLine($"verify   {comparison.TablesDone}/{comparison.Tables} tables  {HumanFormat.Count(comparison.Rows)} rows  {HumanFormat.Count(comparison.Differences)} differences");
    }

    // An idle source is not worth a line every few seconds.
    private void WriteFollow(FollowStatus follow)
    {
        if (follow.Applied == _followed.Applied && follow.Read == _followed.Read && DateTimeOffset.UtcNow < _followed.At + IdleInterval)
            return;
        output.WriteLine($"follow   {Text(follow)}");
        _followed = (follow.Applied, follow.Read, DateTimeOffset.UtcNow);
    }

    private void WriteCopy(ProgressMeter meter)
    {
        var changed = meter.Tables.Where(t => _printed.GetValueOrDefault(t.Name, -1) != (t.IsDone ? long.MaxValue : t.Rows) && (t.Rows > 0 || t.IsDone)).ToList();
        foreach (var table in changed.Take(MostTables))
        {
            output.WriteLine($"copy     {table.Name}  {Text(table)}");
            _printed[table.Name] = table.IsDone ? long.MaxValue : table.Rows;
        }
        if (changed.Count > MostTables)
            output.WriteLine($"copy     ... and {changed.Count - MostTables} more tables");
        output.WriteLine($"copy     total ({meter.Tables.Count(t => t.IsDone)}/{meter.Tables.Count} tables)  {Text(meter.Total)}  {HumanFormat.Bytes(meter.BytesPerSecond)}/s");
    }

    private static string Text(CopyStatus status)
    {
        if (status.IsDone)
            return $"{HumanFormat.Count(status.Rows)} rows  100%";
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"{HumanFormat.Count(status.Rows)}/~{HumanFormat.Count(status.EstimatedRows)} rows  {status.Percent}  {HumanFormat.Count((long)status.RowsPerSecond)} rows/s");
        if (status.Left is { } left)
            text.Append("  ETA ").Append(HumanFormat.Duration(left));
        return text.ToString();
    }

    private static string Text(FollowStatus status) =>
        $"lag {Lag.Text(status.Lag)}  applied {Positions.Text(status.Applied)}  source {Positions.Text(status.Read)}  "
        + $"{HumanFormat.Count((long)status.RowsPerSecond)} rows/s  {HumanFormat.Count(status.Rows)} rows";

    private static string Word(MigrationStage stage) => stage switch
    {
        MigrationStage.Preparing => "prepare",
        MigrationStage.Copying => "copy",
        MigrationStage.Following => "follow",
        MigrationStage.Verifying => "verify",
        _ => "end",
    };
}
