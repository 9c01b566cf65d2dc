using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>The source that this worker has, if any. Orders come one after the other; what they lead to is read by any thread.</summary>
/// <param name="createSetup">How to deal with a source, from its name and its file's text; throws what is wrong with it.</param>
/// <param name="log">The log.</param>
internal sealed class HostedSource(Func<string, string, SourceSetup> createSetup, Log log) : IAsyncDisposable
{
    private SourceWorker? _worker;
    private string _config = "";
    private volatile ProcessError? _error;
    private volatile string _source = "";

    /// <summary>What is done for the source; null where the worker has none, or its file can't be used.</summary>
    public SourceWorker? Worker => Volatile.Read(ref _worker);

    /// <summary>The source's name; empty where the worker has none.</summary>
    public string Source => _source;

    /// <summary>Why nothing can be done for the source; null where all is well.</summary>
    public ProcessError? Error => _error;

    /// <summary>How often orders about bindings and about relay logs could not be carried out.</summary>
    public (long Binding, long Relay) RefusedOrders { get; private set; }

    /// <summary>Takes new orders.</summary>
    public async Task ApplyAsync(WorkerOrders orders)
    {
        var (source, config) = orders switch
        {
            { Source: { } bound } => (bound.Source, bound.Config),
            { Relay: { } relay } => (relay.Source, relay.Config),
            _ => ("", ""),
        };
        if (_worker is { } old && (old.Source != source || _config != config))
        {
            await old.DisposeAsync();
            _worker = null;
        }
        _source = source;
        if (source.Length == 0)
        {
            _error = null;
            return;
        }
        if (_worker is null && (_error is null || _config != config))
            TakeUp(source, config);
        if (_worker is { } worker)
            await ApplyAsync(worker, orders);
    }

    /// <summary>Stops everything at once, without noting where to go on.</summary>
    public async Task KillAsync()
    {
        if (_worker is not { } worker)
            return;
        await worker.KillAsync();
        Forget(worker);
    }

    /// <summary>Stops everything; where to go on is noted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_worker is not { } worker)
            return;
        await worker.DisposeAsync();
        Forget(worker);
    }

    private async Task ApplyAsync(SourceWorker worker, WorkerOrders orders)
    {
        var relay = orders.Relay is { } order && order.Source == worker.Source ? order : null;
        try
        {
            await worker.ApplyAsync(orders.Source, relay);
        }
        catch (TiFerryException error)
        {
            RefusedOrders = RefusedOrders with { Relay = RefusedOrders.Relay + 1 };
            log.Error("an order for the relay log can't be carried out", ("source", worker.Source), ("stage", relay?.Stage), ("error", error));
        }
    }

    private void TakeUp(string source, string config)
    {
        _config = config;
        try
        {
            _worker = new SourceWorker(createSetup(source, config), log);
            _error = null;
            log.Info("took up a source", ("source", source));
        }
        catch (TiFerryException error)
        {
            RefusedOrders = RefusedOrders with { Binding = RefusedOrders.Binding + 1 };
            _error = ProcessErrors.Of(error);
            log.Error("the configuration of the source can't be used", ("source", source), ("error", error));
        }
    }

    // It may be asked for several times at once, and late: what was taken up meanwhile stays.
    private void Forget(SourceWorker worker)
    {
        if (Interlocked.CompareExchange(ref _worker, null, worker) != worker)
            return;
        _error = null;
        _source = "";
        _config = "";
    }
}
