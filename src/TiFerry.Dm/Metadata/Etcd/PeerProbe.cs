using System.Net.Sockets;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>Finds out which members' peer ports can't be reached, so that a message can name them.</summary>
internal static class PeerProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="initialCluster"><c>name=url,name=url</c>; null for none.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IReadOnlyList<string>> UnreachableAsync(string? initialCluster, CancellationToken ct)
    {
        var members = (initialCluster ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var answers = await Task.WhenAll(members.Select(async member => (Member: member, Answers: await AnswersAsync(member[(member.IndexOf('=', StringComparison.Ordinal) + 1)..], ct))));
        return [.. answers.Where(answer => !answer.Answers).Select(answer => answer.Member)];
    }

    private static async Task<bool> AnswersAsync(string url, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var address = GrpcAddress.Parse(url);
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or FormatException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }
}
