using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Binlog.Values;

namespace TiFerry.Binlog.Tests.Stream;

/// <summary>Reads a stream and notes the inserted values of the first column of one table, in order.</summary>
internal sealed class FollowedRows(IEventStream stream, string table)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public List<long> Ids { get; } = [];

    public List<string> Statements { get; } = [];

    /// <summary>Reads until so many rows came, and the transaction of the last one is complete.</summary>
    public async Task ReadAsync(int rows)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (Ids.Count < rows || stream.IsInTransaction)
            await ReadOneAsync(deadline.Token);
    }

    /// <summary>Reads until so many rows came, if need be within a transaction.</summary>
    public async Task ReadPartAsync(int rows)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (Ids.Count < rows)
            await ReadOneAsync(deadline.Token);
    }

    private async Task ReadOneAsync(CancellationToken ct)
    {
        var e = await stream.ReadAsync(ct);
        if (e is QueryEvent query)
            Statements.Add(Encoding.UTF8.GetString(query.Sql));
        if (e is not RowsEvent { Kind: RowsKind.Write } rows || rows.TableMap.Table != table)
            return;
        foreach (var row in rows)
        {
            var reader = new RowImageReader(rows.TableMap, rows.AfterColumns, row.After);
            Assert.True(reader.Read());
            Ids.Add(reader.Value.AsInt64());
        }
    }
}
