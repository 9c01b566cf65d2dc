using System.CommandLine;
using TiFerry.Migration.Checks;
using TiFerry.Programs.Ferry.Arguments;

namespace TiFerry.Programs.Ferry.Commands;

/// <summary><c>tiferry check</c>: says what stands in the way of a migration, and touches nothing.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Say what stands in the way of a migration, before anything is touched.");
        var flags = new MigrationFlags();
        flags.AddTo(command);
        command.SetAction((result, _) => RunAsync(flags, result));
        return command;
    }

    private static async Task<int> RunAsync(MigrationFlags flags, ParseResult result)
    {
        using var interrupt = new Interrupt();
        try
        {
            var report = await Precheck.RunAsync(flags.Read(result), interrupt.Token);
            CheckList.Write(Console.Out, report, withPasses: true);
            return report.Errors == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (Exception error)
        {
            return interrupt.IsRequested ? ExitCode.Interrupted : Outcome.Explain(error, log: null);
        }
    }
}
