using TiFerry.Binlog.Values;
using TiFerry.Sync.Change;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Writes changes one by one and in order: those of tables without a key, whose rows are named by all their values (one of several equal rows is as good as the other), and those
/// whose images don't hold all columns.
/// </summary>
internal static class OrderedWriter
{
    /// <summary>Sends the changes into the session's open transaction.</summary>
    /// <param name="session">The session.</param>
    /// <param name="window">The window whose changes to write.</param>
    /// <param name="ct">Stops the writing.</param>
    public static async ValueTask WriteAsync(ApplySession session, ChangeWindow window, CancellationToken ct)
    {
        foreach (var change in window.Ordered)
        {
            var start = session.Sql.Length;
            var enumErrors = session.Values.EnumErrors;
            Append(session, window, change);
            if ((session.Values.EnumErrors > enumErrors || session.Sql.Length >= session.CompanyBytes) && start > 0)
            {
                // A row with an ENUM's error value travels alone: its warnings must not be taken for those of others. So does a row that leaves others no room.
                session.Sql.Truncate(start);
                session.Values.EnumErrors = enumErrors;
                await session.SendAsync(ct);
                Append(session, window, change);
            }
            session.EndStatement(window.Sources[change.Source].Mapping, 1);
            if (session.Values.EnumErrors > 0 || session.Sql.Length >= session.PacketBytes)
                await session.SendAsync(ct);
        }
    }

    private static void Append(ApplySession session, ChangeWindow window, OrderedChange change)
    {
        var sql = session.Sql;
        var layout = window.Sources[change.Source];
        var mapping = layout.Mapping;
        if (change.BeforeOffset < 0)
        {
            AppendInsert(session, window, change);
            return;
        }
        if (change.AfterOffset < 0)
        {
            sql.Append("DELETE FROM "u8);
            sql.Append(mapping.QuotedName);
        }
        else
        {
            sql.Append("UPDATE "u8);
            sql.Append(mapping.QuotedName);
            sql.Append(" SET "u8);
            var after = new RowImageReader(layout.Map, layout.After, window.Image(change.AfterOffset, change.AfterLength));
            session.Values.WriteAssignments(sql, mapping, ref after);
        }
        sql.Append(" WHERE "u8);
        var before = new RowImageReader(layout.Map, layout.Before, window.Image(change.BeforeOffset, change.BeforeLength));
        if (mapping.HasRowKey)
            ValueWriter.WriteKeyCondition(sql, mapping, ref before);
        else
            ValueWriter.WriteWholeRowCondition(sql, mapping, ref before);
        sql.Append(" LIMIT 1;"u8);
    }

    // Columns that a minimal image leaves out had no value in the statement: they take their defaults here as there.
    private static void AppendInsert(ApplySession session, ChangeWindow window, OrderedChange change)
    {
        var sql = session.Sql;
        var layout = window.Sources[change.Source];
        var image = window.Image(change.AfterOffset, change.AfterLength);
        if (layout.After.IsFull)
        {
            sql.Append(layout.Mapping.InsertPrefix);
        }
        else
        {
            sql.Append("INSERT INTO "u8);
            sql.Append(layout.Mapping.QuotedName);
            sql.Append(" ("u8);
            ValueWriter.WriteColumnNames(sql, layout.Mapping, new RowImageReader(layout.Map, layout.After, image));
            sql.Append(") VALUES "u8);
        }
        var row = new RowImageReader(layout.Map, layout.After, image);
        session.Values.WriteRow(sql, layout.Mapping, ref row);
        sql.Append(";"u8);
    }
}
