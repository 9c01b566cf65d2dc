using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Core.Retry;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>
/// An etcd member as a child of this process: started, started again when it dies, and gone with this process however that ends.
/// Clients reach it only through <see cref="Endpoint"/>, a Unix socket for this account.
/// </summary>
public sealed partial class EtcdMember : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int MaxSocketPath = 107;
    private const long MaxLogSize = 100 << 20;
    private static readonly TimeSpan LongRun = TimeSpan.FromMinutes(1);

    private readonly EtcdMemberOptions _options;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _command;
    private readonly DataDirectoryLock _lock;
    private readonly EtcdClient _client;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;
    private Task _supervising = Task.CompletedTask;

    private EtcdMember(EtcdMemberOptions options, IReadOnlyList<string> command, DataDirectoryLock directoryLock)
    {
        _options = options;
        _folder = Path.GetFullPath(options.DataDirectory);
        _command = command;
        _lock = directoryLock;
        Endpoint = "unix:" + SocketPath(_folder);
        _client = new EtcdClient([Endpoint], new EtcdClientOptions { RequestTimeout = TimeSpan.FromSeconds(1), Log = options.Log });
    }

    /// <summary>The address for <see cref="EtcdClient"/> and <see cref="Grpc.GrpcChannel"/>; the same over restarts.</summary>
    public string Endpoint { get; }

    /// <summary>The process id; 0 while none runs.</summary>
    public int ProcessId => _process is { } process && IsRunning(process) ? process.Id : 0;

    /// <summary>Where etcd's own log is.</summary>
    public string LogFile => Path.Combine(_folder, "etcd.log");

    /// <summary>Ends with an error when the member can't be kept running; else with <see cref="StopAsync"/>.</summary>
    public Task Completion => _failed.Task;

    /// <summary>Whether the folder holds a member's data, so that initial cluster and joining have no say any more.</summary>
    public static bool HasData(string dataDirectory) => Directory.Exists(Path.Combine(dataDirectory, "etcd", "member"));

    /// <summary>Starts a member. It serves only once a majority of the cluster is there: see <see cref="WaitUntilServingAsync"/>.</summary>
    /// <exception cref="TiFerryException">The program is missing, the folder is in use, or the settings can't be used.</exception>
    public static async Task<EtcdMember> StartAsync(EtcdMemberOptions options, CancellationToken ct = default)
    {
        var command = EtcdCommand.Of(options);
        var folder = Path.GetFullPath(options.DataDirectory);
        if (Encoding.UTF8.GetByteCount(SocketPath(folder)) > MaxSocketPath)
            throw new TiFerryException(EtcdErrors.BadMemberSettings, ErrorScope.NotSet, $"the path of the data directory {folder} is too long for a socket in it", "Choose one with at most 98 bytes.");

        var directoryLock = DataDirectoryLock.Take(folder);
        try
        {
            await DataDirectoryLock.EndLeftoversAsync(EtcdCommand.DataFolder(options), options.Log, ct);
            var member = new EtcdMember(options, command, directoryLock);
            await member.LaunchAsync();
            member._supervising = Task.Run(member.SuperviseAsync, CancellationToken.None);
            return member;
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the member serves: it is up and its cluster has a leader. Says in the log what it waits for.</summary>
    /// <exception cref="TiFerryException">The member can't be kept running.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task WaitUntilServingAsync(CancellationToken ct = default)
    {
        var waited = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        while (!await ServesAsync(ct))
        {
            if (_failed.Task.IsCompleted)
                await _failed.Task;
            if (waited.Elapsed - told > TimeSpan.FromSeconds(10))
            {
                told = waited.Elapsed;
                _options.Log.Warn("waiting for a majority of etcd's members", ("waited", waited.Elapsed), ("unreachable", await PeerProbe.UnreachableAsync(_options.InitialCluster, ct)));
            }

            await Task.Delay(100, ct);
        }
    }

    /// <summary>Stops the member: it hands over what it leads, and is killed if it hasn't ended in time.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            if (_process is { } process)
                await EndAsync(process, limit);
        }

        await _supervising;
        _failed.TrySetResult();
        _client.Dispose();
        _lock.Dispose();
    }

    /// <summary>Stops the member, within ten seconds.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(10));

    private static string SocketPath(string folder) => Path.Combine(folder, EtcdCommand.SocketName);

    private async Task<bool> ServesAsync(CancellationToken ct)
    {
        try
        {
            return (await _client.GetStatusAsync(ct)).LeaderId != 0;
        }
        catch (TiFerryException)
        {
            return false;
        }
    }

    private async Task LaunchAsync()
    {
        if (new FileInfo(LogFile) is { Exists: true, Length: > MaxLogSize })
            File.Move(LogFile, LogFile + ".1", overwrite: true);
        // A member that was killed leaves its socket behind, which the next one could not open.
        File.Delete(SocketPath(_folder));
        try
        {
            _process = await ChildStarter.StartAsync(_command, _folder, LogFile, "ETCD_");
        }
        catch (Win32Exception e)
        {
            throw new TiFerryException(EtcdErrors.MemberFailed, ErrorScope.NotSet, $"fail to start embed etcd: {_command[0]}", "Check that /bin/sh and setpriv (package util-linux) are there.", e);
        }

        _options.Log.Info("etcd is started", ("name", _options.Name), ("process", _process.Id), ("log", LogFile));
    }

    /// <summary>Starts the member again whenever it ends by itself, until it is hopeless.</summary>
    private async Task SuperviseAsync()
    {
        var pause = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), _options.MaxRestarts);
        try
        {
            while (true)
            {
                var logged = LogLength();
                var run = Stopwatch.StartNew();
                await _process!.WaitForExitAsync(CancellationToken.None);
                if (_stopping.IsCancellationRequested)
                    return;
                if (run.Elapsed > LongRun)
                    pause.Reset();
                await ConsiderEndAsync(_process, logged, pause);
                await LaunchAsync();
                if (_stopping.IsCancellationRequested)
                    await EndAsync(_process, TimeSpan.FromSeconds(1));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It is stopped.
        }
        catch (TiFerryException e)
        {
            _options.Log.Error("etcd can't be kept running", ("error", e));
            _failed.TrySetException(e);
        }
    }

    private async Task ConsiderEndAsync(Process ended, long logFrom, Backoff pause)
    {
        var diagnosis = EtcdDiagnosis.Of(LastWords(logFrom), _options);
        var how = $"etcd ended with exit code {ended.ExitCode}";
        if (diagnosis.IsFinal || pause.IsExhausted)
            throw new TiFerryException(EtcdErrors.MemberFailed, ErrorScope.NotSet, $"fail to start embed etcd: {diagnosis.Message ?? how}", $"{diagnosis.Workaround} etcd's log is {LogFile}.");
        _options.Log.Warn("etcd ended by itself and is started again", ("name", _options.Name), ("exit", ended.ExitCode), ("message", diagnosis.Message), ("attempt", pause.Attempts + 1));
        await pause.WaitAsync(_stopping.Token);
    }

    private long LogLength() => new FileInfo(LogFile) is { Exists: true } file ? file.Length : 0;

    private string LastWords(long from)
    {
        const int Enough = 64 << 10;
        try
        {
            using var log = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Position = Math.Max(Math.Min(from, log.Length), log.Length - Enough);
            using var text = new StreamReader(log);
            return text.ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task EndAsync(Process process, TimeSpan limit)
    {
        if (!IsRunning(process))
            return;
        _ = Signal(process.Id, SigTerm);
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            _options.Log.Warn("etcd doesn't end and is killed", ("name", _options.Name), ("process", process.Id));
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static bool IsRunning(Process process)
    {
        try
        {
            return !process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
