using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace TiFerry.Grpc.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task One_message_each_way()
    {
        await using var server = await Echo.StartAsync();
        using var channel = server.Channel();
        Assert.Equal("you said hello", (await channel.CallAsync(Echo.Say, Echo.Text("hello"))).Value);
        Assert.Equal("you said ", (await channel.CallAsync(Echo.Say, Echo.Text(""))).Value);
    }

    [Fact]
    public async Task A_big_message_crosses_and_a_too_big_one_is_refused_on_either_side()
    {
        await using var server = await Echo.StartAsync(new GrpcServerOptions { MaxMessageSize = 20_000_000 });
        using var channel = server.Channel();
        var big = new string('x', 15_000_000);
        Assert.Equal("you said " + big, (await channel.CallAsync(Echo.Say, Echo.Text(big))).Value);

        var error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text(new string('x', 21_000_000))));
        Assert.Equal(GrpcStatus.ResourceExhausted, error.Status);

        using var narrow = server.Channel(new GrpcChannelOptions { MaxMessageSize = 1000 });
        error = await Assert.ThrowsAsync<GrpcException>(() => narrow.CallAsync(Echo.Say, Echo.Text(new string('x', 2000))));
        Assert.Equal(GrpcStatus.ResourceExhausted, error.Status);
    }

    [Fact]
    public async Task What_a_handler_throws_is_the_status()
    {
        await using var server = await Echo.StartAsync();
        using var channel = server.Channel();
        var error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("fail")));
        Assert.Equal((GrpcStatus.Unknown, "100% wrong: größer als 3\n"), (error.Status, error.Detail));
        error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("missing")));
        Assert.Equal((GrpcStatus.NotFound, "no such thing"), (error.Status, error.Detail));
        error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Unknown, Echo.Text("")));
        Assert.Equal(GrpcStatus.Unimplemented, error.Status);
    }

    [Fact]
    public async Task Time_limit_cancellation_and_metadata()
    {
        await using var server = await Echo.StartAsync();
        using var channel = server.Channel();
        var error = await Assert.ThrowsAsync<GrpcException>(() =>
            channel.CallAsync(Echo.Say, Echo.Text("wait"), new GrpcCallOptions { Timeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(GrpcStatus.DeadlineExceeded, error.Status);

        using var cancelled = new CancellationTokenSource();
        var call = channel.CallAsync(Echo.Say, Echo.Text("wait"), null, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var options = new GrpcCallOptions { Metadata = [KeyValuePair.Create("token", "abc.7")] };
        Assert.Equal("abc.7", (await channel.CallAsync(Echo.Say, Echo.Text("token"), options)).Value);
    }

    [Fact]
    public async Task Streams()
    {
        await using var server = await Echo.StartAsync();
        using var channel = server.Channel();
        var counted = new List<string>();
        await foreach (var text in channel.ServerStreamAsync(Echo.Count, new Int32Value { Value = 2000 }))
            counted.Add(text.Value);
        Assert.Equal(Enumerable.Range(1, 2000).Select(i => i.ToString()), counted);

        var error = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await foreach (var _ in channel.ServerStreamAsync(Echo.Count, new Int32Value { Value = -1 }))
                Assert.Fail("nothing is counted");
        });
        Assert.Equal((GrpcStatus.OutOfRange, "can't count down"), (error.Status, error.Detail));

        await using var chat = channel.Open(Echo.Chat);
        for (var i = 0; i < 10; i++)
        {
            await chat.WriteAsync(Echo.Text($"{i}"));
            Assert.Equal($"re: {i}", (await chat.ReadAsync())!.Value);
        }

        chat.CompleteWriting();
        Assert.Equal("bye", (await chat.ReadAsync())!.Value);
        Assert.Null(await chat.ReadAsync());
    }

    [Fact]
    public async Task A_server_that_stops_ends_streams_and_a_call_goes_to_the_next_address()
    {
        var first = await Echo.StartAsync();
        await using var second = await Echo.StartAsync();
        using var channel = new GrpcChannel([$"127.0.0.1:{first.EndPoint.Port}", $"127.0.0.1:{second.EndPoint.Port}"]);
        await using var chat = channel.Open(Echo.Chat);
        await chat.WriteAsync(Echo.Text("hello"));
        await chat.ReadAsync();

        await first.StopAsync(TimeSpan.FromSeconds(10));
        await first.DisposeAsync();
        var error = await Assert.ThrowsAsync<GrpcException>(async () => await chat.ReadAsync());
        Assert.Equal(GrpcStatus.Unavailable, error.Status);
        Assert.Equal("you said again", await SayOnceConnectionIsGoneAsync(channel));
        Assert.Equal(second.EndPoint.Port, channel.Current.Port);
    }

    // A call on a connection that is just being closed may have reached the server, so it fails; the next one doesn't.
    private static async Task<string> SayOnceConnectionIsGoneAsync(GrpcChannel channel)
    {
        try
        {
            return (await channel.CallAsync(Echo.Say, Echo.Text("again"))).Value;
        }
        catch (GrpcException e) when (e.Status == GrpcStatus.Unavailable)
        {
            return (await channel.CallAsync(Echo.Say, Echo.Text("again"))).Value;
        }
    }

    [Fact]
    public async Task No_server_is_unavailable_with_the_address()
    {
        var server = await Echo.StartAsync();
        var port = server.EndPoint.Port;
        await server.DisposeAsync();
        using var channel = new GrpcChannel($"127.0.0.1:{port}");
        var error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("")));
        Assert.Equal(GrpcStatus.Unavailable, error.Status);
        Assert.Contains($"127.0.0.1:{port}", error.Detail);

        await using var chat = channel.Open(Echo.Chat);
        error = await Assert.ThrowsAsync<GrpcException>(() => chat.WriteAsync(Echo.Text("")));
        Assert.Equal(GrpcStatus.Unavailable, error.Status);
    }

    [Fact]
    public async Task Plain_http_on_the_same_port()
    {
        await using var server = await Echo.StartAsync(more: server =>
        {
            server.MapHttp("/status", http => http.Response.WriteAsync($"{http.Request.Protocol} {http.Request.Path}"));
            server.MapHttp("/broken", _ => throw new InvalidOperationException("it broke"));
        });
        using var channel = server.Channel();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.EndPoint.Port}") };
        Assert.Equal("HTTP/1.1 /status", await http.GetStringAsync("/status"));
        Assert.Equal("you said hello", (await channel.CallAsync(Echo.Say, Echo.Text("hello"))).Value);
        Assert.Equal("HTTP/1.1 /status/more", await http.GetStringAsync("/status/more"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/statuses")).StatusCode);
        var broken = await http.GetAsync("/broken");
        Assert.Equal((HttpStatusCode.InternalServerError, "it broke\n"), (broken.StatusCode, await broken.Content.ReadAsStringAsync()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/status") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal("HTTP/2 /status", await (await http.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        await using var server = await Echo.StartAsync();
        var error = await Assert.ThrowsAsync<Core.Errors.TiFerryException>(() => Echo.StartAsync(port: server.EndPoint.Port));
        Assert.Contains($"127.0.0.1:{server.EndPoint.Port}", error.Message);
    }
}
