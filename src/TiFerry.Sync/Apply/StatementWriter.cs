using TiFerry.Binlog.Values;
using TiFerry.MySql;
using TiFerry.Sync.Change;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Writes one worker's share of a window as SQL, packet by packet: for each table first the deletes, then the rows to replace, then
/// the new ones, many rows to a statement. That order frees unique values before they are taken again.
/// </summary>
internal sealed class StatementWriter(ValueWriter values, ChangeWindow window, int worker, int workers, bool safe, int packetBytes)
{
    private const int RowsPerStatement = 500;
    private static readonly RowOperation[] Order = [RowOperation.Delete, RowOperation.Replace, RowOperation.Insert];

    private int _table;
    private int _operation;
    private int _change;

    /// <summary>The table of the last row written, for messages.</summary>
    public TargetTable? LastTable { get; private set; }

    /// <summary>Appends statements until the packet is full or nothing is left.</summary>
    /// <param name="sql">The packet; may hold text already.</param>
    /// <returns>False when nothing is left.</returns>
    public bool WritePacket(SqlBuffer sql)
    {
        for (; _table < window.Tables.Count; _table++, _operation = 0)
        {
            var table = window.Tables[_table];
            if (!table.Table.HasRowKey || (!table.Table.CanSplit && worker != OwnerOf(table.Table)))
                continue;
            for (; _operation < Order.Length; _operation++, _change = 0)
            {
                if (!WriteRows(sql, table, Order[_operation]))
                    return true;
            }
        }
        return false;
    }

    /// <summary>Which worker writes a table that must not be split.</summary>
    private int OwnerOf(TargetTable table) => (int)((uint)table.Table.Name.GetHashCode() % (uint)workers);

    // False where the packet is full and rows may be left.
    private bool WriteRows(SqlBuffer sql, WindowTable table, RowOperation operation)
    {
        var changes = table.Changes;
        var keyed = window.Keyed;
        var rows = 0;
        for (; _change < changes.Count; _change++)
        {
            ref readonly var change = ref keyed[changes[_change]];
            if (change.Operation(safe) != operation || (table.Table.CanSplit && (uint)change.Hash % (uint)workers != worker))
                continue;
            if (sql.Length >= packetBytes || rows == RowsPerStatement)
            {
                End(sql, table.Table, operation, ref rows);
                if (sql.Length >= packetBytes)
                    return false;
            }
            var start = sql.Length;
            var enumErrors = values.EnumErrors;
            Begin(sql, table.Table, operation, rows);
            var image = new RowImageReader(table.Map, table.Columns, window.Image(change.ImageOffset, change.ImageLength));
            if (operation == RowOperation.Delete)
                ValueWriter.WriteKey(sql, table.Table, ref image);
            else
                values.WriteRow(sql, table.Table, ref image);
            LastTable = table.Table;
            if (values.EnumErrors == enumErrors)
            {
                rows++;
                continue;
            }
            // A row with an ENUM's error value travels alone: its warnings must not be taken for those of others.
            if (start > 0)
            {
                sql.Truncate(start);
                values.EnumErrors = enumErrors;
                End(sql, table.Table, operation, ref rows);
                return false;
            }
            _change++;
            rows = 1;
            End(sql, table.Table, operation, ref rows);
            return false;
        }
        End(sql, table.Table, operation, ref rows);
        return true;
    }

    private static void Begin(SqlBuffer sql, TargetTable table, RowOperation operation, int rows)
    {
        var isDelete = operation == RowOperation.Delete;
        if (rows > 0)
        {
            sql.Append(isDelete && table.KeyColumnCount > 1 ? " OR "u8 : ","u8);
            return;
        }
        sql.Append(operation switch
        {
            RowOperation.Delete => table.DeletePrefix,
            RowOperation.Replace => table.ReplacePrefix,
            _ => table.InsertPrefix,
        });
        if (isDelete && table.KeyColumnCount == 1)
        {
            sql.AppendIdentifier(table.Table.Columns[table.RowKey!.Columns[0]].Name);
            sql.Append(" IN ("u8);
        }
    }

    private static void End(SqlBuffer sql, TargetTable table, RowOperation operation, ref int rows)
    {
        if (rows == 0)
            return;
        sql.Append(operation == RowOperation.Delete && table.KeyColumnCount == 1 ? ");"u8 : ";"u8);
        rows = 0;
    }
}
