using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Printing;

internal sealed partial class DdlWriter
{
    public void Element(TableElement element)
    {
        switch (element)
        {
            case ColumnDefinition column:
                Column(column);
                break;
            case KeyDefinition key:
                Key(key);
                break;
            case ForeignKeyDefinition foreignKey:
                ForeignKey(foreignKey);
                break;
            case CheckDefinition check:
                Check(check);
                break;
            default:
                Period((PeriodDefinition)element);
                break;
        }
    }

    public void Type(DataType type)
    {
        WriteIf(type.IsNational, "NATIONAL ");
        Write(type.Name.ToUpperInvariant());
        if (type.Length is { } length)
        {
            Write("(").Write(length);
            if (type.Decimals is { } decimals)
                Write(",").Write(decimals);
            Write(")");
        }

        if (type.Members.Count > 0)
            Write("(").List(type.Members, m => Text(m)).Write(")");
        WriteIf(type.IsUnsigned, " UNSIGNED");
        WriteIf(type.IsZerofill, " ZEROFILL");
        if (type.Charset is { } charset)
            Write(" CHARACTER SET ").Write(charset);
        WriteIf(type.IsBinary, " BINARY");
        if (type.Collation is { } collation)
            Write(" COLLATE ").Write(collation);
        if (type.Srid is { } srid)
            Write(" SRID ").Write(srid);
    }

    private void Column(ColumnDefinition column)
    {
        Name(column.Name).Write(" ");
        Type(column.Type);
        if (column.Compression is { } method)
            Write(" COMPRESSED").Write(method.Length == 0 ? "" : $"={method}");
        if (column.Generated is { } generated)
            Write(" GENERATED ALWAYS AS (").Write(generated.Expression.Text).Write(")").Write(Storage(generated.Storage));
        WriteIf(column.RowTime == RowTime.Start, " GENERATED ALWAYS AS ROW START");
        WriteIf(column.RowTime == RowTime.End, " GENERATED ALWAYS AS ROW END");
        if (column.IsNullable is { } isNullable)
            Write(isNullable ? " NULL" : " NOT NULL");
        if (column.Default is { } value)
            Write(" DEFAULT ").Write(value.Expression.Text);
        if (column.OnUpdate is { } onUpdate)
            Write(" ON UPDATE ").Write(onUpdate.Text);
        if (column.IsVisible is { } isVisible)
            Write(isVisible ? " VISIBLE" : " INVISIBLE");
        WriteIf(column.IsAutoIncrement, " AUTO_INCREMENT");
        if (column.AutoRandom is { } random)
            AutoRandom(random);
        WriteIf(column.IsPrimaryKey, " PRIMARY KEY");
        Clustering(column.Clustering);
        WriteIf(column.IsUniqueKey, " UNIQUE KEY");
        if (column.HasSystemVersioning is { } isVersioned)
            Write(isVersioned ? " WITH SYSTEM VERSIONING" : " WITHOUT SYSTEM VERSIONING");
        if (column.Comment is { } comment)
            Write(" COMMENT ").Text(comment);
        Options(column.Options);
        foreach (var check in column.Checks)
        {
            Write(" ");
            Check(check);
        }

        if (column.References is { } reference)
        {
            Write(" ");
            Reference(reference);
        }
    }

    private static string Storage(GeneratedStorage storage) => storage switch
    {
        GeneratedStorage.Virtual => " VIRTUAL",
        GeneratedStorage.Stored => " STORED",
        _ => "",
    };

    private void AutoRandom(AutoRandom random)
    {
        Write(" AUTO_RANDOM");
        if (random.ShardBits is not { } shardBits)
            return;
        Write("(").Write(shardBits);
        if (random.RangeBits is { } rangeBits)
            Write(", ").Write(rangeBits);
        Write(")");
    }

    private void Clustering(KeyClustering clustering)
    {
        WriteIf(clustering == KeyClustering.Clustered, " CLUSTERED");
        WriteIf(clustering == KeyClustering.NonClustered, " NONCLUSTERED");
    }
}
