using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    /// <summary>From behind CREATE ... TABLE.</summary>
    private CreateTable CreateTable(Modifiers modifiers)
    {
        var ifNotExists = TakeIfNotExists();
        var table = new CreateTable(Object(ReferenceRole.Subject)) { IfNotExists = ifNotExists, OrReplace = modifiers.OrReplace, Temporary = modifiers.Temporary };
        var isBracketed = AtBracketed("LIKE"u8) && Take(SqlTokenKind.OpenParenthesis);
        if (Take("LIKE"u8))
        {
            table = table with { LikeSource = Object(ReferenceRole.LikeSource) };
            if (isBracketed)
                Close();
            return Finish(table);
        }

        if (At(SqlTokenKind.OpenParenthesis) && !AtBracketedQuery)
            table = table with { Elements = Elements() };
        table = TableOptions(table);
        if (AtBoth("PARTITION"u8, "BY"u8))
            table = table with { Partitioning = Partitioning() };

        // MariaDB also takes options of its engines and WITH SYSTEM VERSIONING behind the partitions.
        table = Query(TableOptions(table));
        return Finish(table);
    }

    private readonly bool AtBracketed(ReadOnlySpan<byte> keyword) => At(SqlTokenKind.OpenParenthesis) && NextIs(keyword);

    private readonly bool AtBracketedQuery =>
        AtBracketed("SELECT"u8) || AtBracketed("WITH"u8) || AtBracketed("VALUES"u8) || AtBracketed("TABLE"u8) || (At(SqlTokenKind.OpenParenthesis) && NextIs(SqlTokenKind.OpenParenthesis));

    private NodeList<TableElement> Elements()
    {
        var elements = new List<TableElement>();
        Open();
        do
            elements.Add(Element());
        while (Take(SqlTokenKind.Comma));
        Close();
        return [.. elements];
    }

    private CreateTable TableOptions(CreateTable table)
    {
        var options = new List<OptionClause>(table.Options);
        while (true)
        {
            Take(SqlTokenKind.Comma);
            if (TakeBoth("START"u8, "TRANSACTION"u8))
                table = table with { StartsTransaction = true };
            else if (TakeTableOption() is { } option)
                options.Add(option);
            else
                return table with { Options = [.. options] };
        }
    }

    private CreateTable Query(CreateTable table)
    {
        if (Take("IGNORE"u8))
            table = table with { Duplicates = DuplicateRows.Ignore };
        else if (Take("REPLACE"u8))
            table = table with { Duplicates = DuplicateRows.Replace };
        var isQuery = Take("AS"u8) || table.Duplicates != DuplicateRows.Error;
        if (!isQuery && !At("SELECT"u8) && !At("WITH"u8) && !At("VALUES"u8) && !At("TABLE"u8) && !AtBracketedQuery)
            return table;
        table = table with { Select = UpToEnd() };
        return table.Select.Text.Length > 0 ? table : throw Expected("a query");
    }

    /// <summary>From behind DROP ... TABLE.</summary>
    private DropTable DropTable(Modifiers modifiers)
    {
        var ifExists = TakeIfExists();
        var names = Objects(ReferenceRole.Subject);
        var wait = TakeWait();
        if (!Take("RESTRICT"u8))
            Take("CASCADE"u8);
        return Finish(new DropTable(names) { IfExists = ifExists, Temporary = modifiers.Temporary, Wait = wait });
    }

    /// <summary>From behind RENAME TABLE.</summary>
    private RenameTable RenameTable()
    {
        var ifExists = TakeIfExists();
        var pairs = new List<ObjectRename>();
        string? wait = null;
        do
        {
            var from = Object(ReferenceRole.Subject);
            wait = TakeWait() ?? wait;
            Expect("TO"u8);
            pairs.Add(new ObjectRename(from, Object(ReferenceRole.RenameTarget)));
        }
        while (Take(SqlTokenKind.Comma));

        return Finish(new RenameTable([.. pairs]) { IfExists = ifExists, Wait = wait });
    }

    /// <summary>From behind TRUNCATE.</summary>
    private TruncateTable TruncateTable()
    {
        Take("TABLE"u8);
        return Finish(new TruncateTable(Object(ReferenceRole.Subject)) { Wait = TakeWait() });
    }

    /// <summary>From behind CREATE ... INDEX.</summary>
    private CreateIndex CreateIndex(Modifiers modifiers)
    {
        var start = _at;
        var key = new KeyDefinition(modifiers.Key) { IfNotExists = TakeIfNotExists(), Name = Name("the name of an index") };
        if (Take("USING"u8) || Take("TYPE"u8))
            key = key with { Algorithm = UpperWord("a kind of index") };
        Expect("ON"u8);
        var table = Object(ReferenceRole.Subject);
        key = KeyBody(key) with { Span = SpanFrom(start) };
        return Finish(new CreateIndex(table, key) { OrReplace = modifiers.OrReplace, Wait = TakeWait(), Clauses = IndexClauses() });
    }

    /// <summary>From behind DROP INDEX.</summary>
    private DropIndex DropIndex()
    {
        var ifExists = TakeIfExists();
        var name = Name("the name of an index");
        Expect("ON"u8);
        var table = Object(ReferenceRole.Subject);
        return Finish(new DropIndex(table, name) { IfExists = ifExists, Wait = TakeWait(), Clauses = IndexClauses() });
    }

    // ALGORITHM [=] x, LOCK [=] x, in any order.
    private NodeList<AlterSpecification> IndexClauses()
    {
        var clauses = new List<AlterSpecification>();
        while (HowClause() is { } clause)
        {
            clauses.Add(clause);
            Take(SqlTokenKind.Comma);
        }

        return [.. clauses];
    }

    private AlterSpecification? HowClause()
    {
        var start = _at;
        var isAlgorithm = At("ALGORITHM"u8);
        if (!isAlgorithm && !At("LOCK"u8))
            return null;
        Advance();
        TakeEquals();
        var value = UpperWord("a value");
        return isAlgorithm ? new AlgorithmClause(value) { Span = SpanFrom(start) } : new LockClause(value) { Span = SpanFrom(start) };
    }

    /// <summary>From behind CREATE ... DATABASE.</summary>
    private CreateDatabase CreateDatabase(Modifiers modifiers)
    {
        var ifNotExists = TakeIfNotExists();
        var name = DatabaseName();
        return Finish(new CreateDatabase(name) { IfNotExists = ifNotExists, OrReplace = modifiers.OrReplace, Options = DatabaseOptions() });
    }

    /// <summary>From behind ALTER DATABASE.</summary>
    private AlterDatabase AlterDatabase()
    {
        // The name may be left out; then an option follows at once.
        var name = AtStatementEnd || AtDatabaseOption ? null : DatabaseName();
        return Finish(new AlterDatabase(name) { Options = DatabaseOptions() });
    }

    /// <summary>From behind DROP DATABASE.</summary>
    private DropDatabase DropDatabase()
    {
        var ifExists = TakeIfExists();
        return Finish(new DropDatabase(DatabaseName()) { IfExists = ifExists });
    }

    // CHARSET, ENCRYPTION, COMMENT and PLACEMENT can also be the name of the database; then an option follows, not a value.
    private readonly bool AtDatabaseOption
    {
        get
        {
            if (At("DEFAULT"u8) || At("CHARACTER"u8) || At("COLLATE"u8) || AtBoth("READ"u8, "ONLY"u8) || AtBoth("PLACEMENT"u8, "POLICY"u8) || AtBoth("SET"u8, "TIFLASH"u8))
                return true;
            return (At("CHARSET"u8) || At("ENCRYPTION"u8) || At("COMMENT"u8)) && Ahead(1).Kind is not (SqlTokenKind.End or SqlTokenKind.Semicolon) && !IsDatabaseOption(Ahead(1));
        }
    }

    private readonly bool IsDatabaseOption(SqlToken token) => _lexer.Is(token, "DEFAULT"u8) || _lexer.Is(token, "CHARACTER"u8) || _lexer.Is(token, "COLLATE"u8)
        || _lexer.Is(token, "CHARSET"u8) || _lexer.Is(token, "ENCRYPTION"u8) || _lexer.Is(token, "COMMENT"u8) || _lexer.Is(token, "READ"u8) || _lexer.Is(token, "UPGRADE"u8);

    private NodeList<OptionClause> DatabaseOptions()
    {
        var options = new List<OptionClause>();
        while (!AtStatementEnd)
        {
            var start = _at;
            var option = DatabaseOption();
            options.Add(option with { Span = SpanFrom(start) });
        }

        return [.. options];
    }

    private OptionClause DatabaseOption()
    {
        if (CharsetOption() is { } charset)
            return charset;
        if (TakeBoth("READ"u8, "ONLY"u8))
            return Option("READ ONLY");
        if (TakeBoth("UPGRADE"u8, "DATA"u8))
        {
            Expect("DIRECTORY"u8);
            Expect("NAME"u8);
            return new OptionClause("UPGRADE DATA DIRECTORY NAME", "", OptionValueKind.None);
        }

        if (TakeBoth("SET"u8, "TIFLASH"u8))
        {
            Expect("REPLICA"u8);
            return new OptionClause("SET TIFLASH REPLICA", UpToEnd().Text, OptionValueKind.Raw);
        }

        Take("DEFAULT"u8);
        if (Take("ENCRYPTION"u8))
            return Option("ENCRYPTION");
        if (Take("COMMENT"u8))
            return Option("COMMENT");
        Expect("PLACEMENT"u8);
        Expect("POLICY"u8);
        return Option("PLACEMENT POLICY");
    }
}
