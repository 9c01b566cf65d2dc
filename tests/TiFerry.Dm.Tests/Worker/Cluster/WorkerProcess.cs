using System.Diagnostics;
using System.Globalization;
using TiFerry.Dm.Config.Programs;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Worker.Cluster;

/// <summary>A worker as a process of its own, for kill -9.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;

    public WorkerProcess(WorkerConfig config)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "dm-worker.dll"), "--name", config.Name, "--worker-addr", config.WorkerAddr, "--join", config.Join,
                "--keepalive-ttl", ((long)config.KeepaliveTtl.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            },
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Channel = new GrpcChannel(config.AdvertiseAddr);
    }

    public GrpcChannel Channel { get; }

    public string LastLines { get; private set; } = "";

    /// <summary>As a power failure does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        Channel.Dispose();
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        var lines = $"{LastLines}\n{line.Data}";
        LastLines = lines[Math.Max(0, lines.Length - 4000)..];
    }
}
