using TiFerry.Binlog.Values;
using TiFerry.Sync.Change;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Writes changes of tables without a key one by one and in order: a row is named by all its values, and one of several equal
/// rows is as good as the other.
/// </summary>
internal static class KeylessWriter
{
    /// <summary>Sends the changes into the session's open transaction.</summary>
    /// <param name="session">The session.</param>
    /// <param name="window">The window whose changes to write.</param>
    /// <param name="ct">Stops the writing.</param>
    /// <returns>How many updates and deletes found no row.</returns>
    public static async ValueTask<long> WriteAsync(ApplySession session, ChangeWindow window, CancellationToken ct)
    {
        if (window.Keyless.Count == 0)
            return 0;
        // What is still in the packet does not count here.
        await session.SendAsync(null, ct);
        long unmatched = 0;
        var pending = 0;
        TargetTable? last = null;
        foreach (var change in window.Keyless)
        {
            var table = window.Tables[change.Table];
            var start = session.Sql.Length;
            Append(session, window, change, table);
            if (session.Values.EnumErrors > 0 && start > 0)
            {
                // A row with an ENUM's error value travels alone: its warnings must not be taken for those of others.
                session.Sql.Truncate(start);
                session.Values.EnumErrors = 0;
                unmatched += await SendAsync(session, last, pending, ct);
                pending = 0;
                Append(session, window, change, table);
            }
            last = table.Table;
            pending++;
            if (session.Values.EnumErrors == 0 && session.Sql.Length < session.PacketBytes)
                continue;
            unmatched += await SendAsync(session, last, pending, ct);
            pending = 0;
        }
        return unmatched + await SendAsync(session, last, pending, ct);
    }

    // Every statement changes one row; the answer is how many did not.
    private static async ValueTask<long> SendAsync(ApplySession session, TargetTable? table, int statements, CancellationToken ct) =>
        statements - Math.Min(statements, await session.SendAsync(table, ct));

    private static void Append(ApplySession session, ChangeWindow window, KeylessChange change, WindowTable table)
    {
        var sql = session.Sql;
        if (change.BeforeOffset < 0)
        {
            sql.Append(table.Table.InsertPrefix);
            var row = new RowImageReader(table.Map, table.Columns, window.Image(change.AfterOffset, change.AfterLength));
            session.Values.WriteRow(sql, table.Table, ref row);
            sql.Append(";"u8);
            return;
        }
        if (change.AfterOffset < 0)
        {
            sql.Append("DELETE FROM "u8);
            sql.Append(table.Table.QuotedName);
        }
        else
        {
            sql.Append("UPDATE "u8);
            sql.Append(table.Table.QuotedName);
            sql.Append(" SET "u8);
            var after = new RowImageReader(table.Map, table.Columns, window.Image(change.AfterOffset, change.AfterLength));
            session.Values.WriteAssignments(sql, table.Table, ref after);
        }
        sql.Append(" WHERE "u8);
        var before = new RowImageReader(table.Map, table.Columns, window.Image(change.BeforeOffset, change.BeforeLength));
        ValueWriter.WriteWholeRowCondition(sql, table.Table, ref before);
        sql.Append(" LIMIT 1;"u8);
    }
}
