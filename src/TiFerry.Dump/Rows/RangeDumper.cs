using TiFerry.Core.Errors;
using TiFerry.Dump.Layout;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Rows;

/// <summary>The inner loop: rows go from the socket's buffer into the file's without becoming objects.</summary>
/// <param name="options">Sizes and conditions.</param>
/// <param name="directory">Where files go.</param>
/// <param name="progress">Told of rows and bytes.</param>
internal sealed class RangeDumper(DumpOptions options, DumpDirectory directory, DumpProgress progress) : IDisposable
{
    private const int WriteBytes = 1024 * 1024;
    private const int KeptBytes = 4 * 1024 * 1024;
    private const int DefinitionChanged = 1412;
    private const int NoSuchTable = 1146;
    private readonly SqlBuffer _buffer = new(WriteBytes + 64 * 1024);

    /// <summary>Writes the files of a range; none where it has no rows.</summary>
    /// <param name="source">A session with the dump's snapshot.</param>
    /// <param name="range">The rows.</param>
    /// <param name="ct">Stops the work; the session can't be used after that.</param>
    /// <exception cref="TiFerryException">The table can't be read as it was when the dump began, or a file can't be written.</exception>
    public async ValueTask DumpAsync(MySqlConnection source, RowRange range, CancellationToken ct)
    {
        var table = range.Table;
        try
        {
            await using var rows = await source.QueryAsync(SelectOf(range), ct);
            var number = 0;
            var isThere = await rows.ReadAsync(ct);
            while (isThere)
            {
                var name = DumpFileName.OfData(table.Table.Name, range.Number, number++, options.Rows > 0, options.FileBytes > 0);
                isThere = await WriteFileAsync(name, table, rows, ct);
            }
        }
        catch (MySqlServerException error) when (error.Code is DefinitionChanged or NoSuchTable)
        {
            throw new TiFerryException(DumpErrors.DefinitionChanged, ErrorScope.Upstream,
                $"table {table.Table.Name} was changed while it was dumped, so the rows that it had can't be read any more",
                "dump again when no schema changes run", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private string SelectOf(RowRange range)
    {
        var table = range.Table.Table;
        string[] conditions = [.. new[] { range.Condition, options.Where }.Where(c => c.Length > 0).Select(c => $"({c})")];
        var where = conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        // In the order of the primary key an InnoDB table is read without sorting, and its files are the same each time.
        var order = table.RowKey is { IsPrimary: true } key && table.IsTransactional
            ? $" ORDER BY {string.Join(", ", key.Columns.Select(o => TableName.Quote(table.Columns[o].Name)))}"
            : "";
        var hint = order.Length > 0 && conditions.Length == 0 ? " FORCE INDEX (`PRIMARY`)" : "";
        return $"{range.Table.Select}{hint}{where}{order}";
    }

    // From the current row on until the file is full; false where no row is left.
    private async ValueTask<bool> WriteFileAsync(string name, DumpedTable table, ResultSet rows, CancellationToken ct)
    {
        using var file = new DumpFile(directory, name);
        _buffer.Clear();
        _buffer.Append(FileHeader.OfData);
        var (counted, countedRows) = (0L, 0);
        var isThere = true;
        var isFull = false;
        while (isThere && !isFull)
        {
            var statementStart = file.Length + _buffer.Length;
            _buffer.Append(table.InsertPrefix);
            bool goesOn;
            do
            {
                AppendRow(table, rows);
                countedRows++;
                isThere = await rows.ReadAsync(ct);
                var end = file.Length + _buffer.Length;
                isFull = options.FileBytes > 0 && end >= options.FileBytes;
                goesOn = isThere && !isFull && (options.StatementBytes == 0 || end - statementStart < options.StatementBytes);
                _buffer.Append(goesOn ? ",\n"u8 : ";\n"u8);
                if (_buffer.Length >= WriteBytes)
                {
                    await file.WriteAsync(_buffer, ct);
                    _buffer.Shrink(KeptBytes);
                    progress.Add(countedRows, file.Length - counted);
                    (counted, countedRows) = (file.Length, 0);
                }
            }
            while (goesOn);
        }
        await file.WriteAsync(_buffer, ct);
        progress.Add(countedRows, file.Length - counted);
        file.Flush();
        return isThere;
    }

    private void AppendRow(DumpedTable table, ResultSet rows)
    {
        _buffer.Append((byte)'(');
        var columns = table.Columns;
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0)
                _buffer.Append((byte)',');
            if (rows.IsNull(i))
            {
                _buffer.Append("NULL"u8);
                continue;
            }
            var cell = rows.GetSpan(i);
            if (cell.IsEmpty && columns[i].HasErrorValue && rows.GetSpan(table.IndexCells[i]).SequenceEqual("0"u8))
                _buffer.Append((byte)'0');
            else
                columns[i].Append(_buffer, cell);
        }
        _buffer.Append((byte)')');
    }
}
