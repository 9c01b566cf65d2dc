using TiFerry.Binlog.Values;

namespace TiFerry.Binlog.Events;

/// <summary>A column of a primary key.</summary>
/// <param name="Ordinal">The column.</param>
/// <param name="PrefixLength">Characters of it that belong to the key; 0 for all.</param>
public readonly record struct BinlogKeyPart(int Ordinal, int PrefixLength);

/// <summary>
/// TABLE_MAP_EVENT: names the table behind a number and lays out its rows. As long as a table's map does not change, the same object comes again,
/// so that whatever was worked out for it can be found by reference. Unlike other events it never changes, apart from its header.
/// </summary>
public sealed class TableMapEvent : BinlogEvent
{
    private readonly byte[] _body;
    private readonly BinlogColumn[] _columns;
    private readonly ColumnLayout[] _layouts;

    internal TableMapEvent(ReadOnlySpan<byte> body, int tableIdWidth, bool isMariaDb, Func<TableMapEvent, int, int>? oldTemporalPrecision)
    {
        _body = body.ToArray();
        var reader = new EventReader(body);
        TableId = reader.ReadUInt(tableIdWidth);
        Flags = reader.ReadUInt16();
        Schema = reader.ReadString(reader.ReadLength());
        reader.Skip(1);
        Table = reader.ReadString(reader.ReadLength());
        reader.Skip(1);
        var count = reader.ReadLength();
        var types = reader.ReadBytes(count);
        var metadata = new EventReader(reader.ReadBytes(reader.ReadLength()));
        var nullable = reader.ReadBytes((count + 7) / 8);

        _columns = new BinlogColumn[count];
        for (var i = 0; i < count; i++)
        {
            var type = (BinlogColumnType)types[i];
            var meta = ReadMeta(ref type, ref metadata);
            _columns[i] = new BinlogColumn(i, type, meta, (nullable[i >> 3] & (1 << (i & 7))) != 0);
        }

        ReadOptionalMetadata(ref reader, isMariaDb);

        _layouts = new ColumnLayout[count];
        for (var i = 0; i < count; i++)
        {
            var column = _columns[i];
            var precision = OldTemporal.Is(column.Type) ? OldTemporalPrecision(i, isMariaDb, oldTemporalPrecision) : (int?)null;
            _layouts[i] = ColumnLayout.Of(column.Type, column.Meta, precision);
            JsonColumnCount += column.Type == BinlogColumnType.Json ? 1 : 0;
        }
    }

    /// <summary>The number that rows events call the table by; it means nothing beyond the statement.</summary>
    public ulong TableId { get; }

    /// <summary>The event's flags.</summary>
    public ushort Flags { get; }

    /// <summary>The database.</summary>
    public string Schema { get; }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>
    /// Columns of the table on the source, in order: generated and invisible ones too, and on MariaDB the hidden <c>DB_ROW_HASH_n</c> behind
    /// <c>UNIQUE ... USING HASH</c> and the row_start and row_end of a system-versioned table.
    /// </summary>
    public IReadOnlyList<BinlogColumn> Columns => _columns;

    /// <summary>Number of columns.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>The primary key's columns; null when unknown, empty when the source says there is none.</summary>
    public IReadOnlyList<BinlogKeyPart>? PrimaryKey { get; private set; }

    internal ReadOnlySpan<ColumnLayout> Layouts => _layouts;

    internal int JsonColumnCount { get; }

    /// <summary>The statement in which the map was last announced.</summary>
    internal long Statement { get; set; }

    internal bool HasBody(ReadOnlySpan<byte> body) => body.SequenceEqual(_body);

    /// <summary>MySQL never had a fraction in the old formats; MariaDB may have, and a wrong guess would misread every column after it.</summary>
    private int OldTemporalPrecision(int ordinal, bool isMariaDb, Func<TableMapEvent, int, int>? precision)
    {
        if (!isMariaDb)
            return 0;
        if (precision is null)
        {
            throw BinlogErrors.UnsupportedAt(
                $"column {ordinal + 1} of {this} is stored in the temporal format of MySQL 5.5, whose precision the binlog does not carry",
                $"run SET GLOBAL mysql56_temporal_format=ON and ALTER TABLE {this} FORCE on the source, then start after that position");
        }

        return precision(this, ordinal);
    }

    private static ushort ReadMeta(ref BinlogColumnType type, ref EventReader metadata)
    {
        switch (type)
        {
            case BinlogColumnType.String:
                return ReadStringMeta(ref type, ref metadata);
            case BinlogColumnType.NewDecimal:
                return (ushort)((metadata.ReadByte() << 8) | metadata.ReadByte());
            case BinlogColumnType.Enum or BinlogColumnType.Set:
                metadata.Skip(1);
                return metadata.ReadByte();
            case BinlogColumnType.VarString or BinlogColumnType.VarChar or BinlogColumnType.VarCharCompressed:
                return metadata.ReadUInt16();
            case BinlogColumnType.Bit:
                var bits = metadata.ReadByte();
                return (ushort)((metadata.ReadByte() << 8) | bits);
            case BinlogColumnType.Float or BinlogColumnType.Double:
            case BinlogColumnType.Timestamp2 or BinlogColumnType.DateTime2 or BinlogColumnType.Time2:
                return metadata.ReadByte();
            case BinlogColumnType.Blob or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob
                or BinlogColumnType.BlobCompressed or BinlogColumnType.Geometry or BinlogColumnType.Json or BinlogColumnType.Vector:
                var lengthBytes = metadata.ReadByte();
                return lengthBytes is >= 1 and <= 4 ? lengthBytes : throw BinlogErrors.CorruptAt($"a table map gives a blob {lengthBytes} bytes of length");
            case BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong
                or BinlogColumnType.Null or BinlogColumnType.Timestamp or BinlogColumnType.Date or BinlogColumnType.Time or BinlogColumnType.DateTime
                or BinlogColumnType.Year or BinlogColumnType.NewDate:
                return 0;
            default:
                throw BinlogErrors.UnsupportedAt($"a table map has a column of type {(byte)type}, which cannot be read", "exclude the table, or rebuild it on the source with a current column type");
        }
    }

    /// <summary>
    /// CHAR, ENUM and SET share a type. The first byte is the real type; for CHAR longer than 255 bytes its bits 4 and 5 hold the
    /// inverted bits 8 and 9 of the length (<c>Field_string::do_save_field_metadata</c>).
    /// </summary>
    private static ushort ReadStringMeta(ref BinlogColumnType type, ref EventReader metadata)
    {
        var first = metadata.ReadByte();
        var second = metadata.ReadByte();
        if ((first & 0x30) != 0x30)
        {
            type = (BinlogColumnType)(first | 0x30);
            return (ushort)(second | (((first & 0x30) ^ 0x30) << 4));
        }

        type = (BinlogColumnType)first;
        if (type is not (BinlogColumnType.String or BinlogColumnType.Enum or BinlogColumnType.Set))
            throw BinlogErrors.CorruptAt($"a table map has a string column of real type {first}");
        return second;
    }

    private void ReadOptionalMetadata(ref EventReader reader, bool isMariaDb)
    {
        Func<BinlogColumn, bool> hasCollation = column => column.HasCollation(isMariaDb);
        while (!reader.IsAtEnd)
        {
            var field = reader.ReadByte();
            var value = new EventReader(reader.ReadBytes(reader.ReadLength()));
            switch (field)
            {
                case 1:
                    ReadSignedness(ref value);
                    break;
                case 2:
                    ReadDefaultCollation(ref value, hasCollation);
                    break;
                case 3:
                    ReadPerColumn(ref value, hasCollation, static (ref EventReader v, BinlogColumn column) => column.Collation = (uint)v.ReadLengthEncoded());
                    break;
                case 4:
                    ReadPerColumn(ref value, static _ => true, static (ref EventReader v, BinlogColumn column) => column.Name = v.ReadString(v.ReadLength()));
                    break;
                case 5:
                    ReadPerColumn(ref value, static column => column.Type == BinlogColumnType.Set, ReadMembers);
                    break;
                case 6:
                    ReadPerColumn(ref value, static column => column.Type == BinlogColumnType.Enum, ReadMembers);
                    break;
                case 7:
                    ReadPerColumn(ref value, static column => column.Type == BinlogColumnType.Geometry, static (ref EventReader v, BinlogColumn column) => column.GeometryType = v.ReadLength());
                    break;
                case 8:
                    ReadPrimaryKey(ref value, hasPrefix: false);
                    break;
                case 9:
                    ReadPrimaryKey(ref value, hasPrefix: true);
                    break;
                case 10:
                    ReadDefaultCollation(ref value, static column => column.IsEnumOrSet);
                    break;
                case 11:
                    ReadPerColumn(ref value, static column => column.IsEnumOrSet, static (ref EventReader v, BinlogColumn column) => column.Collation = (uint)v.ReadLengthEncoded());
                    break;
                case 12:
                    ReadVisibility(ref value);
                    break;
                case 13:
                    ReadPerColumn(ref value, static column => column.Type == BinlogColumnType.Vector, static (ref EventReader v, BinlogColumn column) => column.VectorDimensions = v.ReadLength());
                    break;
                default:
                    // Each field carries its length so that readers can pass over those that they do not know.
                    break;
            }
        }
    }

    private delegate void ColumnFieldReader(ref EventReader value, BinlogColumn column);

    private void ReadPerColumn(ref EventReader value, Func<BinlogColumn, bool> applies, ColumnFieldReader read)
    {
        foreach (var column in _columns)
        {
            if (value.IsAtEnd)
                return;
            if (applies(column))
                read(ref value, column);
        }
    }

    private void ReadSignedness(ref EventReader value)
    {
        var bits = value.ReadRest();
        var index = 0;
        foreach (var column in _columns)
        {
            if (!column.IsNumeric)
                continue;
            if (index >> 3 >= bits.Length)
                return;
            column.IsUnsigned = (bits[index >> 3] & (0x80 >> (index & 7))) != 0;
            index++;
        }
    }

    private void ReadVisibility(ref EventReader value)
    {
        var bits = value.ReadRest();
        for (var i = 0; i < _columns.Length && i >> 3 < bits.Length; i++)
            _columns[i].IsVisible = (bits[i >> 3] & (0x80 >> (i & 7))) != 0;
    }

    /// <summary>A default, then pairs of index and collation for those that differ; the index counts the columns of the kind only.</summary>
    private void ReadDefaultCollation(ref EventReader value, Func<BinlogColumn, bool> applies)
    {
        var columns = Array.FindAll(_columns, column => applies(column));
        var collation = (uint)value.ReadLengthEncoded();
        foreach (var column in columns)
            column.Collation = collation;
        while (!value.IsAtEnd)
        {
            var index = value.ReadLength();
            collation = (uint)value.ReadLengthEncoded();
            if (index >= columns.Length)
                throw BinlogErrors.CorruptAt($"the table map of {Schema}.{Table} gives a collation to text column {index} of {columns.Length}");
            columns[index].Collation = collation;
        }
    }

    private static void ReadMembers(ref EventReader value, BinlogColumn column)
    {
        var members = new byte[value.ReadLength()][];
        for (var i = 0; i < members.Length; i++)
            members[i] = value.ReadBytes(value.ReadLength()).ToArray();
        column.Members = members;
    }

    private void ReadPrimaryKey(ref EventReader value, bool hasPrefix)
    {
        var key = new List<BinlogKeyPart>();
        while (!value.IsAtEnd)
            key.Add(new BinlogKeyPart(value.ReadLength(), hasPrefix ? value.ReadLength() : 0));
        PrimaryKey = key;
    }

    /// <summary>Schema and table for messages.</summary>
    public override string ToString() => $"`{Schema}`.`{Table}`";
}
