using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TiFerry.TestServers;

/// <summary>
/// A real server on a free port of 127.0.0.1 with a throw-away data directory. <c>root</c> has no password and may come from anywhere.
/// It dies with the test process, even when that is killed.
/// </summary>
public sealed partial class TestServer : IAsyncDisposable
{
    private const int TerminateSignal = 15;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private readonly ServerInstallation _installation;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _extraOptions;
    private Process? _process;

    private TestServer(ServerInstallation installation, string folder, IReadOnlyList<string> extraOptions)
    {
        _installation = installation;
        _folder = folder;
        _extraOptions = extraOptions;
    }

    /// <summary>What runs here.</summary>
    public ServerKind Kind => _installation.Kind;

    /// <summary>The TCP port on 127.0.0.1; stays the same over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>The Unix socket.</summary>
    public string SocketPath => Path.Combine(_folder, "s.sock");

    /// <summary>The data directory; gone after disposal.</summary>
    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>The server's own log.</summary>
    public string LogFile => Path.Combine(_folder, "server.log");

    /// <summary>The account with all privileges and no password.</summary>
    public string RootUser => "root";

    /// <summary>Whether the server's process lives.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether this machine has the server; <c>scripts/install-servers.sh</c> installs it.</summary>
    public static bool IsInstalled(ServerKind kind) => ServerInstallation.Of(kind).IsPresent;

    /// <summary>Starts a server with a fresh data directory and waits until it answers.</summary>
    /// <param name="kind">Which server.</param>
    /// <param name="extraOptions">Command line options that go last and so win; see <see cref="ServerOptions"/>. Without them it is a target.</param>
    /// <exception cref="InvalidOperationException">It is not installed or does not start; the message ends with its log.</exception>
    public static async Task<TestServer> StartAsync(ServerKind kind, IEnumerable<string>? extraOptions = null)
    {
        var installation = ServerInstallation.Of(kind);
        if (!installation.IsPresent)
            throw new InvalidOperationException($"{kind} is not installed ({installation.Program} is missing); run scripts/install-servers.sh.");
        var server = new TestServer(installation, RunFolder.CreateServerFolder(), [.. extraOptions ?? ServerOptions.Target(kind)]);
        try
        {
            await ServerTemplate.CopyToAsync(installation, server.DataDirectory);
            await server.LaunchOnFreePortAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the server at once (SIGKILL), as a power failure would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Shuts the server down cleanly and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        _ = Kill(process.Id, TerminateSignal);
        using var deadline = new CancellationTokenSource(StopDeadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException late)
        {
            await KillAsync();
            throw new InvalidOperationException($"{Kind} did not stop within {StopDeadline}:\n{LogTail.Of(LogFile)}", late);
        }
    }

    /// <summary>Starts the server again on the same port and data, after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">It still runs or does not start.</exception>
    public async Task StartAgainAsync()
    {
        if (IsRunning)
            throw new InvalidOperationException($"{Kind} on port {Port} is still running.");
        if (!await LaunchAsync())
            throw new InvalidOperationException($"{Kind} did not start again on port {Port}:\n{LogTail.Of(LogFile)}");
    }

    /// <summary>Kills the server and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task LaunchOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            if (await LaunchAsync())
                return;
            // Someone may have taken the port between our look and the server's.
            var log = LogTail.Of(LogFile);
            if (attempt == 5 || !log.Contains("Address already in use", StringComparison.Ordinal))
                throw new InvalidOperationException($"{Kind} did not start:\n{log}");
        }
    }

    private async Task<bool> LaunchAsync()
    {
        _process?.Dispose();
        _process = await ServerProcess.StartAsync(
        [
            .. _installation.Command,
            $"--datadir={DataDirectory}",
            $"--user={Environment.UserName}",
            "--bind-address=127.0.0.1",
            $"--port={Port}",
            $"--socket={SocketPath}",
            $"--pid-file={Path.Combine(_folder, "server.pid")}",
            $"--tmpdir={_folder}",
            "--skip-name-resolve",
            "--performance-schema=OFF",
            "--innodb-buffer-pool-size=128M",
            "--innodb-flush-log-at-trx-commit=2",
            "--max-allowed-packet=128M",
            .. ServerTemplate.SizeOptions(Kind),
            .. _extraOptions,
        ],
        LogFile);
        _process.StandardInput.Close();
        return await AnswersAsync();
    }

    private async Task<bool> AnswersAsync()
    {
        var deadline = Environment.TickCount64 + (long)StartDeadline.TotalMilliseconds;
        while (IsRunning && Environment.TickCount64 < deadline)
        {
            if (await GreetsAsync())
                return IsRunning;
            await Task.Delay(25);
        }
        return false;
    }

    // By the socket in its own folder, whose server has the port, too: on the port another process's server may answer, which took it between our look and our server's.
    /// <summary>Whether a connection gets a protocol 10 greeting: the server accepts only when it is ready for statements.</summary>
    private async Task<bool> GreetsAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), deadline.Token);
            var head = new byte[5];
            await using var stream = new NetworkStream(socket);
            await stream.ReadExactlyAsync(head, deadline.Token);
            return head[4] == 10;
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
