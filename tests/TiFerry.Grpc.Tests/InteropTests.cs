using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;

namespace TiFerry.Grpc.Tests;

/// <summary>Against Python's gRPC (the C core), Debian's package python3-grpcio.</summary>
public sealed class InteropTests
{
    private const string Python = "/usr/bin/python3";

    [SkippableFact]
    public async Task Another_client_calls_our_server()
    {
        await SkipWithoutPythonAsync();
        await using var server = await Echo.StartAsync();
        Assert.Equal(
            """
            you said hello
            2000009
            abc.7
            UNKNOWN '100% wrong: größer als 3\n'
            DEADLINE_EXCEEDED 
            UNIMPLEMENTED
            1,2,3,4,5
            re: a,re: b,bye

            """,
            await RunAsync("interop.py", "client", $"127.0.0.1:{server.EndPoint.Port}"));
    }

    [SkippableFact]
    public async Task Our_client_calls_another_server_directly_and_through_a_proxy()
    {
        await SkipWithoutPythonAsync();
        using var other = Start("interop.py", "server");
        var port = await other.StandardOutput.ReadLineAsync();
        using var direct = new GrpcChannel($"127.0.0.1:{port}");
        await using var proxy = new GrpcServer();
        proxy.MapProxy("/test.Echo/", direct);
        await proxy.StartAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var proxied = proxy.Channel();
        foreach (var channel in new[] { direct, proxied })
            await CallAsync(channel);
        other.StandardInput.Close();
        await other.WaitForExitAsync();
    }

    private static async Task CallAsync(GrpcChannel channel)
    {
        Assert.Equal("you said hello", (await channel.CallAsync(Echo.Say, Echo.Text("hello"))).Value);
        var options = new GrpcCallOptions { Metadata = [KeyValuePair.Create("token", "abc.7")] };
        Assert.Equal("abc.7", (await channel.CallAsync(Echo.Say, Echo.Text("token"), options)).Value);
        var error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("fail")));
        Assert.Equal((GrpcStatus.NotFound, "50% nicht gefunden: ü\n"), (error.Status, error.Detail));
        error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("wait"), new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(GrpcStatus.DeadlineExceeded, error.Status);
        error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Unknown, Echo.Text("")));
        Assert.Equal(GrpcStatus.Unimplemented, error.Status);

        var counted = new List<string>();
        await foreach (var number in channel.ServerStreamAsync(Echo.Count, new Int32Value { Value = 100 }))
            counted.Add(number.Value);
        Assert.Equal(100, counted.Count);

        await using var chat = channel.Open(Echo.Chat);
        await chat.WriteAsync(Echo.Text("a"));
        Assert.Equal("re: a", (await chat.ReadAsync())!.Value);
        chat.CompleteWriting();
        Assert.Equal("bye", (await chat.ReadAsync())!.Value);
        Assert.Null(await chat.ReadAsync());
    }

    private static async Task SkipWithoutPythonAsync()
    {
        Skip.IfNot(File.Exists(Python), "python3 is not installed");
        using var probe = Start("-c", "import grpc, google.protobuf");
        await probe.WaitForExitAsync();
        Skip.IfNot(probe.ExitCode == 0, "python3-grpcio is not installed");
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await errors);
        return await output;
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        return Process.Start(start)!;
    }
}
