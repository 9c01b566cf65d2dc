using System.Diagnostics;
using TiFerry.Dump.Layout;
using TiFerry.TestServers;

namespace TiFerry.Import.Tests;

/// <summary>The distribution's client program, fed with a dump's files as somebody would by hand.</summary>
internal static class PlainClient
{
    public static async Task LoadAsync(string folder, TestServer target)
    {
        var files = Directory.GetFiles(folder).Select(path => (Path: path, Name: Parse(path))).Where(f => f.Name is not null).ToList();
        foreach (var kind in new[] { DumpFileKind.Database, DumpFileKind.Table, DumpFileKind.Data, DumpFileKind.View })
        {
            foreach (var file in files.Where(f => f.Name!.Value.Kind == kind))
                await RunAsync(file.Path, kind == DumpFileKind.Database ? "mysql" : file.Name!.Value.Object.Schema, target);
        }
    }

    /// <summary>Runs a program of the distribution to its end.</summary>
    public static async Task RunProgramAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            if (input is not null)
            {
                await using var file = File.OpenRead(input);
                await file.CopyToAsync(process.StandardInput.BaseStream);
            }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read all; its exit code tells why.
        }
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {input}: {await errors} {await output}");
    }

    private static Task RunAsync(string file, string database, TestServer target) =>
        RunProgramAsync("mariadb", ["--no-defaults", "-h127.0.0.1", $"-P{target.Port}", "-uroot", "--max-allowed-packet=128M", "--binary-mode", "-D", database], file);

    private static DumpFileName? Parse(string path) => DumpFileName.TryParse(Path.GetFileName(path), out var name) ? name : null;
}
