using System.Runtime.InteropServices;

namespace TiFerry.Dm.Control;

/// <summary>Signals end the process, as with DM's dmctl: SIGTERM with 0, others with 1. While a command runs at the prompt, SIGINT ends only the command.</summary>
internal sealed class ExitSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations;

    /// <summary>Listens.</summary>
    /// <param name="console">Where the end is told.</param>
    public ExitSignals(ControlConsole console)
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, context => Handle(context, console)))];
    }

    /// <summary>What SIGINT does instead of ending the process; null for nothing else.</summary>
    public Action? Interrupt { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Handle(PosixSignalContext context, ControlConsole console)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGINT && Interrupt is { } interrupt)
        {
            interrupt();
            return;
        }
        console.Output.WriteLine($"\nGot signal [{NameOf(context.Signal)}] to exit.");
        console.Output.Flush();
        Environment.Exit(context.Signal == PosixSignal.SIGTERM ? 0 : 1);
    }

    private static string NameOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGINT => "interrupt",
        PosixSignal.SIGTERM => "terminated",
        PosixSignal.SIGHUP => "hangup",
        _ => "quit",
    };
}
