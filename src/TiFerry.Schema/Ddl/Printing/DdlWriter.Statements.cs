using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Printing;

internal sealed partial class DdlWriter
{
    public void Statement(SqlStatement statement)
    {
        switch (statement)
        {
            case CreateTable table:
                CreateTable(table);
                break;
            case AlterTable table:
                AlterTable(table);
                break;
            case DropTable drop:
                Write("DROP ");
                WriteIf(drop.Temporary, "TEMPORARY ");
                Write("TABLE ");
                WriteIf(drop.IfExists, "IF EXISTS ");
                List(drop.Names, n => Name(n));
                Wait(drop.Wait);
                break;
            case RenameTable rename:
                RenameTable(rename);
                break;
            case TruncateTable truncate:
                Write("TRUNCATE TABLE ").Name(truncate.Name);
                Wait(truncate.Wait);
                break;
            case CreateIndex index:
                CreateIndex(index);
                break;
            case DropIndex index:
                Write("DROP INDEX ");
                WriteIf(index.IfExists, "IF EXISTS ");
                Name(index.Name).Write(" ON ").Name(index.Table);
                Wait(index.Wait);
                Clauses(index.Clauses);
                break;
            case CreateDatabase database:
                Write("CREATE ");
                WriteIf(database.OrReplace, "OR REPLACE ");
                Write("DATABASE ");
                WriteIf(database.IfNotExists, "IF NOT EXISTS ");
                Name(database.Name);
                Options(database.Options);
                break;
            case AlterDatabase database:
                Write("ALTER DATABASE");
                if (database.Name is { } name)
                    Write(" ").Name(name);
                Options(database.Options);
                break;
            case DropDatabase database:
                Write("DROP DATABASE ");
                WriteIf(database.IfExists, "IF EXISTS ");
                Name(database.Name);
                break;
            case ObjectStatement other:
                Write(other.Text.Text);
                break;
            default:
                throw new ArgumentException($"the text of a statement of kind {statement.Kind} is not kept", nameof(statement));
        }
    }

    private void CreateTable(CreateTable table)
    {
        Write("CREATE ");
        WriteIf(table.OrReplace, "OR REPLACE ");
        WriteIf(table.Temporary, "TEMPORARY ");
        Write("TABLE ");
        WriteIf(table.IfNotExists, "IF NOT EXISTS ");
        Name(table.Name);
        if (table.LikeSource is { } source)
        {
            Write(" LIKE ").Name(source);
            return;
        }

        if (table.Elements.Count > 0)
            Write(" (").List(table.Elements, Element).Write(")");
        Options(table.Options);
        if (table.Partitioning is { } partitioning)
        {
            Write(" ");
            Partitioning(partitioning);
        }

        WriteIf(table.Duplicates == DuplicateRows.Ignore, " IGNORE");
        WriteIf(table.Duplicates == DuplicateRows.Replace, " REPLACE");
        if (table.Select is { } select)
            Write(" AS ").Write(select.Text);
        WriteIf(table.StartsTransaction, " START TRANSACTION");
    }

    private void AlterTable(AlterTable table)
    {
        Write("ALTER ");
        WriteIf(table.Ignore, "IGNORE ");
        Write("TABLE ");
        WriteIf(table.IfExists, "IF EXISTS ");
        Name(table.Name);
        Wait(table.Wait);
        var isFirst = true;
        foreach (var specification in table.Specifications)
        {
            // Partitioning follows the others without a comma.
            Write(isFirst || specification is PartitionBy or RemovePartitioning ? " " : ", ");
            Specification(specification);
            isFirst = false;
        }
    }

    private void RenameTable(RenameTable rename)
    {
        Write("RENAME TABLE ");
        WriteIf(rename.IfExists, "IF EXISTS ");
        var wait = rename.Wait;
        List(rename.Pairs, pair =>
        {
            Name(pair.From);
            Wait(wait);
            wait = null;
            Write(" TO ").Name(pair.To);
        });
    }

    private void CreateIndex(CreateIndex index)
    {
        Write("CREATE ");
        WriteIf(index.OrReplace, "OR REPLACE ");
        Write(index.Key.Type switch
        {
            KeyType.Unique => "UNIQUE ",
            KeyType.Fulltext => "FULLTEXT ",
            KeyType.Spatial => "SPATIAL ",
            KeyType.Vector => "VECTOR ",
            KeyType.Columnar => "COLUMNAR ",
            _ => "",
        });
        Write("INDEX ");
        WriteIf(index.Key.IfNotExists, "IF NOT EXISTS ");
        Name(index.Key.Name!).Write(" ON ").Name(index.Table).Write(" ").KeyBody(index.Key);
        Wait(index.Wait);
        Clauses(index.Clauses);
    }

    private void Clauses(IEnumerable<AlterSpecification> clauses)
    {
        foreach (var clause in clauses)
        {
            Write(" ");
            Specification(clause);
        }
    }

    private void Wait(string? wait)
    {
        if (wait is not null)
            Write(" ").Write(wait);
    }
}
