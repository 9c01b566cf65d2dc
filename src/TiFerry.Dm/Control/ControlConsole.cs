namespace TiFerry.Dm.Control;

/// <summary>What dmctl reads and writes.</summary>
/// <param name="Input">Lines of the interactive mode where there is no terminal.</param>
/// <param name="Output">Results.</param>
/// <param name="Errors">What went wrong.</param>
/// <param name="IsTerminal">Whether input and output are a terminal, so that lines can be edited.</param>
public sealed record ControlConsole(TextReader Input, TextWriter Output, TextWriter Errors, bool IsTerminal)
{
    /// <summary>The process's own.</summary>
    public static ControlConsole Process() => new(Console.In, Console.Out, Console.Error, !Console.IsInputRedirected && !Console.IsOutputRedirected);
}
