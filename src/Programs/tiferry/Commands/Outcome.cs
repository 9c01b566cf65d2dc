using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Programs.Ferry.Arguments;

namespace TiFerry.Programs.Ferry.Commands;

/// <summary>Turns what a command threw into a message and an exit code.</summary>
internal static class Outcome
{
    /// <summary>Prints the error on standard error.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="log">Its level decides whether the stack is shown; null before there is one.</param>
    /// <returns>The exit code.</returns>
    public static int Explain(Exception error, Log? log)
    {
        var text = error is UsageException ? $"tiferry: {error.Message}" : error.Message;
        Console.Error.WriteLine(SecretText.Mask(text));
        if (error is UsageException)
            return ExitCode.WrongUsage;
        if (log is { Minimum: LogLevel.Debug })
            Console.Error.WriteLine(SecretText.Mask(error.ToString()));
        return error is TiFerryException { Code.Class: "config" } ? ExitCode.WrongUsage : ExitCode.Failed;
    }
}
