using System.Diagnostics.CodeAnalysis;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Dump.Consistency;

/// <summary>The sessions that read. Once their snapshots have begun they all see the same rows.</summary>
internal sealed class DumpSessions : IAsyncDisposable
{
    private readonly List<MySqlConnection> _sessions = [];

    private DumpSessions()
    {
    }

    /// <summary>Any of them.</summary>
    public MySqlConnection First => _sessions[0];

    /// <summary>Opens as many as there are threads.</summary>
    public static async ValueTask<DumpSessions> OpenAsync(DumpOptions options, CancellationToken ct)
    {
        var result = new DumpSessions();
        try
        {
            for (var i = 0; i < options.Threads; i++)
            {
                var session = await Session.OpenForReadingAsync(options.Source, ct);
                result._sessions.Add(session);
                // A user's condition compares texts by their collations, not as bytes; results stay bytes.
                if (options.Where.Length > 0)
                    await session.ExecuteAsync("SET character_set_client = utf8mb4, collation_connection = utf8mb4_general_ci", ct);
            }
            return result;
        }
        catch
        {
            await result.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins the snapshots.</summary>
    public Task BeginSnapshotsAsync(CancellationToken ct) =>
        Task.WhenAll(_sessions.Select(s => s.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT", ct).AsTask()));

    /// <summary>Does pieces of work, in their order, as many at a time as there are sessions. The first failure ends all and is thrown.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends one session's work ends the others' and is thrown then.")]
    public async Task RunAsync<T>(IEnumerable<T> work, Func<MySqlConnection, T, CancellationToken, ValueTask> action, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var queue = new Queue<T>(work);
        Exception? failure = null;
        await Task.WhenAll(_sessions.Select(Drain));
        ct.ThrowIfCancellationRequested();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);

        async Task Drain(MySqlConnection session)
        {
            await Task.Yield();
            try
            {
                while (TryTake(out var next))
                    await action(session, next, stop.Token);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, error, null);
                await stop.CancelAsync();
            }
        }

        bool TryTake([MaybeNullWhen(false)] out T next)
        {
            lock (queue)
            {
                next = default;
                return !stop.IsCancellationRequested && queue.TryDequeue(out next);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
            await session.DisposeAsync();
    }
}
