using System.Collections.Concurrent;
using System.Diagnostics;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>Starts programs that die with this process, even when it is killed.</summary>
internal static class ChildStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Requests = [];

    static ChildStarter()
    {
        // The kernel sends the death signal when the thread ends that started the child, so that thread must live as long as the process.
        new Thread(Serve) { IsBackground = true, Name = "child starter" }.Start();
    }

    /// <summary>Starts a program with both outputs appended to a file. Its process id is that of the program itself.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="logFile">Gets its outputs.</param>
    /// <param name="withoutVariables">Environment variables that begin so are kept from it.</param>
    public static Task<Process> StartAsync(IEnumerable<string> command, string folder, string logFile, string withoutVariables)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder, RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec setpriv --pdeathsig KILL -- \"$@\" >>\"$0\" 2>&1");
        start.ArgumentList.Add(logFile);
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(withoutVariables, StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
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
