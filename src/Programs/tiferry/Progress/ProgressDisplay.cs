using Spectre.Console;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>Shows a migration's progress while it runs.</summary>
internal abstract class ProgressDisplay
{
    /// <summary>Where log lines go that have no file of their own, so that they do not tear the display.</summary>
    public abstract Stream LogStream { get; }

    /// <summary>Bars where standard output is a terminal, lines elsewhere.</summary>
    public static ProgressDisplay Create() =>
        Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? new LineDisplay(Console.Out) : new TerminalDisplay(AnsiConsole.Console);

    /// <summary>Tells something that is no progress.</summary>
    public abstract void Say(string text);

    /// <summary>Shows the meter's figures until the work ends, and gives its result.</summary>
    public abstract Task<bool> ShowAsync(ProgressMeter meter, Task<bool> work);

    /// <summary>Waits for the end of the work, for a while; does not throw what the work threw.</summary>
    protected static async ValueTask<bool> EndsWithinAsync(Task work, TimeSpan time) =>
        await Task.WhenAny(work, Task.Delay(time)) == work;
}
