using TiFerry.Dm.Metadata.Etcd.Pb;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>A transaction in the making: if all conditions hold the one list of steps is carried out, else the other, as a whole.</summary>
public sealed class EtcdTxn
{
    private readonly EtcdClient _client;
    private readonly TxnRequest _request = new();
    private bool _repeatable;

    internal EtcdTxn(EtcdClient client) => _client = client;

    /// <summary>Adds conditions.</summary>
    public EtcdTxn When(params IEnumerable<EtcdCompare> conditions)
    {
        _request.Compare.AddRange(conditions.Select(condition => condition.Compare));
        return this;
    }

    /// <summary>Adds steps for the case that all conditions hold.</summary>
    public EtcdTxn Then(params IEnumerable<EtcdOp> steps)
    {
        _request.Success.AddRange(steps.Select(step => step.Request));
        return this;
    }

    /// <summary>Adds steps for the case that one doesn't.</summary>
    public EtcdTxn Else(params IEnumerable<EtcdOp> steps)
    {
        _request.Failure.AddRange(steps.Select(step => step.Request));
        return this;
    }

    /// <summary>Says that carrying it out twice is as good as once, so that it may be sent again after an unclear failure.</summary>
    public EtcdTxn Repeatable()
    {
        _repeatable = true;
        return this;
    }

    /// <summary>Carries it out.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It failed; unless it is repeatable it may have been carried out all the same.</exception>
    public async Task<EtcdTxnResult> CommitAsync(CancellationToken ct = default)
    {
        var response = await _client.CallAsync(EtcdMethods.Txn, _request, _repeatable, $"transaction of {_request.Success.Count} steps", ct);
        return new EtcdTxnResult(response.Succeeded, response.Header.Revision, [.. response.Responses.Select(ReadOf)]);
    }

    // The header of a step has the transaction's revision only.
    private static EtcdRange? ReadOf(ResponseOp step) =>
        step.ResponseRange is { } read ? new EtcdRange(read.Header?.Revision ?? 0, [.. read.Kvs.Select(EtcdKeyValue.Of)]) : null;
}

/// <summary>What became of a transaction.</summary>
/// <param name="Succeeded">Whether the conditions held.</param>
/// <param name="Revision">The store's revision after it.</param>
/// <param name="Reads">For each step that was carried out, what it read; null where it was no read.</param>
public sealed record EtcdTxnResult(bool Succeeded, long Revision, IReadOnlyList<EtcdRange?> Reads);
