using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    /// <summary>From behind ALTER ... TABLE.</summary>
    private AlterTable AlterTable(Modifiers modifiers)
    {
        var ifExists = TakeIfExists();
        var name = Object(ReferenceRole.Subject);
        var wait = TakeWait();
        var specifications = new List<AlterSpecification>();
        var separated = true;
        while (!AtStatementEnd)
        {
            // Only partitioning and further options follow without a comma.
            if (!separated && !AtBoth("PARTITION"u8, "BY"u8) && !AtBoth("REMOVE"u8, "PARTITIONING"u8) && !(specifications[^1] is SetTableOption && AtTableOption))
                throw Expected("a comma or the end of the statement");
            var start = _at;
            specifications.Add(Specification() with { Span = SpanFrom(start) });
            separated = Take(SqlTokenKind.Comma);
        }

        if (separated && specifications.Count > 0)
            throw Expected("a change of the table");
        return Finish(new AlterTable(name) { IfExists = ifExists, Ignore = modifiers.Ignore, Wait = wait, Specifications = [.. specifications] });
    }

    private readonly bool AtTableOption
    {
        get
        {
            var ahead = this;
            var known = _references.Count;
            try
            {
                return ahead.TakeTableOption() is not null;
            }
            catch (SyntaxErrorException)
            {
                return false;
            }
            finally
            {
                _references.RemoveRange(known, _references.Count - known);
            }
        }
    }

    private AlterSpecification Specification()
    {
        if (Take("ADD"u8))
            return Add();
        if (Take("DROP"u8))
            return Drop();
        if (Take("MODIFY"u8))
        {
            Take("COLUMN"u8);
            var ifExists = TakeIfExists();
            return new ModifyColumn(Column(), Position()) { IfExists = ifExists };
        }

        if (Take("CHANGE"u8))
        {
            Take("COLUMN"u8);
            var ifExists = TakeIfExists();
            return new ChangeColumn(Name("the name of a column"), Column(), Position()) { IfExists = ifExists };
        }

        if (Take("ALTER"u8))
            return Alter();
        if (Take("RENAME"u8))
            return Rename();
        if (AtPartitionOperation)
            return PartitionOperation();
        return ConversionOrClause() ?? HowClause() ?? OtherChange() ?? TableOption();
    }

    private SetTableOption TableOption() => new(TakeTableOption() ?? throw Expected("a change of the table"));

    private AlterSpecification Add()
    {
        if (Take("PARTITION"u8))
            return AddPartition();
        if (TakeBoth("SYSTEM"u8, "VERSIONING"u8))
            return new SetSystemVersioning(IsAdded: true);
        if (AtBoth("STATS_EXTENDED"u8, "IF"u8) || (At("STATS_EXTENDED"u8) && Ahead(2).Kind == SqlTokenKind.Word && Ahead(3).Kind == SqlTokenKind.OpenParenthesis))
        {
            return Other("ADD STATS_EXTENDED", back: 1);
        }

        if (AtConstraint)
        {
            return Constraint() switch
            {
                KeyDefinition key => new AddKey(key),
                ForeignKeyDefinition foreignKey => new AddForeignKey(foreignKey),
                CheckDefinition check => new AddCheck(check),
                var period => new AddPeriod((PeriodDefinition)period),
            };
        }

        Take("COLUMN"u8);
        var ifNotExists = TakeIfNotExists();
        return At(SqlTokenKind.OpenParenthesis)
            ? new AddColumns(Elements()) { IfNotExists = ifNotExists }
            : new AddColumn(Column(), Position()) { IfNotExists = ifNotExists };
    }

    private ColumnPosition Position() =>
        Take("FIRST"u8) ? new ColumnPosition(IsFirst: true, null) : Take("AFTER"u8) ? new ColumnPosition(IsFirst: false, Name("the name of a column")) : default;

    private AlterSpecification Drop()
    {
        if (TakeBoth("PRIMARY"u8, "KEY"u8))
            return new DropPrimaryKey { IfExists = TakeIfExists() };
        if (Take("KEY"u8) || Take("INDEX"u8))
        {
            var ifExists = TakeIfExists();
            return new DropKey(Name("the name of a key")) { IfExists = ifExists };
        }

        if (TakeBoth("FOREIGN"u8, "KEY"u8))
        {
            var ifExists = TakeIfExists();
            return new DropForeignKey(Name("the name of a foreign key")) { IfExists = ifExists };
        }

        if (Take("CONSTRAINT"u8))
        {
            var ifExists = TakeIfExists();
            return new DropConstraint(Name("the name of a constraint")) { IfExists = ifExists };
        }

        if (Take("CHECK"u8))
            return new DropCheck(Name("the name of a check"));
        if (Take("PARTITION"u8))
        {
            var ifExists = TakeIfExists();
            return new DropPartition(NameList("the name of a partition")) { IfExists = ifExists };
        }

        if (TakeBoth("SYSTEM"u8, "VERSIONING"u8))
            return new SetSystemVersioning(IsAdded: false);
        if (AtPeriod)
        {
            Advance();
            var ifExists = TakeIfExists();
            Expect("FOR"u8);
            return new DropPeriod(UpperIfSystemTime(Name("the name of a period"))) { IfExists = ifExists };
        }

        return DropColumn();
    }

    private static string UpperIfSystemTime(string period) => period.Equals("SYSTEM_TIME", StringComparison.OrdinalIgnoreCase) ? "SYSTEM_TIME" : period;

    private DropColumn DropColumn()
    {
        Take("COLUMN"u8);
        var ifExists = TakeIfExists();
        var name = Name("the name of a column");
        if (!Take("RESTRICT"u8))
            Take("CASCADE"u8);
        return new DropColumn(name) { IfExists = ifExists };
    }

    /// <summary>From behind ALTER: a column, key or check of the table.</summary>
    private AlterSpecification Alter()
    {
        if (Take("INDEX"u8) || Take("KEY"u8))
            return AlterKey();
        if (Take("CHECK"u8) || Take("CONSTRAINT"u8))
        {
            var check = Name("the name of a check");
            var isEnforced = !Take("NOT"u8);
            Expect("ENFORCED"u8);
            return new SetCheckEnforced(check, isEnforced);
        }

        Take("COLUMN"u8);
        var ifExists = TakeIfExists();
        var name = Name("the name of a column");
        if (TakeBoth("DROP"u8, "DEFAULT"u8))
            return new DropColumnDefault(name) { IfExists = ifExists };
        Expect("SET"u8);
        if (Take("VISIBLE"u8))
            return new SetColumnVisibility(name, IsVisible: true);
        if (Take("INVISIBLE"u8))
            return new SetColumnVisibility(name, IsVisible: false);
        Expect("DEFAULT"u8);
        return new SetColumnDefault(name, Default()) { IfExists = ifExists };
    }

    private AlterSpecification AlterKey()
    {
        var ifExists = TakeIfExists();
        var name = Name("the name of a key");
        if (Take("VISIBLE"u8))
            return new SetKeyVisibility(name, IsVisible: true);
        if (Take("INVISIBLE"u8))
            return new SetKeyVisibility(name, IsVisible: false);
        var isIgnored = !Take("NOT"u8);
        Expect("IGNORED"u8);
        return new SetKeyIgnored(name, isIgnored) { IfExists = ifExists };
    }

    private AlterSpecification Rename()
    {
        if (Take("COLUMN"u8))
        {
            var ifExists = TakeIfExists();
            var from = Name("the name of a column");
            Expect("TO"u8);
            return new RenameColumn(from, Name("the name of a column")) { IfExists = ifExists };
        }

        if (Take("INDEX"u8) || Take("KEY"u8))
        {
            var ifExists = TakeIfExists();
            var from = Name("the name of a key");
            Expect("TO"u8);
            return new RenameKey(from, Name("the name of a key")) { IfExists = ifExists };
        }

        if (!Take("TO"u8) && !TakeEquals())
            Take("AS"u8);
        return new RenameTo(Object(ReferenceRole.RenameTarget));
    }

    private AlterSpecification? ConversionOrClause()
    {
        if (TakeBoth("CONVERT"u8, "TO"u8))
        {
            TakeCharsetWords();
            TakeEquals();
            var charset = CharsetName("a character set");
            var collation = Take("COLLATE"u8) ? CharsetNameAfterEquals() : null;
            return new ConvertToCharset(charset == "default" ? null : charset, collation);
        }

        if (TakeBoth("ORDER"u8, "BY"u8))
            return OrderBy();
        if (TakeBoth("WITH"u8, "VALIDATION"u8))
            return new ValidationClause(IsWith: true);
        return TakeBoth("WITHOUT"u8, "VALIDATION"u8) ? new ValidationClause(IsWith: false) : null;
    }

    private string CharsetNameAfterEquals()
    {
        TakeEquals();
        return CharsetName("a collation");
    }

    private OrderRowsBy OrderBy()
    {
        var parts = new List<KeyPart>();
        do
        {
            parts.Add(KeyPart());
            if (!At(SqlTokenKind.Comma) || !Ahead(1).IsName || (Ahead(2).Kind is not (SqlTokenKind.End or SqlTokenKind.Semicolon or SqlTokenKind.Comma) && !IsDirection(Ahead(2))))
                break;
        }
        while (Take(SqlTokenKind.Comma));

        return new OrderRowsBy([.. parts]);
    }

    private readonly bool IsDirection(SqlToken token) => _lexer.Is(token, "ASC"u8) || _lexer.Is(token, "DESC"u8);

    private AlterSpecification? OtherChange()
    {
        if (TakeBoth("ENABLE"u8, "KEYS"u8))
            return new SetKeysEnabled(IsEnabled: true);
        if (TakeBoth("DISABLE"u8, "KEYS"u8))
            return new SetKeysEnabled(IsEnabled: false);
        if (TakeBoth("DISCARD"u8, "TABLESPACE"u8))
            return new MoveTablespace(IsImport: false);
        if (TakeBoth("IMPORT"u8, "TABLESPACE"u8))
            return new MoveTablespace(IsImport: true);
        if (At("FORCE"u8) && !NextIs("AUTO_INCREMENT"u8) && !NextIs("AUTO_RANDOM_BASE"u8))
        {
            Advance();
            return new Force();
        }

        if (AtBoth("SET"u8, "TIFLASH"u8))
            return Other("SET TIFLASH REPLICA");
        if (AtBoth("SET"u8, "HYPO"u8))
            return Other("SET HYPO TIFLASH REPLICA");
        if (AtBoth("REMOVE"u8, "TTL"u8))
            return Other("REMOVE TTL");
        if (At("SECONDARY_LOAD"u8) || At("SECONDARY_UNLOAD"u8) || At("CACHE"u8) || At("NOCACHE"u8) || At("ATTRIBUTES"u8) || At("STATS_OPTIONS"u8)
            || At("COMPACT"u8) || AtBoth("SPLIT"u8, "PARTITION"u8) || AtBoth("MERGE"u8, "FIRST"u8) || AtBoth("FIRST"u8, "PARTITION"u8) || AtBoth("LAST"u8, "PARTITION"u8))
            return Other(_lexer.NameOf(Current).ToUpperInvariant());
        return null;
    }

    private OtherSpecification Other(string keyword, int back = 0)
    {
        _at -= back;
        var start = _at;
        do
            UpToComma();
        while (NextIs(SqlTokenKind.Text) && Take(SqlTokenKind.Comma)); // LOCATION LABELS 'a', 'b'
        return new OtherSpecification(keyword, ExpressionFrom(start));
    }
}
