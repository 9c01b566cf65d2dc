using System.Diagnostics;
using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>Holds a member's folder for this process, and ends what a dead predecessor has left running there.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <exception cref="TiFerryException">Another process holds it, or it can't be written.</exception>
    public static DataDirectoryLock Take(string folder)
    {
        var path = Path.Combine(folder, "etcd.lock");
        try
        {
#pragma warning disable CA1416 // The programs run on Linux only.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                file.SetLength(0);
                file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
                file.Flush();
                return new DataDirectoryLock(file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (IOException e)
        {
            throw new TiFerryException(EtcdErrors.MemberFailed, ErrorScope.NotSet, $"the data directory {folder} can't be had for this process alone",
                "Another dm-master uses it, or it can't be written: give each its own data-dir, see the cause.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TiFerryException(EtcdErrors.MemberFailed, ErrorScope.NotSet, $"the data directory {folder} can't be written", "Let this account own it.", e);
        }
    }

    /// <summary>The lock is ours, so whoever started an etcd on this folder is dead: it may be killed.</summary>
    public static async Task EndLeftoversAsync(string dataFolder, Log log, CancellationToken ct)
    {
        var argument = $"--data-dir={dataFolder}";
        foreach (var id in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName))
        {
            if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process) || !Arguments(process).Contains(argument, StringComparer.Ordinal))
                continue;
            log.Warn("an etcd that a dead master has left on the data directory is ended", ("process", process));
            await EndAsync(process, ct);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string[] Arguments(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static async Task EndAsync(int id, CancellationToken ct)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync(ct).WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It is gone.
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            throw new TiFerryException(EtcdErrors.MemberFailed, ErrorScope.NotSet, $"the etcd process {id} that a dead master has left on the data directory can't be ended",
                "End it by hand.", e);
        }
    }
}
