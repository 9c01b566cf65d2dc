using Google.Protobuf.WellKnownTypes;

namespace TiFerry.Grpc.Tests;

public sealed class ProxyTests
{
    [Fact]
    public async Task All_forms_of_calls_pass_through()
    {
        await using var upstream = await Echo.StartAsync();
        using var way = upstream.Channel();
        await using var proxy = await StartProxyAsync(way);
        using var channel = proxy.Channel();

        Assert.Equal("you said hello", (await channel.CallAsync(Echo.Say, Echo.Text("hello"))).Value);
        var options = new GrpcCallOptions { Metadata = [KeyValuePair.Create("token", "abc.7")] };
        Assert.Equal("abc.7", (await channel.CallAsync(Echo.Say, Echo.Text("token"), options)).Value);
        var error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("fail")));
        Assert.Equal((GrpcStatus.Unknown, "100% wrong: größer als 3\n"), (error.Status, error.Detail));
        error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Unknown, Echo.Text("")));
        Assert.Equal(GrpcStatus.Unimplemented, error.Status);

        var big = new string('x', 3_000_000);
        Assert.Equal("you said " + big, (await channel.CallAsync(Echo.Say, Echo.Text(big))).Value);

        var counted = 0;
        await foreach (var _ in channel.ServerStreamAsync(Echo.Count, new Int32Value { Value = 500 }))
            counted++;
        Assert.Equal(500, counted);

        await using var chat = channel.Open(Echo.Chat);
        for (var i = 0; i < 5; i++)
        {
            await chat.WriteAsync(Echo.Text($"{i}"));
            Assert.Equal($"re: {i}", (await chat.ReadAsync())!.Value);
        }

        chat.CompleteWriting();
        Assert.Equal("bye", (await chat.ReadAsync())!.Value);
        Assert.Null(await chat.ReadAsync());
    }

    [Fact]
    public async Task A_clients_end_reaches_the_server_and_a_servers_end_the_client()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var upstream = new GrpcServer();
        upstream.MapDuplex(Echo.Chat, (requests, context) => Silent(requests, context, ended));
        await upstream.StartAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var way = upstream.Channel();
        await using var proxy = await StartProxyAsync(way);
        using var channel = proxy.Channel();

        var left = channel.Open(Echo.Chat);
        await left.WriteAsync(Echo.Text("hello"));
        Assert.Equal("here", (await left.ReadAsync())!.Value);
        await left.DisposeAsync();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await using var held = channel.Open(Echo.Chat);
        await held.WriteAsync(Echo.Text("hello"));
        Assert.Equal("here", (await held.ReadAsync())!.Value);
        await upstream.DisposeAsync();
        var error = await Assert.ThrowsAsync<GrpcException>(async () => await held.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(GrpcStatus.Unavailable, error.Status);

        error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("hello")));
        Assert.Equal(GrpcStatus.Unavailable, error.Status);
        Assert.False(error.NeverSent);
    }

    private static async IAsyncEnumerable<StringValue> Silent(IAsyncEnumerable<StringValue> requests, GrpcCallContext context, TaskCompletionSource ended)
    {
        context.Cancellation.Register(() => ended.TrySetResult());
        await foreach (var _ in requests)
            yield return Echo.Text("here");
    }

    private static async Task<GrpcServer> StartProxyAsync(GrpcChannel way)
    {
        var proxy = new GrpcServer();
        proxy.MapProxy("/test.", way);
        await proxy.StartAsync(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return proxy;
    }
}
