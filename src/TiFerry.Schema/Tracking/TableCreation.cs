using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Tracking;

/// <summary>CREATE TABLE with the columns written out.</summary>
internal static class TableCreation
{
    public const string RowIdColumn = "my_row_id";

    /// <summary>The table that the statement creates.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="rules">The server and the session.</param>
    /// <param name="database">The default character set of the database.</param>
    /// <param name="engine">The engine of a table that names none.</param>
    public static TableDefinition Create(CreateTable statement, ColumnRules rules, Func<CharsetChoice> database, string engine)
    {
        var name = statement.Name.Name;
        var options = new TableOptions(rules, database);
        foreach (var option in statement.Options)
            options.Set(option);
        var charset = options.Charset(null);
        var draft = new TableDraft(name, rules);
        var periods = new List<PeriodDefinition>();
        foreach (var element in statement.Elements)
            Add(element, draft, periods, rules, charset);
        if (rules.Context.GeneratesInvisiblePrimaryKey && rules.Dialect is { Flavour: ServerFlavour.MySql, Version: >= 80030 } && !draft.HasPrimaryKey && statement.Partitioning is null)
            AddRowId(draft, rules, charset);
        return draft.Finish(new TableDefinition
        {
            Dialect = rules.Dialect with { Mode = default },
            Name = name,
            Columns = [],
            Periods = [.. periods],
            Engine = options.Engine ?? engine,
            Charset = charset.Name,
            Collation = charset.Collation,
            Comment = options.Comment ?? "",
            Options = options.Others([]),
            Partitioning = statement.Partitioning is { } partitioning ? Partitions.Complete(partitioning, rules.Dialect) : null,
        });
    }

    private static void Add(TableElement element, TableDraft draft, List<PeriodDefinition> periods, ColumnRules rules, CharsetChoice charset)
    {
        switch (element)
        {
            case ColumnDefinition column:
                draft.Columns.Add(rules.Complete(column, charset));
                draft.AddInline(column);
                break;
            case KeyDefinition key:
                draft.Add(key);
                break;
            case ForeignKeyDefinition foreignKey:
                draft.Add(foreignKey);
                break;
            case CheckDefinition check:
                draft.Add(check);
                break;
            case PeriodDefinition period:
                periods.Add(period with { IfNotExists = false, Span = default });
                draft.MakeNotNull(period.Start);
                draft.MakeNotNull(period.End);
                break;
            default:
                throw TrackerErrors.CannotFollow("", element.GetType().Name, "it is not known");
        }
    }

    private static void AddRowId(TableDraft draft, ColumnRules rules, CharsetChoice charset)
    {
        var column = new ColumnDefinition(RowIdColumn, new DataType("bigint") { IsUnsigned = true }) { IsNullable = false, IsAutoIncrement = true, IsVisible = false };
        draft.Columns.Insert(0, rules.Complete(column, charset));
        draft.Add(new KeyDefinition(KeyType.Primary) { Parts = [new KeyPart { Column = RowIdColumn }] });
    }
}
