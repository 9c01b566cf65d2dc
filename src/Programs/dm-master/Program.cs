using System.Runtime.InteropServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Master;

const int Failed = 1;
const int CannotStart = 2;

MasterConfig config;
try
{
    var start = MasterConfig.FromArguments(args);
    if (start.Config is null)
    {
        Console.Out.Write(start.Output);
        return 0;
    }
    config = start.Config;
}
catch (TiFerryException e)
{
    Console.Error.WriteLine($"parse cmd flags err: {e.Message}");
    return CannotStart;
}

using var log = OpenLog();
using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
log.Info("Welcome to dm-master", ("release", ProgramVersion.Release), ("config", config.ToToml()));
foreach (var notice in config.Notices)
    log.Warn(notice);
try
{
    await MasterProcess.RunAsync(config, log, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    // Told to stop before it was up.
}
catch (Exception e) when (e is TiFerryException or IOException or UnauthorizedAccessException)
{
    log.Fatal("fail to start dm-master", ("error", e));
    Console.Error.WriteLine($"dm-master: {e.Message}");
    return Failed;
}
log.Info("dm-master exit");
return 0;

Log OpenLog() => config.LogFile.Length > 0 ? Log.ToFile(config.LogFile, config.LogLevel) : new Log(Console.OpenStandardOutput(), config.LogLevel);

void Stop(PosixSignalContext signal)
{
    log.Info("got signal to exit", ("signal", signal.Signal));
    signal.Cancel = true;
    stop.Cancel();
}
