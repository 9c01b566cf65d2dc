using System.Net;
using System.Net.Sockets;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Services;
using TiFerry.Dm.Worker.Sources;
using TiFerry.MySql;

namespace TiFerry.Dm.Tests.Worker.Services;

public sealed class WorkerServiceTests
{
    private const string Source = "mysql-01";

    [Fact]
    public async Task AStatusThatIsAskedForWhileTheSourceIsTakenAwaySaysSo()
    {
        // A server that never says a word.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var connection = new MySqlConnectionOptions { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, User = "root" };
        await using var hosted = new HostedSource((_, _) => Setup(connection), Log.None);
        var service = new WorkerService("w1", static () => "", hosted, null!, Log.None);
        await hosted.ApplyAsync(new WorkerOrders(1, new SourceOrder(Source, "", 1, EnableRelay: false, 1, []), null));
        var worker = hosted.Worker!;

        var asking = service.QueryStatusAsync(new QueryStatusRequest(), CancellationToken.None);
        using var asked = await silent.AcceptTcpClientAsync();
        await hosted.ApplyAsync(new WorkerOrders(2, null, null));
        AssertUnbound(await asking);
        AssertUnbound(await service.QueryStatusAsync(new QueryStatusRequest(), CancellationToken.None));
        Assert.Equal((null, null), await worker.Probe.AskAsync(CancellationToken.None));
    }

    private static void AssertUnbound(QueryStatusResponse status)
    {
        Assert.False(status.Result);
        Assert.Contains("bound to no source", status.Msg, StringComparison.Ordinal);
    }

    private static SourceSetup Setup(MySqlConnectionOptions connection) => new()
    {
        Source = Source,
        Connection = connection,
        AutoResume = null,
        CreateWork = static _ => throw new InvalidOperationException("there is no subtask"),
        CreateRelay = static _ => throw new InvalidOperationException("there is no relay log"),
    };
}
