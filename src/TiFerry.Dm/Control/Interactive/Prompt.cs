using Microsoft.Win32.SafeHandles;
using TiFerry.Dm.Control.CommandLine;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>Asks for commands until the user leaves: with line editing on a terminal, else line by line from the input.</summary>
/// <param name="console">Where lines come from.</param>
/// <param name="execute">Carries out a line's words.</param>
/// <param name="names">Names of the cluster, for completion.</param>
internal sealed class Prompt(ControlConsole console, Func<IReadOnlyList<string>, Task> execute, Func<ClusterNames, Task<IReadOnlyList<string>>> names)
{
    private const int StandardInput = 0;
    private const int UsualWidth = 80;
    private const string Red = "\e[31m»\e[0m ";

    /// <summary>Runs until <c>exit</c>, the end of the input, Ctrl-C or Ctrl-D.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var history = new LineHistory(LineHistory.DefaultPath);
        // Not Console.OpenStandardInput, which on a terminal edits lines by itself.
        await using var input = new FileStream(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        var completer = new Completer(CommandTree.Interactive, names);
        var editor = new LineEditor(new KeyReader(input), new LineDisplay(console.Output, Width), history, completer.CompleteAsync);
        while (await ReadLineAsync(editor, stop) is { } line)
        {
            line = line.Trim();
            if (line is "exit" or "quit")
                return;
            if (line.Length == 0)
                continue;
            if (console.IsTerminal && !IsSecret(line))
                history.Add(line);
            await execute(ShellWords.Split(line));
        }
    }

    private async Task<string?> ReadLineAsync(LineEditor editor, CancellationToken stop)
    {
        if (console.IsTerminal)
        {
            using var terminal = RawTerminal.TryEnter();
            if (terminal is not null)
                return await editor.ReadAsync(Red, stop);
            await console.Output.WriteAsync("» ");
        }
        return await console.Input.ReadLineAsync(stop);
    }

    private static bool IsSecret(string line)
    {
        try
        {
            return ParsedLine.Parse(CommandTree.Interactive, ShellWords.Split(line)).Path.Command.IsSecret;
        }
        catch (ControlException)
        {
            // What can't be read could be anything.
            return line.Contains("crypt", StringComparison.OrdinalIgnoreCase);
        }
    }

    // Some terminals don't know how wide they are.
    private static int Width() => Console.WindowWidth is > 0 and var columns ? columns : UsualWidth;
}
