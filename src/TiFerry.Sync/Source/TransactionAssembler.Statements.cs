using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Sync.Ddl;

namespace TiFerry.Sync.Source;

internal sealed partial class TransactionAssembler
{
    private async ValueTask<bool> HandleQueryAsync(QueryEvent query, CancellationToken stop)
    {
        if (query.IsBegin)
            return true;
        if (query.IsCommit)
        {
            await EndTransactionAsync(query);
            return true;
        }
        if (query.IsRollback)
        {
            if (_hasRows)
            {
                throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                    $"the transaction that ends at {_position} changed rows of a table without transactions and was rolled back",
                    "compare the tables it touched (mariadb-binlog or mysqlbinlog shows them), repair them, and go on behind it with --start-position");
            }
            await EndTransactionAsync(query);
            return true;
        }
        if (XaStatement.TryRead(query.Sql, out var xa))
            return await HandleXaAsync(query, xa, stop);
        await HandleStatementAsync(query, stop);
        return true;
    }

    private async ValueTask HandleStatementAsync(QueryEvent query, CancellationToken stop)
    {
        var plan = await NamingStatementAsync(PlanAsync(query, stop));
        if (plan is null)
        {
            if (!_inTransaction)
                await EndTransactionAsync(query);
            return;
        }
        if (_hasRows)
        {
            throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"the statement at {_eventStart} is in the middle of a transaction that changed rows; no schema change can be made there", "revert the operation, and inject in front of another statement");
        }
        await HandOverAsync(endsTransaction: true);
        await _applying;
        // Until the next checkpoint the target is ahead, and only the note beside the checkpoint says so.
        _isAhead = true;
        _checkpoint = _checkpoint with { Ddl = await NamingStatementAsync(_ddl.RunAsync(plan, _checkpoint, stop)) };
        _tables.Forget();
        _hasToRemember = true;
        // CREATE TABLE ... SELECT: the rows follow in the same transaction, and until it ends a restart meets the statement again.
        if (_inTransaction)
            return;
        await EndTransactionAsync(query);
        await _applying;
    }

    private async ValueTask<DdlPlan?> PlanAsync(QueryEvent query, CancellationToken stop)
    {
        try
        {
            return await _planner.PlanAsync(query, _eventStart, _position, IsCopied, stop);
        }
        // The way past it begins behind the statement, so all that stands before it has to be there.
        catch (TiFerryException) when (!_inTransaction && !_hasRows)
        {
            await HandOverAsync(endsTransaction: true);
            await _applying;
            throw;
        }
    }

    // Says which statement an operation could be about.
    private async ValueTask<T> NamingStatementAsync<T>(ValueTask<T> work)
    {
        try
        {
            return await work;
        }
        catch (TiFerryException error) when (error.Code != SyncErrors.TaskTaken)
        {
            _options.Operations.StopAt(_eventStart);
            throw new TiFerryException(error.Code, error.Scope, error.Summary,
                $"{error.Workaround ?? "look at the statement"}; or skip or replace the statement, which begins at {_eventStart} (binlog skip, binlog replace)", error.InnerException);
        }
    }

    private async ValueTask<bool> HandleXaAsync(QueryEvent query, XaStatement xa, CancellationToken stop)
    {
        switch (xa.Kind)
        {
            case XaKind.Start:
                _prepared.Open(xa.Id, _committed);
                return true;
            case XaKind.Commit:
                if (!await ReplayAsync(_prepared.Take(xa.Id, _position), xa.Id, stop))
                    return false;
                break;
            case XaKind.Rollback:
                _prepared.Forget(xa.Id);
                break;
            default:
                return true;
        }
        _checkpoint = _checkpoint with { Prepared = _prepared.Positions };
        await EndTransactionAsync(query);
        return true;
    }

    private async ValueTask<bool> EndXaAsync(XaPrepareEvent xa, CancellationToken stop)
    {
        var id = _prepared.Close();
        if (xa.IsOnePhase && !await ReplayAsync(_prepared.Take(id, _position), id, stop))
            return false;
        _checkpoint = _checkpoint with { Prepared = _prepared.Positions };
        await EndTransactionAsync(xa);
        return true;
    }

    // Reads the rows of a prepared transaction again, for they stand far in front of its commit. Memory does not depend on how many wait.
    private async ValueTask<bool> ReplayAsync(BinlogPosition begin, string id, CancellationToken stop)
    {
        await using var stream = await _streams.OpenSecondAsync(BinlogStart.At(begin), stop);
        var isInside = false;
        while (true)
        {
            var evt = await stream.ReadAsync(stop);
            switch (evt)
            {
                case QueryEvent query when XaStatement.TryRead(query.Sql, out var xa) && xa.Kind == XaKind.Start && xa.Id == id:
                    isInside = true;
                    break;
                case MariaDbGtidEvent { PreparesXa: true } gtid when gtid.XaId == id:
                    isInside = true;
                    break;
                case RowsEvent rows when isInside && !await AddRowsAsync(rows, stop):
                    return false;
                case XaPrepareEvent when isInside:
                    return true;
            }
        }
    }
}
