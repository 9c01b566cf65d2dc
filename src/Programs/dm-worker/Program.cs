using System.Runtime.InteropServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Worker;

const int Failed = 1;
const int Misused = 2;

ProgramStart<WorkerConfig> start;
try
{
    start = WorkerConfig.FromArguments(args);
}
catch (TiFerryException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return Misused;
}
if (start.Config is not { } config)
{
    Console.Write(start.Output);
    return 0;
}

using var log = config.LogFile.Length > 0 ? Log.ToFile(config.LogFile, config.LogLevel) : new Log(Console.OpenStandardOutput(), config.LogLevel);
using var stop = new CancellationTokenSource();
var signals = 0;
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
try
{
    await using var worker = new WorkerServer(config, log);
    await worker.RunAsync(stop.Token);
    log.Info("dm-worker has stopped");
    return 0;
}
catch (TiFerryException error)
{
    log.Fatal("dm-worker can't go on", ("error", error));
    await Console.Error.WriteLineAsync(error.Message);
    return Failed;
}

void OnSignal(PosixSignalContext context)
{
    context.Cancel = true;
    // The second one ends at once, which loses nothing either.
    if (Interlocked.Increment(ref signals) > 1)
        Environment.Exit(Failed);
    log.Info("a signal asks to stop", ("signal", context.Signal));
    stop.Cancel();
}
