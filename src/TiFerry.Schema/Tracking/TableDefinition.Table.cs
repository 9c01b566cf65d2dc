using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Tables;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Tracking;

public sealed partial record TableDefinition
{
    /// <summary>The table as <see cref="TableReader"/> would read it from the server's <c>information_schema</c>; sizes are 0.</summary>
    /// <param name="name">Schema and name.</param>
    /// <exception cref="TiFerryException">A column has a type that is not known.</exception>
    public Table ToTable(TableName name)
    {
        var columns = new List<Column>(Columns.Count);
        foreach (var column in Columns)
            columns.Add(ToColumn(column, columns.Count, name));
        return new Table
        {
            Name = name,
            Columns = columns,
            UniqueKeys =
            [
                .. Keys.Where(k => k.Type is KeyType.Primary or KeyType.Unique)
                    .OrderBy(k => k.Type == KeyType.Primary ? 0 : 1)
                    .ThenBy(k => FoldKeyName(k.Name!), StringComparer.Ordinal)
                    .Select(k => ToTableKey(k, columns)),
            ],
            Engine = Engine,
        };
    }

    // MySQL 8.0 sorts the names of keys by their lower case, the others by their upper case.
    private string FoldKeyName(string name) => Dialect is { Flavour: ServerFlavour.MySql, Version: >= 80000 } ? name.ToLowerInvariant() : name.ToUpperInvariant();

    private Column ToColumn(ColumnDefinition column, int ordinal, TableName table)
    {
        var type = column.Type;
        var text = TypeRules.Show(type);
        if (TableReader.KindOf(type.Name) is not { } kind)
        {
            throw new TiFerryException(SchemaErrors.UnsupportedType, ErrorScope.Upstream,
                $"column {TableName.Quote(column.Name)} of table {table} has type {text}, which is not known",
                "leave the table out with --filter or the block-allow-list, or change the column's type");
        }

        var isVirtual = column.Generated?.Storage == GeneratedStorage.Virtual;
        // MySQL 8.0 shows no character set for an ENUM of the binary one.
        var showsCharset = type.Charset is not "binary" || Dialect.Flavour != ServerFlavour.MySql || Dialect.Version < 80000;
        return new Column
        {
            Ordinal = ordinal,
            Name = column.Name,
            ColumnType = column.Compression is null ? text : $"{text} /*M!100301 COMPRESSED*/",
            Kind = kind,
            Charset = showsCharset ? type.Charset : null,
            Collation = showsCharset ? type.Collation ?? type.Charset : null,
            IsNullable = column.IsNullable ?? true,
            IsUnsigned = type.IsUnsigned,
            IsGenerated = column.Generated is not null || column.RowTime != RowTime.None,
            IsVirtual = isVirtual,
            FixedLength = kind == ColumnKind.FixedBinary ? (int)(type.Length ?? 1) : 0,
            HasDisplayScale = kind is ColumnKind.Float or ColumnKind.Double && type.Decimals is not null,
            Members = type.Members,
        };
    }

    private TableKey ToTableKey(KeyDefinition key, List<Column> columns)
    {
        var ordinals = key.Parts.Where(p => p.Column is not null).Select(p => IndexOf(p.Column!)).ToList();
        if (key.WithoutOverlaps is { } periodName && Periods.FirstOrDefault(p => ColumnNames.Equals(p.Name, periodName)) is { } period)
            ordinals.AddRange([IndexOf(period.End), IndexOf(period.Start)]);
        return new TableKey
        {
            Name = key.Name!,
            Columns = ordinals,
            IsPartial = key.Parts.Any(p => p.Column is null || p.PrefixLength is not null),
            IsNullable = ordinals.Exists(o => columns[o].IsNullable),
        };
    }
}
