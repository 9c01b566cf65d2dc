using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Binlog.Stream;
using TiFerry.Binlog.Values;
using TiFerry.MySql;

namespace TiFerry.Bench.Decode;

/// <summary>Reads a whole file, checksums verified, and asks every value for its type: numbers as numbers, strings as bytes, decimals, dates and times as text.</summary>
internal struct TypedDecoding
{
    public long Events;
    public long Rows;
    public long Values;
    public ulong Digest;

    public static TypedDecoding Run(string file)
    {
        var run = new TypedDecoding();
        using var reader = BinlogFileReader.Open(file);
        while (reader.TryRead(out var e))
        {
            run.Events++;
            if (e is RowsEvent rows)
                run.Decode(rows);
        }

        return run;
    }

    /// <summary>The same as the server's replica, up to the end of the file.</summary>
    public static async Task<TypedDecoding> FollowAsync(string file, int port)
    {
        var run = new TypedDecoding();
        await using var stream = await BinlogStream.OpenAsync(
            new BinlogStreamOptions
            {
                Connection = new MySqlConnectionOptions { Port = port, Tls = TlsMode.Disabled },
                Start = BinlogStart.At(new BinlogPosition(file, BinlogPosition.FirstEvent)),
                ServerId = 99,
            },
            default);
        while (true)
        {
            var e = await stream.ReadAsync(default);
            if (e is RotateEvent { Header.IsArtificial: false })
                return run;
            run.Events++;
            if (e is RowsEvent rows)
                run.Decode(rows);
        }
    }

    private void Decode(RowsEvent rows)
    {
        foreach (var row in rows)
        {
            if (rows.Kind != RowsKind.Write)
                Decode(new RowImageReader(rows.TableMap, rows.BeforeColumns, row.Before));
            if (rows.Kind != RowsKind.Delete)
                Decode(new RowImageReader(rows.TableMap, rows.AfterColumns, row.After));
        }
    }

    private void Decode(RowImageReader image)
    {
        Span<byte> text = stackalloc byte[BinlogValue.MaxScalarTextLength];
        Rows++;
        while (image.Read())
        {
            Values++;
            if (!image.IsNull)
                Digest = ((Digest << 7) | (Digest >> 57)) ^ TypedValue(image.Value, text);
        }
    }

    private static ulong TypedValue(BinlogValue value, Span<byte> text)
    {
        switch (value.Type)
        {
            case BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong or BinlogColumnType.Year:
                return (ulong)value.AsInt64();
            case BinlogColumnType.Float or BinlogColumnType.Double:
                return BitConverter.DoubleToUInt64Bits(value.AsDouble());
            case BinlogColumnType.Enum or BinlogColumnType.Set:
                return value.AsSetMask();
            case BinlogColumnType.Bit:
                return value.AsBit();
            case BinlogColumnType.String or BinlogColumnType.VarChar or BinlogColumnType.Blob:
                var bytes = value.AsBytes();
                return bytes.IsEmpty ? 0 : (ulong)bytes.Length << 16 | (uint)bytes[0] << 8 | bytes[^1];
            default:
                var length = value.FormatText(text, unsigned: false);
                return (ulong)length << 16 | (uint)text[0] << 8 | text[length - 1];
        }
    }
}
