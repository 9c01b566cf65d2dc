using TiFerry.Binlog.Stream;
using TiFerry.Core.Logging;
using TiFerry.MySql;

namespace TiFerry.Sync.Source;

/// <summary>Opens streams of the source's events: from the source, or from where the options say.</summary>
/// <param name="options">What to do.</param>
/// <param name="source">The source.</param>
/// <param name="log">The log.</param>
internal sealed class EventStreams(SyncOptions options, ServerInfo source, Log log)
{
    /// <summary>The source's flavour.</summary>
    public ServerFlavour Flavour => source.Flavour;

    /// <summary>The stream that is followed.</summary>
    public ValueTask<IEventStream> OpenAsync(BinlogStart start, CancellationToken ct) => OpenAsync(start, options.ServerId, ct);

    /// <summary>A stream beside it; a source ends a stream when another replica of the same id connects.</summary>
    public ValueTask<IEventStream> OpenSecondAsync(BinlogStart start, CancellationToken ct) => OpenAsync(start, options.ServerId + 1, ct);

    private async ValueTask<IEventStream> OpenAsync(BinlogStart start, uint serverId, CancellationToken ct) =>
        options.Events is { } relay
            ? await relay.OpenAsync(start, ct)
            : await BinlogStream.OpenAsync(new BinlogStreamOptions { Connection = options.Source, Log = log, ServerId = serverId, Start = start, ReconnectLimit = options.ReconnectLimit }, ct);
}
