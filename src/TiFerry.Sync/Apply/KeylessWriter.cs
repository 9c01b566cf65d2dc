using TiFerry.Binlog.Values;
using TiFerry.Sync.Change;

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
        long unmatched = 0;
        var pending = 0;
        WindowTable? last = null;
        for (var i = 0; i < window.Keyless.Count; i++)
        {
            last = window.Tables[window.Keyless[i].Table];
            var start = session.Sql.Length;
            Append(session, window, window.Keyless[i], last);
            session.Values.EndStatement(start, session.Sql.Length);
            pending++;
            if (session.Sql.Length < session.PacketBytes)
                continue;
            unmatched += pending - Math.Min(pending, await session.SendAsync(last.Table, ct));
            pending = 0;
        }
        if (last is not null && session.Sql.Length > 0)
            unmatched += pending - Math.Min(pending, await session.SendAsync(last.Table, ct));
        return unmatched;
    }

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
