using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    /// <summary>The words between CREATE, ALTER or DROP and the word that says what is defined.</summary>
    private record struct Modifiers(bool OrReplace, bool Temporary, bool Ignore, KeyType Key);

    private enum Verb
    {
        Create,
        Alter,
        Drop,
    }

    /// <summary>A whole statement that begins with CREATE, ALTER, DROP, RENAME, TRUNCATE or a word of table maintenance.</summary>
    public SqlStatement Statement()
    {
        if (Take("CREATE"u8))
            return Definition(Verb.Create);
        if (Take("ALTER"u8))
            return Definition(Verb.Alter);
        if (Take("DROP"u8))
            return Definition(Verb.Drop);
        if (Take("TRUNCATE"u8))
            return TruncateTable();
        if (Take("RENAME"u8))
        {
            if (At("USER"u8))
                return Unread(StatementKind.Account);
            if (!TakeTable())
                throw Expected("TABLE or USER");
            return RenameTable();
        }

        // MariaDB: SET STATEMENT variable = value, ... FOR statement.
        if (TakeBoth("SET"u8, "STATEMENT"u8))
        {
            while (!Take("FOR"u8))
                SkipGroup();
            return Statement();
        }

        return TableMaintenance();
    }

    private SqlStatement Definition(Verb verb)
    {
        var modifiers = TakeModifiers();
        if (TakeTable())
            return verb switch { Verb.Create => CreateTable(modifiers), Verb.Alter => AlterTable(modifiers), _ => DropTable(modifiers) };
        if (Take("DATABASE"u8) || Take("SCHEMA"u8))
            return verb switch { Verb.Create => CreateDatabase(modifiers), Verb.Alter => AlterDatabase(), _ => DropDatabase() };
        if (verb != Verb.Alter && Take("INDEX"u8))
            return verb == Verb.Create ? CreateIndex(modifiers) : DropIndex();
        if (Take("VIEW"u8))
            return Named(verb, modifiers, ReferenceRole.Subject, StatementKind.CreateView, StatementKind.AlterView, StatementKind.DropView);
        if (Take("SEQUENCE"u8))
            return Named(verb, modifiers, ReferenceRole.Subject, StatementKind.CreateSequence, StatementKind.AlterSequence, StatementKind.DropSequence);
        if (verb != Verb.Alter && Take("TRIGGER"u8))
            return Trigger(verb, modifiers);
        if (Take("EVENT"u8))
            return Named(verb, modifiers, ReferenceRole.StoredProgram, StatementKind.CreateEvent, StatementKind.AlterEvent, StatementKind.DropEvent);
        if (TakeRoutine())
            return Named(verb, modifiers, ReferenceRole.StoredProgram, StatementKind.CreateRoutine, StatementKind.AlterRoutine, StatementKind.DropRoutine);
        if (At("USER"u8) || At("ROLE"u8))
            return Unread(StatementKind.Account);
        return AtServerObject ? Unread(StatementKind.Server) : throw Expected("the kind of object");
    }

    private Modifiers TakeModifiers()
    {
        var modifiers = default(Modifiers);
        while (true)
        {
            if (TakeBoth("OR"u8, "REPLACE"u8))
                modifiers.OrReplace = true;
            else if (Take("TEMPORARY"u8))
                modifiers.Temporary = true;
            else if (Take("IGNORE"u8))
                modifiers.Ignore = true;
            else if (Take("UNIQUE"u8))
                modifiers.Key = KeyType.Unique;
            else if (Take("FULLTEXT"u8))
                modifiers.Key = KeyType.Fulltext;
            else if (Take("VECTOR"u8))
                modifiers.Key = KeyType.Vector;
            else if (Take("COLUMNAR"u8))
                modifiers.Key = KeyType.Columnar;
            else if (!NextIs("REFERENCE"u8) && Take("SPATIAL"u8))
                modifiers.Key = KeyType.Spatial;
            else if (TakeBoth("SQL"u8, "SECURITY"u8))
                Advance();
            else if (Take("ALGORITHM"u8))
                SkipValue();
            else if (Take("DEFINER"u8))
                SkipDefiner();
            else if (!TakePlainModifier())
                return modifiers;
        }
    }

    private bool TakePlainModifier() => Take("ONLINE"u8) || Take("OFFLINE"u8) || Take("AGGREGATE"u8) || Take("EXTERNAL"u8) || Take("MATERIALIZED"u8)
        || Take("JSON"u8) || Take("RELATIONAL"u8) || Take("DUALITY"u8) || Take("HYPO"u8);

    private void SkipValue()
    {
        TakeEquals();
        Advance();
    }

    // DEFINER = user, 'user'@'host', CURRENT_USER()
    private void SkipDefiner()
    {
        TakeEquals();
        Advance();
        if (Take(SqlTokenKind.OpenParenthesis))
            Close();
        else if (_lexer.IsOperator(Current, "@"u8))
            Advance(2);
        else
            Take(SqlTokenKind.UserVariable);
    }

    private bool TakeTable() => Take("TABLE"u8) || Take("TABLES"u8);

    private bool TakeRoutine()
    {
        if (Take("PROCEDURE"u8) || Take("FUNCTION"u8) || Take("LIBRARY"u8))
            return true;
        if (!Take("PACKAGE"u8))
            return false;
        Take("BODY"u8);
        return true;
    }

    private readonly bool AtServerObject => At("TABLESPACE"u8) || At("UNDO"u8) || At("LOGFILE"u8) || At("SERVER"u8) || At("INSTANCE"u8) || At("RESOURCE"u8)
        || At("SPATIAL"u8) || At("PREPARE"u8) || At("CATALOG"u8) || At("PLACEMENT"u8) || At("BINDING"u8) || At("GLOBAL"u8) || At("SESSION"u8) || At("STATISTICS"u8)
        || At("RANGE"u8);

    /// <summary>Views, sequences, events, routines: names, and nothing behind them is read.</summary>
    private ObjectStatement Named(Verb verb, Modifiers modifiers, ReferenceRole role, StatementKind create, StatementKind alter, StatementKind drop)
    {
        var ifNotExists = TakeIfNotExists();
        var ifExists = TakeIfExists();
        if (verb == Verb.Drop)
            return DropNamed(drop, role) with { IfExists = ifExists };
        var name = Object(role);
        return Unread(verb == Verb.Create ? create : alter) with
        {
            Names = [name],
            OrReplace = modifiers.OrReplace,
            Temporary = modifiers.Temporary,
            IfExists = ifExists,
            IfNotExists = ifNotExists,
        };
    }

    private ObjectStatement DropNamed(StatementKind kind, ReferenceRole role)
    {
        var names = Objects(role);
        if (!Take("RESTRICT"u8))
            Take("CASCADE"u8);
        return Finish(new ObjectStatement(kind, ExpressionFrom(0)) { Names = names });
    }

    private ObjectStatement Trigger(Verb verb, Modifiers modifiers)
    {
        var ifNotExists = TakeIfNotExists();
        var ifExists = TakeIfExists();
        if (verb == Verb.Drop)
            return DropNamed(StatementKind.DropTrigger, ReferenceRole.StoredProgram) with { IfExists = ifExists };
        Object(ReferenceRole.StoredProgram);
        while (!At("ON"u8))
            SkipGroup();
        Advance();
        var table = Object(ReferenceRole.TriggerTable);
        return Unread(StatementKind.CreateTrigger) with { Names = [table], OrReplace = modifiers.OrReplace, IfNotExists = ifNotExists };
    }

    private SqlStatement TableMaintenance()
    {
        var kind = Take("ANALYZE"u8) ? StatementKind.AnalyzeTable
            : Take("OPTIMIZE"u8) ? StatementKind.OptimizeTable
            : Take("REPAIR"u8) ? StatementKind.RepairTable
            : Take("CHECK"u8) || Take("CHECKSUM"u8) ? StatementKind.CheckTable
            : throw Expected("a statement");
        TakeNoWriteToBinlog();
        if (!TakeTable())
            Expect("VIEW"u8);
        return Unread(kind) with { Names = Objects(ReferenceRole.Subject), References = [.. _references] };
    }

    // The rest is not looked into; a stored program has semicolons of its own.
    private readonly ObjectStatement Unread(StatementKind kind)
    {
        var all = this;
        all._at = _tokens.Count - 1;
        return new ObjectStatement(kind, all.ExpressionFrom(0)) { References = [.. _references], Span = all.SpanFrom(0) };
    }
}
