using System.Diagnostics;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>An authority and certificates of it in a folder, made by openssl as an administrator makes them.</summary>
internal sealed class TlsFiles
{
    private readonly string _folder;
    private int _serial;

    private TlsFiles(string folder) => _folder = folder;

    public string Authority => At("ca.pem");

    public static async Task<TlsFiles> CreateAsync(string folder)
    {
        Skip.IfNot(File.Exists("/usr/bin/openssl"), "openssl is not installed");
        Directory.CreateDirectory(folder);
        var files = new TlsFiles(folder);
        await files.RunAsync("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", files.At("ca-key.pem"), "-out", files.Authority, "-days", "2", "-subj", "/CN=tests of TiFerry");
        return files;
    }

    /// <summary>Issues a certificate, over the one that has the file's name.</summary>
    /// <param name="name">The files' name.</param>
    /// <param name="commonName">Whom it is for.</param>
    public async Task IssueAsync(string name, string commonName)
    {
        var request = At($"{name}.csr");
        await RunAsync("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", At($"{name}-new-key.pem"), "-out", request, "-subj", $"/CN={commonName}");
        await File.WriteAllTextAsync(At("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n");
        await RunAsync("x509", "-req", "-in", request, "-CA", Authority, "-CAkey", At("ca-key.pem"), "-set_serial", $"{++_serial + 1000}", "-days", "2", "-extfile", At("names"), "-out", At($"{name}-new.pem"));
        File.Move(At($"{name}-new-key.pem"), Key(name), overwrite: true);
        File.Move(At($"{name}-new.pem"), Certificate(name), overwrite: true);
    }

    public string Certificate(string name) => At($"{name}.pem");

    public string Key(string name) => At($"{name}-key.pem");

    /// <summary>The arguments of a program that shows a certificate.</summary>
    public IReadOnlyList<string> Arguments(string name) => ["--ssl-ca", Authority, "--ssl-cert", Certificate(name), "--ssl-key", Key(name)];

    private string At(string file) => Path.Combine(_folder, file);

    private async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/openssl", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, error);
    }
}
