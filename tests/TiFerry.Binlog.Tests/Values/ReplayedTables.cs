using System.Buffers;
using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;

namespace TiFerry.Binlog.Tests.Values;

/// <summary>The tables' contents as the binlog tells them: every row image rendered to text, inserts added, deletes taken away.</summary>
internal sealed class ReplayedTables(Func<TableMapEvent, IReadOnlyList<ZooColumn>?> columnsOf)
{
    private readonly Dictionary<(string Schema, string Table), Dictionary<string, int>> _rows = [];

    public List<string> Faults { get; } = [];

    public IReadOnlyDictionary<string, int> RowsOf(string schema, string table) => _rows.GetValueOrDefault((schema, table)) ?? [];

    public void Apply(BinlogEvent e)
    {
        if (e is not RowsEvent rows || columnsOf(rows.TableMap) is not { } columns)
            return;
        var key = (rows.TableMap.Schema, rows.TableMap.Table);
        if (!_rows.TryGetValue(key, out var table))
            _rows[key] = table = [];
        foreach (var row in rows)
        {
            if (rows.Kind != RowsKind.Write)
            {
                var before = Render(rows.TableMap, rows.BeforeColumns, row.Before, columns);
                if (table.GetValueOrDefault(before) == 0)
                    Faults.Add($"{key}: {rows.Kind} of a row that is not there: {before}");
                else if (--table[before] == 0)
                    table.Remove(before);
            }

            if (rows.Kind != RowsKind.Delete)
            {
                var after = Render(rows.TableMap, rows.AfterColumns, row.After, columns);
                table[after] = table.GetValueOrDefault(after) + 1;
            }
        }
    }

    private static string Render(TableMapEvent map, ColumnBitmap present, ReadOnlySpan<byte> image, IReadOnlyList<ZooColumn> columns)
    {
        var text = new StringBuilder();
        var reader = new RowImageReader(map, present, image);
        while (reader.Read() && reader.Ordinal < columns.Count)
        {
            var column = columns[reader.Ordinal];
            text.Append(column.Name).Append('=').Append(reader.IsNull ? "NULL" : column.Render(reader.Value)).Append("; ");
        }

        return text.ToString();
    }
}

/// <summary>How a column's value is compared: what to ask the server for, and how to render the binlog's value the same way.</summary>
internal sealed record ZooColumn(string Name, string DataType, string ColumnType, int ByteLength)
{
    /// <summary>Digits of a temporal column's fraction.</summary>
    public int Precision => ColumnType.Split('(', ')') is { Length: > 1 } parts ? int.Parse(parts[1]) : 0;

    private bool IsUnsigned => ColumnType.Contains("unsigned", StringComparison.Ordinal);

    private string Quoted => $"`{Name.Replace("`", "``", StringComparison.Ordinal)}`";

    private bool IsText => DataType is "char" or "varchar" or "binary" or "varbinary" or "tinytext" or "text" or "mediumtext" or "longtext" or "tinyblob" or "blob" or "mediumblob" or "longblob";

    public string Expression => DataType switch
    {
        "enum" or "set" or "bit" => $"CAST({Quoted} AS UNSIGNED)",
        "float" or "double" when ColumnType.Contains('(', StringComparison.Ordinal) => $"{Quoted}+0e0",
        "json" => $"HEX(CAST({Quoted} AS CHAR CHARACTER SET utf8mb4))",
        "uuid" or "inet6" => $"HEX(CAST({Quoted} AS BINARY(16)))",
        "inet4" => $"HEX(CAST({Quoted} AS BINARY(4)))",
        _ when IsText => $"HEX(CAST({Quoted} AS BINARY))",
        "vector" or "geometry" or "point" or "linestring" or "polygon" or "multipoint" or "multilinestring" or "multipolygon" or "geometrycollection" or "geomcollection" => $"HEX({Quoted})",
        _ when ColumnType.Contains("zerofill", StringComparison.Ordinal) => $"{Quoted}+0",
        _ => Quoted,
    };

    public string Render(BinlogValue value)
    {
        var writer = new ArrayBufferWriter<byte>();
        switch (DataType)
        {
            case "bit":
                return value.AsBit().ToString();
            case "float" or "double" when ColumnType.Contains('(', StringComparison.Ordinal):
                Span<byte> number = stackalloc byte[40];
                return Encoding.ASCII.GetString(number[..FloatText.Write(value.AsDouble(), number)]);
            case "uuid" or "inet6":
                return Convert.ToHexString(value.AsBytes()).PadRight(32, '0');
            case "inet4":
                return Convert.ToHexString(value.AsBytes()).PadRight(8, '0');
            case "binary":
                return Convert.ToHexString(value.AsBytes()).PadRight(ByteLength * 2, '0');
            default:
                value.WriteText(writer, IsUnsigned);
                var isHex = Expression.StartsWith("HEX", StringComparison.Ordinal);
                return isHex ? Convert.ToHexString(writer.WrittenSpan) : Encoding.UTF8.GetString(writer.WrittenSpan);
        }
    }
}
