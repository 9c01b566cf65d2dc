using System.Collections.Concurrent;
using System.Diagnostics;

namespace TiFerry.TestServers;

/// <summary>Starts programs that die with this process, even when it is killed.</summary>
public static class ServerProcess
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Requests = [];

    static ServerProcess()
    {
        // The death signal is tied to the thread that started the child, so that thread must live as long as the process.
        new Thread(Serve) { IsBackground = true, Name = "server starter" }.Start();
    }

    /// <summary>Starts <paramref name="command"/> with both outputs appended to <paramref name="logFile"/>.</summary>
    public static Task<Process> StartAsync(IEnumerable<string> command, string logFile)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec setpriv --pdeathsig KILL -- \"$@\" >>\"$0\" 2>&1");
        start.ArgumentList.Add(logFile);
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((start, started));
        return started.Task;
    }

    private static void Serve()
    {
        foreach (var (start, started) in Requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        }
    }
}
