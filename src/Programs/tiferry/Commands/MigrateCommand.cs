using System.CommandLine;
using System.Diagnostics;
using TiFerry.Core.Logging;
using TiFerry.Migration;
using TiFerry.Migration.Checks;
using TiFerry.MySql;
using TiFerry.Programs.Ferry.Arguments;
using TiFerry.Programs.Ferry.Progress;

namespace TiFerry.Programs.Ferry.Commands;

/// <summary><c>tiferry migrate</c>: carries one live database into another and keeps it in step.</summary>
internal sealed class MigrateCommand
{
    private readonly MigrationOptions _options;
    private readonly Log _log;
    private readonly bool _hasLogFile;
    private readonly ProgressDisplay _display;
    private readonly string[] _args;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    private MigrateCommand(MigrationOptions options, Log log, bool hasLogFile, ProgressDisplay display, string[] args)
    {
        _options = options;
        _log = log;
        _hasLogFile = hasLogFile;
        _display = display;
        _args = args;
    }

    /// <summary>Makes the command.</summary>
    /// <param name="args">All arguments of the program, for the line that resumes.</param>
    public static Command Create(string[] args)
    {
        var command = new Command("migrate", "Copy databases while they are being written to, then follow the source until the target has caught up or for as long as you like.");
        var flags = new MigrationFlags();
        var logFlags = new LogFlags();
        flags.AddTo(command);
        logFlags.AddTo(command);
        command.SetAction((result, _) => RunAsync(flags, logFlags, args, result));
        return command;
    }

    private static async Task<int> RunAsync(MigrationFlags flags, LogFlags logFlags, string[] args, ParseResult result)
    {
        using var interrupt = new Interrupt();
        Log? log = null;
        try
        {
            var options = flags.Read(result);
            var display = ProgressDisplay.Create();
            interrupt.Say = display.Say;
            log = logFlags.Open(result, display.LogStream);
            return await new MigrateCommand(options, log, logFlags.HasFile(result), display, args).RunAsync(interrupt);
        }
        catch (Exception error) when (error is not OperationCanceledException || !interrupt.IsRequested)
        {
            return Outcome.Explain(error, log);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        finally
        {
            log?.Dispose();
        }
    }

    private async Task<int> RunAsync(Interrupt interrupt)
    {
        var report = await Precheck.RunAsync(_options, interrupt.Token);
        if (report.Errors > 0)
        {
            CheckList.Write(Console.Error, report, withPasses: false);
            return ExitCode.Failed;
        }
        if (report.Warnings > 0)
            CheckList.Write(Console.Out, report, withPasses: false);
        foreach (var notice in _options.Rules.Notices)
            _log.Warn("rules file", ("notice", notice));

        var task = new MigrationTask(_options, _log);
        var meter = new ProgressMeter(task.Progress);
        Console.WriteLine($"{(report.IsNewTask ? "starting" : "resuming")} task '{_options.TaskName}': {_options.Source.EndPoint} -> {_options.Target.EndPoint}, mode {_options.Mode.ToString().ToLowerInvariant()}");
        var isDone = false;
        try
        {
            isDone = await _display.ShowAsync(meter, RunAsync(task, interrupt.Token));
        }
        catch (Exception error)
        {
            if (_hasLogFile)
                _log.Error("the migration failed", ("task", _options.TaskName), ("error", error.Message));
            var code = Outcome.Explain(Named(error), _log);
            if (code != ExitCode.WrongUsage)
                WriteResume("to go on from where it stopped, run it again:");
            return interrupt.IsRequested ? ExitCode.Interrupted : code;
        }
        Summary.Write(Console.Out, _options, meter, isDone, _elapsed.Elapsed, await UncarriedAsync());
        if (isDone)
            return task.Progress.Verified is { IsEqual: false } ? ExitCode.Failed : ExitCode.Done;
        WriteResume("to go on, run:");
        return ExitCode.Interrupted;
    }

    private async Task<bool> RunAsync(MigrationTask task, CancellationToken stop)
    {
        if (!await task.RunAsync(stop))
            return false;
        if (!_options.Verify)
            return true;
        try
        {
            await Verification.RunAsync(_options, task.Progress, _log, stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    // A server's refusal does not say which server it was.
    private Exception Named(Exception error) => error is MySqlServerException
        ? new InvalidOperationException($"{error.Message} (migrating {_options.Source} -> {_options.Target})", error)
        : error;

    private void WriteResume(string lead)
    {
        Console.WriteLine(lead);
        Console.WriteLine($"  {ResumeCommand.For(_args)}");
    }

    private async Task<UncarriedObjects?> UncarriedAsync()
    {
        if (_options.Mode == MigrationMode.Incremental)
            return null;
        try
        {
            return await UncarriedObjects.ReadAsync(_options, CancellationToken.None);
        }
        catch (Exception error) when (error is MySqlServerException or MySqlConnectionLostException)
        {
            _log.Warn("triggers, routines and events of the source could not be listed", ("error", error.Message));
            return null;
        }
    }
}
