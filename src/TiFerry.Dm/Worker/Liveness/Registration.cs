using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Worker.Liveness;

/// <summary>Makes a worker known to the masters.</summary>
internal static class Registration
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    /// <summary>Registers, asking one master after the other, again and again.</summary>
    /// <param name="masters">The masters.</param>
    /// <param name="name">The worker's name.</param>
    /// <param name="address">Where it is reached.</param>
    /// <param name="patience">How long to try; infinite is allowed.</param>
    /// <param name="log">The log.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What decrypts the cluster's passwords.</returns>
    /// <exception cref="TiFerryException">No master took it in.</exception>
    public static async Task<PasswordCipher> RegisterAsync(GrpcChannel masters, string name, string address, TimeSpan patience, Log log, CancellationToken ct)
    {
        var giveUpAt = patience == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : DateTimeOffset.UtcNow + patience;
        var backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        while (true)
        {
            var why = "";
            foreach (var _ in masters.Addresses)
            {
                var master = masters.Current;
                try
                {
                    var response = await masters.CallAsync(
                        MasterMethods.RegisterWorker, new RegisterWorkerRequest { Name = name, Address = address }, new GrpcCallOptions { Timeout = CallLimit }, ct);
                    if (response.Result)
                        return response.SecretKey.IsEmpty ? PasswordCipher.None : new PasswordCipher(response.SecretKey.Span);
                    why = response.Msg;
                }
                catch (GrpcException error)
                {
                    why = error.Message;
                }
                log.Warn("a master did not take this worker in", ("master", master), ("error", why));
                masters.TurnFrom(master);
            }
            if (DateTimeOffset.UtcNow >= giveUpAt)
                throw WorkerErrors.CannotJoin(string.Join(", ", masters.Addresses), why);
            await backoff.WaitAsync(ct);
        }
    }
}
