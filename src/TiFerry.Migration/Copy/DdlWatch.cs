using System.Threading.Channels;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Filters;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Ddl;

namespace TiFerry.Migration.Copy;

/// <summary>A schema change on the source during the copy.</summary>
/// <param name="Object">What it touched; a database has no table part.</param>
/// <param name="Position">Its end position.</param>
internal readonly record struct DdlNotice(TableName Object, BinlogPosition Position);

/// <summary>Reads the binlog while the copy runs, for its schema changes only: each makes the copy of what it touched begin again.</summary>
internal sealed class DdlWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<DdlNotice> _notices = Channel.CreateUnbounded<DdlNotice>();
    private readonly DdlScope _scope;
    private readonly Func<CancellationToken, ValueTask<IEventStream>> _open;
    private readonly Task _reading;
    private readonly Dictionary<TableName, BinlogPosition> _lastChanges = [];
    private readonly Lock _lock = new();
    private BinlogPosition _position;

    /// <summary>Starts reading.</summary>
    /// <param name="open">Opens the binlog where the task began.</param>
    /// <param name="filter">Which tables are carried.</param>
    /// <param name="source">The source.</param>
    public DdlWatch(Func<CancellationToken, ValueTask<IEventStream>> open, ITableSelector filter, ServerInfo source)
    {
        _open = open;
        _scope = new DdlScope(filter, SqlDialect.Of(source));
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The changes, in order.</summary>
    public ChannelReader<DdlNotice> Notices => _notices.Reader;

    /// <summary>Ends only when the reading fails.</summary>
    public Task Reading => _reading;

    /// <summary>Waits until all changes before a position have been told.</summary>
    /// <param name="position">The position.</param>
    /// <param name="ct">Stops the wait.</param>
    public async ValueTask WaitUntilAsync(BinlogPosition position, CancellationToken ct)
    {
        while (Reached().CompareTo(position) < 0)
        {
            if (_reading.IsCompleted)
                await _reading;
            await Task.Delay(TimeSpan.FromMilliseconds(20), ct);
        }
    }

    /// <summary>Whether what has been read tells of a change to a table, or to its database, after a position.</summary>
    public bool IsChangedAfter(TableName table, BinlogPosition position)
    {
        lock (_lock)
            return IsAfter(table) || IsAfter(new TableName(table.Schema, ""));

        bool IsAfter(TableName name) => _lastChanges.TryGetValue(name, out var last) && last.CompareTo(position) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private BinlogPosition Reached()
    {
        lock (_lock)
            return _position;
    }

    private async Task ReadAsync()
    {
        await using var stream = await _open(_stop.Token);
        while (true)
        {
            var evt = await stream.ReadAsync(_stop.Token);
            if (stream.Position is not { } position)
                continue;
            if (evt is QueryEvent { IsBegin: false, IsCommit: false } query)
                Tell(query, position);
            lock (_lock)
                _position = position;
        }
    }

    private void Tell(QueryEvent query, BinlogPosition position)
    {
        var statement = _scope.Recognize(query, out _);
        if (!statement.Kind.IsSchemaChange || statement.IsTemporary)
            return;
        foreach (var name in _scope.ObjectsInScope(statement, query))
        {
            lock (_lock)
                _lastChanges[name] = position;
            _notices.Writer.TryWrite(new DdlNotice(name, position));
        }
    }
}
