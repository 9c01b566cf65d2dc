namespace TiFerry.Dm.Config.Programs;

/// <summary>What a command line asks for.</summary>
/// <typeparam name="T">The program's configuration.</typeparam>
/// <param name="Config">What to run with; null where there is only something to print.</param>
/// <param name="Output">What to print and end with exit code 0, after <c>--help</c>, <c>-V</c> or <c>--print-sample-config</c>; empty for nothing.</param>
public sealed record ProgramStart<T>(T? Config, string Output)
    where T : class;
