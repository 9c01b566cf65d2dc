using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    /// <summary>A column, key, constraint or period of a table.</summary>
    private TableElement Element() => AtConstraint ? Constraint() : Column();

    // All but PERIOD, VECTOR and COLUMNAR are reserved words.
    private readonly bool AtConstraint => At("CONSTRAINT"u8) || At("PRIMARY"u8) || At("UNIQUE"u8) || At("KEY"u8) || At("INDEX"u8) || At("FULLTEXT"u8) || At("SPATIAL"u8)
        || At("FOREIGN"u8) || At("CHECK"u8) || AtPeriod || AtBoth("COLUMNAR"u8, "INDEX"u8) || AtVectorKey;

    // "vector int" is a column of that name; "vector key (v)", "vector (v)" and "vector v (v)" are keys.
    private readonly bool AtVectorKey => At("VECTOR"u8)
        && (NextIs("INDEX"u8) || NextIs("KEY"u8) || NextIs("IF"u8) || NextIs(SqlTokenKind.OpenParenthesis)
            || (Ahead(1).IsName && Ahead(2).Kind == SqlTokenKind.OpenParenthesis && Ahead(3).IsName));

    private readonly bool AtPeriod => At("PERIOD"u8) && (NextIs("FOR"u8) || NextIs("IF"u8));

    private TableElement Constraint()
    {
        var start = _at;
        if (Take("PERIOD"u8))
            return Period(start);
        var ifNotExists = At("CONSTRAINT"u8) && _lexer.Is(Ahead(1), "IF"u8);
        var name = ConstraintName();
        if (Take("CHECK"u8))
            return Check(start, name) with { IfNotExists = ifNotExists };
        if (TakeBoth("FOREIGN"u8, "KEY"u8))
            return ForeignKey(start, name);
        return Key(start, KeyKind()) with { ConstraintName = name };
    }

    /// <summary>CONSTRAINT [name]; null for none.</summary>
    private string? ConstraintName()
    {
        if (!Take("CONSTRAINT"u8))
            return null;
        TakeIfNotExists();
        return At("CHECK"u8) || At("FOREIGN"u8) || At("PRIMARY"u8) || At("UNIQUE"u8) ? "" : Name("the name of a constraint");
    }

    private KeyType KeyKind()
    {
        if (Take("PRIMARY"u8))
        {
            Expect("KEY"u8);
            return KeyType.Primary;
        }

        var kind = Take("UNIQUE"u8) ? KeyType.Unique
            : Take("FULLTEXT"u8) ? KeyType.Fulltext
            : Take("SPATIAL"u8) ? KeyType.Spatial
            : Take("VECTOR"u8) ? KeyType.Vector
            : Take("COLUMNAR"u8) ? KeyType.Columnar
            : KeyType.Plain;
        if (!Take("KEY"u8) && !Take("INDEX"u8) && kind == KeyType.Plain)
            throw Expected("a key or constraint");
        return kind;
    }

    private KeyDefinition Key(int start, KeyType type)
    {
        var key = new KeyDefinition(type) { IfNotExists = TakeIfNotExists() };
        if (Current.IsName && !At("USING"u8))
            key = key with { Name = Name("the name of a key") };
        key = KeyBody(key);
        return key with { Span = SpanFrom(start) };
    }

    /// <summary>[USING type] (parts) options.</summary>
    private KeyDefinition KeyBody(KeyDefinition key)
    {
        if (Take("USING"u8) || Take("TYPE"u8))
            key = key with { Algorithm = UpperWord("a kind of index") };
        key = KeyParts(key);
        while (TakeKeyOption(ref key))
        {
        }

        return key;
    }

    private KeyDefinition KeyParts(KeyDefinition key)
    {
        var parts = new List<KeyPart>();
        Open();
        do
        {
            if (Current.IsName && AheadIsWithoutOverlaps)
            {
                key = key with { WithoutOverlaps = Name("the name of a period") };
                Advance(2);
            }
            else
            {
                parts.Add(KeyPart());
            }
        }
        while (Take(SqlTokenKind.Comma));

        Close();
        return key with { Parts = [.. parts] };
    }

    private readonly bool AheadIsWithoutOverlaps => _lexer.Is(Ahead(1), "WITHOUT"u8) && _lexer.Is(Ahead(2), "OVERLAPS"u8);

    private KeyPart KeyPart()
    {
        var start = _at;
        var part = At(SqlTokenKind.OpenParenthesis) ? new KeyPart { Expression = Bracketed() } : new KeyPart { Column = Name("a column") };
        if (part.Column is not null && At(SqlTokenKind.OpenParenthesis))
            part = part with { PrefixLength = (int)BracketedNumber("a length") };
        if (Take("DESC"u8))
            part = part with { IsDescending = true };
        else
            Take("ASC"u8);
        return part with { Span = SpanFrom(start) };
    }

    private bool TakeKeyOption(ref KeyDefinition key)
    {
        if (At("USING"u8) || (At("TYPE"u8) && !NextIsEquals))
        {
            Advance();
            key = key with { Algorithm = UpperWord("a kind of index") };
        }
        else if (At("COMMENT"u8))
        {
            Advance();
            TakeEquals();
            key = key with { Comment = Text("a comment") };
        }
        else if (TakeBoth("WITH"u8, "PARSER"u8))
        {
            key = key with { Parser = Name("the name of a parser") };
        }
        else if (Take("VISIBLE"u8))
        {
            key = key with { IsVisible = true };
        }
        else if (Take("INVISIBLE"u8))
        {
            key = key with { IsVisible = false };
        }
        else if (Take("IGNORED"u8))
        {
            key = key with { IsIgnored = true };
        }
        else if (TakeBoth("NOT"u8, "IGNORED"u8))
        {
            key = key with { IsIgnored = false };
        }
        else if (At("CLUSTERED"u8) || At("NONCLUSTERED"u8))
        {
            key = key with { Clustering = Clustering() };
        }
        else
        {
            return TakeOtherKeyOption(ref key);
        }

        return true;
    }

    private bool TakeOtherKeyOption(ref KeyDefinition key)
    {
        OptionClause option;
        if (At("GLOBAL"u8) || At("LOCAL"u8) || At("ADD_COLUMNAR_REPLICA_ON_DEMAND"u8))
            option = new OptionClause(UpperWord("an option"), "", OptionValueKind.None);
        else if (At("KEY_BLOCK_SIZE"u8) || At("ENGINE_ATTRIBUTE"u8) || At("SECONDARY_ENGINE_ATTRIBUTE"u8) || At("PRE_SPLIT_REGIONS"u8))
            option = Option(UpperWord("an option"));
        else if (Take("WHERE"u8))
            option = new OptionClause("WHERE", UpToComma().Text, OptionValueKind.Raw);
        else if (Current.IsName && NextIsEquals && !At("ALGORITHM"u8) && !At("LOCK"u8))
            option = Option(Name("an option"));
        else
            return false;
        key = key with { Options = [.. key.Options, option] };
        return true;
    }

    private ForeignKeyDefinition ForeignKey(int start, string? constraintName)
    {
        var ifNotExists = TakeIfNotExists();
        var indexName = Current.IsName ? Name("a name") : null;
        var columns = BracketedNames("a column");
        return new ForeignKeyDefinition(ForeignKeyReference())
        {
            ConstraintName = constraintName,
            IndexName = indexName,
            IfNotExists = ifNotExists,
            Columns = columns,
            Span = SpanFrom(start),
        };
    }

    private ForeignKeyReference ForeignKeyReference()
    {
        var start = _at;
        Expect("REFERENCES"u8);
        var reference = new ForeignKeyReference(Object(ReferenceRole.ForeignKeyParent));
        if (At(SqlTokenKind.OpenParenthesis))
            reference = reference with { Columns = BracketedNames("a column") };
        if (Take("MATCH"u8))
            reference = reference with { Match = UpperWord("FULL, PARTIAL or SIMPLE") };
        while (At("ON"u8) && (NextIs("DELETE"u8) || NextIs("UPDATE"u8)) && AheadIsAction)
        {
            var isDelete = NextIs("DELETE"u8);
            Advance(2);
            var action = Action();
            reference = isDelete ? reference with { OnDelete = action } : reference with { OnUpdate = action };
        }

        return reference with { Span = SpanFrom(start) };
    }

    // Behind an inline REFERENCES, ON UPDATE CURRENT_TIMESTAMP belongs to the column.
    private readonly bool AheadIsAction
    {
        get
        {
            var third = Ahead(2);
            return _lexer.Is(third, "RESTRICT"u8) || _lexer.Is(third, "CASCADE"u8) || _lexer.Is(third, "SET"u8) || _lexer.Is(third, "NO"u8);
        }
    }

    private ReferentialAction Action()
    {
        if (Take("RESTRICT"u8))
            return ReferentialAction.Restrict;
        if (Take("CASCADE"u8))
            return ReferentialAction.Cascade;
        if (TakeBoth("SET"u8, "NULL"u8))
            return ReferentialAction.SetNull;
        if (TakeBoth("SET"u8, "DEFAULT"u8))
            return ReferentialAction.SetDefault;
        Expect("NO"u8);
        Expect("ACTION"u8);
        return ReferentialAction.NoAction;
    }

    /// <summary>From behind CHECK.</summary>
    private CheckDefinition Check(int start, string? constraintName)
    {
        var check = new CheckDefinition(Bracketed()) { ConstraintName = constraintName };
        if (Take("ENFORCED"u8))
            check = check with { IsEnforced = true };
        else if (TakeBoth("NOT"u8, "ENFORCED"u8))
            check = check with { IsEnforced = false };
        return check with { Span = SpanFrom(start) };
    }

    /// <summary>From behind PERIOD.</summary>
    private PeriodDefinition Period(int start)
    {
        var ifNotExists = TakeIfNotExists();
        Expect("FOR"u8);
        var name = Name("the name of a period");
        Open();
        var from = Name("a column");
        Expect(SqlTokenKind.Comma, ",");
        var to = Name("a column");
        Close();
        return new PeriodDefinition(UpperIfSystemTime(name), from, to)
        {
            IfNotExists = ifNotExists,
            Span = SpanFrom(start),
        };
    }
}
