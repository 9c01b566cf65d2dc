using System.Text;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Rows;

/// <summary>A table to dump: how it is read, and the fixed parts of its files.</summary>
internal sealed class DumpedTable
{
    private int _rangesLeft = 1;

    /// <summary>Prepares the texts.</summary>
    /// <param name="table">The table.</param>
    /// <param name="definition">What SHOW CREATE TABLE says.</param>
    public DumpedTable(Table table, string definition)
    {
        Table = table;
        Definition = definition;
        Columns = [.. table.WrittenColumns.Select(c => new DumpedColumn(c))];
        var cells = Columns.Select(c => c.Expression).ToList();
        IndexCells = new int[Columns.Length];
        for (var i = 0; i < Columns.Length; i++)
        {
            if (!Columns[i].HasErrorValue)
                continue;
            IndexCells[i] = cells.Count;
            cells.Add($"{Columns[i].Expression}+0");
        }
        Select = $"SELECT {string.Join(", ", cells.DefaultIfEmpty("NULL"))} FROM {table.Name}";
        var names = string.Join(",", Columns.Select(c => TableName.Quote(c.Name)));
        InsertPrefix = Encoding.UTF8.GetBytes($"INSERT INTO {TableName.Quote(table.Name.Name)} ({names}) VALUES\n");
    }

    /// <summary>The table.</summary>
    public Table Table { get; }

    /// <summary>What SHOW CREATE TABLE says.</summary>
    public string Definition { get; }

    /// <summary>The columns to write: all but the generated ones.</summary>
    public DumpedColumn[] Columns { get; }

    /// <summary>Where the index of an ENUM's value stands in a selected row; 0 for other columns.</summary>
    public int[] IndexCells { get; }

    /// <summary><c>SELECT ... FROM ...</c> without condition and order.</summary>
    public string Select { get; }

    /// <summary><c>INSERT INTO ... VALUES</c> in UTF-8.</summary>
    public byte[] InsertPrefix { get; }

    /// <summary>Says in how many ranges it is read.</summary>
    public void CutInto(int ranges) => _rangesLeft = ranges;

    /// <summary>Counts a range as done.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool FinishRange() => Interlocked.Decrement(ref _rangesLeft) == 0;
}
