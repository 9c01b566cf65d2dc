using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Interactive;

namespace TiFerry.Dm.Control;

/// <summary>
/// The control program: one command from the command line, or a prompt that asks for commands. Commands, flags, texts and exit codes are those of DM's dmctl,
/// so an answer that says <c>"result": false</c> is still an answer and ends with 0; what can't be asked at all ends with 1.
/// </summary>
public sealed class Dmctl
{
    private const int Done = 0;
    private const int Failed = 1;
    private const string SeeHelp = "Run 'dmctl --help' for usage.";

    private readonly ControlConsole _console;
    private readonly MasterClient _master;
    private readonly ExitSignals? _signals;

    private Dmctl(ControlConsole console, MasterClient master, ExitSignals? signals)
    {
        _console = console;
        _master = master;
        _signals = signals;
    }

    /// <summary>Runs what the process was started for; signals end it.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunProcessAsync(IReadOnlyList<string> arguments)
    {
        var console = ControlConsole.Process();
        using var signals = new ExitSignals(console);
        return await RunAsync(arguments, console, signals, CancellationToken.None);
    }

    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="console">What is read and written.</param>
    /// <param name="stop">Ends a command that waits.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments, ControlConsole console, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(console);
        return RunAsync(arguments, console, null, stop);
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> arguments, ControlConsole console, ExitSignals? signals, CancellationToken stop)
    {
        try
        {
            var (options, command) = DmctlConfig.Take(MasterFlags.Normalize(arguments));
            var line = ParsedLine.Parse(CommandTree.CommandMode, command);
            if (line.IsOn("version"))
            {
                await console.Output.WriteAsync(ProgramVersion.Text("dmctl"));
                return Done;
            }
            using var master = new MasterClient(() => DmctlConfig.FromOptions(options));
            var dmctl = new Dmctl(console, master, signals);
            if (line.Path.Commands.Count > 1 || line.IsOn("help"))
                await dmctl.ExecuteAsync(line, stop);
            else
                await dmctl.AskForCommandsAsync(stop);
            return Done;
        }
        catch (Exception e) when (e is ControlException or TiFerryException)
        {
            await console.Errors.WriteLineAsync($"Error: {e.Message}");
            if (e is UnknownCommandException)
                await console.Errors.WriteLineAsync(SeeHelp);
            return Failed;
        }
    }

    private Task ExecuteAsync(ParsedLine line, CancellationToken stop)
    {
        var run = new CommandRun(line, _master, _console, stop);
        return line.IsOn("help") || line.Path.Command.Run is not { } work ? run.ShowHelp() : work(run);
    }

    private async Task AskForCommandsAsync(CancellationToken stop)
    {
        _master.CheckSettings();
        var prompt = new Prompt(_console, words => ExecuteTypedAsync(words, stop), new NameCache(_master).GetAsync);
        await prompt.RunAsync(stop);
    }

    // A command that fails, or that Ctrl-C ends, leaves the prompt as it is.
    private async Task ExecuteTypedAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _signals?.Interrupt = interrupted.Cancel;
        try
        {
            await ExecuteAsync(ParsedLine.Parse(CommandTree.Interactive, words), interrupted.Token);
        }
        catch (Exception e) when (e is ControlException or TiFerryException)
        {
            await _console.Output.WriteLineAsync($"fail to run: [{string.Join(' ', words)}]\nError: {e.Message}");
            if (e is UnknownCommandException)
                await _console.Output.WriteLineAsync(SeeHelp);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await _console.Output.WriteLineAsync("interrupted; the master may still carry the command out");
        }
        finally
        {
            _signals?.Interrupt = null;
        }
    }
}
