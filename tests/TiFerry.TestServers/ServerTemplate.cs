using System.Diagnostics;

namespace TiFerry.TestServers;

/// <summary>A freshly initialised data directory per server version, made once on the machine and copied for each start.</summary>
internal static class ServerTemplate
{
    /// <summary>Sizes that are fixed when the data directory is made.</summary>
    /// <remarks>MySQL 5.6 limits a BLOB to a tenth of its redo log; tests write 20 MiB values.</remarks>
    public static IReadOnlyList<string> SizeOptions(ServerKind kind) => kind switch
    {
        ServerKind.MySql97 => ["--innodb-redo-log-capacity=100M"],
        ServerKind.MySql56 => ["--innodb-log-file-size=160M", "--innodb-log-files-in-group=2"],
        _ => ["--innodb-log-file-size=64M"],
    };

    /// <summary>Copies the template into <paramref name="dataDirectory"/>, which must not exist.</summary>
    public static async Task CopyToAsync(ServerInstallation installation, string dataDirectory)
    {
        var template = await EnsureAsync(installation);
        using var copy = Process.Start("cp", ["-a", "--sparse=always", template, dataDirectory]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0)
            throw new InvalidOperationException($"Copying {template} to {dataDirectory} failed.");
        // MySQL's replication wants each server to have an identity of its own.
        File.Delete(Path.Combine(dataDirectory, "auto.cnf"));
    }

    private static async Task<string> EnsureAsync(ServerInstallation installation)
    {
        var templates = Path.Combine(RunFolder.Root, "templates");
        Directory.CreateDirectory(templates);
        var template = Path.Combine(templates, $"{installation.Kind}-{installation.Version}-{Environment.UserName}");
        if (Directory.Exists(template))
            return template;

        await using var mutex = await LockAsync(template + ".lock");
        if (!Directory.Exists(template))
            await InitialiseAsync(installation, template);
        return template;
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        var deadline = Environment.TickCount64 + 120_000;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task InitialiseAsync(ServerInstallation installation, string template)
    {
        var scratch = RunFolder.CreateServerFolder();
        var data = Path.Combine(scratch, "data");
        var logFile = Path.Combine(scratch, "initialise.log");
        var (arguments, input) = installation.Initialisation(scratch);
        if (input.Length > 0)
            Directory.CreateDirectory(data);

        using var process = await ServerProcess.StartAsync(
            [.. installation.Command, .. arguments, $"--datadir={data}", $"--user={Environment.UserName}", .. SizeOptions(installation.Kind)], logFile);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended early; its log says why.
        }
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{installation.Program} could not create a data directory (exit code {process.ExitCode}):\n{LogTail.Of(logFile)}");
        Directory.Move(data, template);
        Directory.Delete(scratch, recursive: true);
    }
}
