using TiFerry.Binlog.Values;
using TiFerry.Sync.Change;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Writes one worker's share of a window as SQL, packet by packet: for each table first the deletes, then the rows to change, then
/// the new ones, many rows to a statement. That order frees unique values before they are taken again.
/// </summary>
/// <param name="session">The session whose packet is filled.</param>
/// <param name="window">The changes.</param>
/// <param name="share">Which share of them, from 0.</param>
/// <param name="shares">How many shares there are.</param>
/// <param name="safe">Whether nothing may be assumed of what the target holds.</param>
/// <param name="rowsPerStatement">How many rows a statement may have.</param>
internal sealed class StatementWriter(ApplySession session, ChangeWindow window, int share, int shares, bool safe, int rowsPerStatement)
{
    private static readonly RowOperation[] Order = [RowOperation.Delete, RowOperation.Update, RowOperation.Replace, RowOperation.Insert];

    private int _table;
    private int _operation;
    private int _source;
    private int _change;

    /// <summary>Rows written so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Appends statements until the packet is full or nothing is left.</summary>
    /// <param name="maxRows">Until how many rows, counted from the first packet, have been written.</param>
    /// <returns>False when nothing is left.</returns>
    public bool WritePacket(int maxRows)
    {
        for (; _table < window.Tables.Count; _table++, _operation = 0)
        {
            var table = window.Tables[_table];
            for (; _operation < Order.Length; _operation++, _source = 0)
            {
                for (; _source < table.Sources.Count; _source++, _change = 0)
                {
                    if (!WriteRows(table, table.Sources[_source], Order[_operation], maxRows))
                        return true;
                }
            }
        }
        return false;
    }

    // False where the packet is full and rows may be left.
    private bool WriteRows(WindowTable table, int source, RowOperation operation, int maxRows)
    {
        var changes = table.Changes;
        var keyed = window.Keyed;
        var layout = window.Sources[source];
        var mapping = layout.Mapping;
        var sql = session.Sql;
        var values = session.Values;
        var limit = operation == RowOperation.Update ? 1 : rowsPerStatement;
        var rows = 0;
        for (; _change < changes.Count; _change++)
        {
            ref readonly var change = ref keyed[changes[_change]];
            if (change.Source != source || change.Operation(safe, mapping.LeavesColumns) != operation || !IsMine(table, _change))
                continue;
            if (sql.Length >= session.PacketBytes || rows == limit || Rows >= maxRows)
            {
                End(mapping, operation, ref rows);
                if (sql.Length >= session.PacketBytes || Rows >= maxRows)
                    return false;
            }
            var start = sql.Length;
            var enumErrors = values.EnumErrors;
            Begin(mapping, operation, rows);
            var image = new RowImageReader(layout.Map, layout.After, window.Image(change.ImageOffset, change.ImageLength));
            WriteRow(mapping, operation, layout, in change, ref image);
            if (values.EnumErrors == enumErrors && sql.Length < session.CompanyBytes)
            {
                rows++;
                Rows++;
                continue;
            }
            // A row with an ENUM's error value travels alone: its warnings must not be taken for those of others. So does a row that leaves others no room.
            if (start > 0)
            {
                sql.Truncate(start);
                values.EnumErrors = enumErrors;
                End(mapping, operation, ref rows);
                return false;
            }
            _change++;
            rows = 1;
            Rows++;
            End(mapping, operation, ref rows);
            return false;
        }
        End(mapping, operation, ref rows);
        return true;
    }

    private bool IsMine(WindowTable table, int change) => shares == 1 || (uint)table.Groups![change] % (uint)shares == share;

    private void WriteRow(TableMapping mapping, RowOperation operation, WindowSource layout, in KeyedChange change, ref RowImageReader image)
    {
        switch (operation)
        {
            case RowOperation.Delete:
                ValueWriter.WriteKey(session.Sql, mapping, ref image);
                break;
            case RowOperation.Update:
                session.Values.WriteAssignments(session.Sql, mapping, ref image);
                session.Sql.Append(" WHERE "u8);
                var key = new RowImageReader(layout.Map, layout.After, window.Image(change.ImageOffset, change.ImageLength));
                ValueWriter.WriteKeyCondition(session.Sql, mapping, ref key);
                break;
            default:
                session.Values.WriteRow(session.Sql, mapping, ref image);
                break;
        }
    }

    private void Begin(TableMapping mapping, RowOperation operation, int rows)
    {
        var sql = session.Sql;
        var isDelete = operation == RowOperation.Delete;
        if (rows > 0)
        {
            sql.Append(isDelete && !mapping.HasSingleKey ? " OR "u8 : ","u8);
            return;
        }
        sql.Append(operation switch
        {
            RowOperation.Delete => mapping.DeletePrefix,
            RowOperation.Update => mapping.UpdatePrefix,
            RowOperation.Replace when !IsUpsert(mapping) => mapping.ReplacePrefix,
            _ => mapping.InsertPrefix,
        });
        if (isDelete && mapping.HasSingleKey)
        {
            sql.AppendIdentifier(mapping.Target.Table.Columns[mapping.RowKey!.Columns[0]].Name);
            sql.Append(" IN ("u8);
        }
    }

    private void End(TableMapping mapping, RowOperation operation, ref int rows)
    {
        if (rows == 0)
            return;
        if (operation == RowOperation.Delete && mapping.HasSingleKey)
            session.Sql.Append(")"u8);
        else if (operation == RowOperation.Replace && IsUpsert(mapping))
            session.Sql.Append(mapping.UpsertSuffix);
        session.Sql.Append(";"u8);
        // A replaced row counts twice: once gone, once new.
        session.EndStatement(mapping, safe ? null : operation == RowOperation.Replace ? rows * 2 : rows);
        rows = 0;
    }

    // With a second unique key it would change whatever row has that key's value.
    private static bool IsUpsert(TableMapping mapping) => mapping.LeavesColumns && mapping.Target.Table.UniqueKeys.Count == 1;
}
