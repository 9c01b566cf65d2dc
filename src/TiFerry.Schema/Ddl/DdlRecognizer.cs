using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// Tells what the statement of a query event is and which objects it is about, without understanding the whole of it.
/// What it cannot read becomes <see cref="StatementKind.Unknown"/>, never a guess.
/// </summary>
public static class DdlRecognizer
{
    private static readonly DdlStatement Unknown = new(StatementKind.Unknown);
    private static readonly DdlStatement Begin = new(StatementKind.Begin);
    private static readonly DdlStatement Commit = new(StatementKind.Commit);

    /// <summary>Recognises one statement. A statement on tables with more text behind its semicolon is <see cref="StatementKind.Unknown"/>.</summary>
    /// <param name="sql">The statement in UTF-8.</param>
    /// <param name="dialect">The server that wrote it, with the event's sql_mode.</param>
    public static DdlStatement Recognize(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        // Nearly every query event is one of these two.
        if (sql.SequenceEqual("BEGIN"u8))
            return Begin;
        if (sql.SequenceEqual("COMMIT"u8))
            return Commit;

        var cursor = new SqlCursor(sql, dialect);
        return Statement(ref cursor);
    }

    private static DdlStatement Statement(ref SqlCursor cursor)
    {
        if (cursor.AtEnd)
            return new DdlStatement(StatementKind.Empty);
        if (cursor.Take("CREATE"u8))
            return Definition(ref cursor, Verb.Create);
        if (cursor.Take("ALTER"u8))
            return Definition(ref cursor, Verb.Alter);
        if (cursor.Take("DROP"u8))
            return Definition(ref cursor, Verb.Drop);
        if (cursor.Take("RENAME"u8))
            return Rename(ref cursor);
        if (cursor.Take("TRUNCATE"u8))
            return Truncate(ref cursor);
        if (cursor.Take("SET"u8))
            return Set(ref cursor);
        if (cursor.Take("USE"u8))
            return new DdlStatement(cursor.Current.IsName ? StatementKind.Use : StatementKind.Unknown) { Database = cursor.TakeName() };
        return Maintenance(ref cursor) ?? new DdlStatement(Transaction(ref cursor) ?? Other(ref cursor));
    }

    private static StatementKind? Transaction(ref SqlCursor cursor)
    {
        if (cursor.Take("BEGIN"u8))
            return cursor.AtStatementEnd || cursor.At("WORK"u8) ? StatementKind.Begin : StatementKind.Unknown;
        if (cursor.TakeBoth("START"u8, "TRANSACTION"u8))
            return StatementKind.Begin;
        if (cursor.Take("COMMIT"u8))
            return StatementKind.Commit;
        if (cursor.Take("SAVEPOINT"u8))
            return StatementKind.Savepoint;
        if (cursor.TakeBoth("RELEASE"u8, "SAVEPOINT"u8))
            return StatementKind.ReleaseSavepoint;
        if (cursor.Take("ROLLBACK"u8))
        {
            cursor.Take("WORK"u8);
            return cursor.At("TO"u8) ? StatementKind.RollbackToSavepoint : StatementKind.Rollback;
        }

        if (!cursor.Take("XA"u8))
            return null;
        if (cursor.At("START"u8) || cursor.At("BEGIN"u8))
            return StatementKind.XaStart;
        if (cursor.At("END"u8))
            return StatementKind.XaEnd;
        if (cursor.At("PREPARE"u8))
            return StatementKind.XaPrepare;
        if (cursor.At("COMMIT"u8))
            return StatementKind.XaCommit;
        return cursor.At("ROLLBACK"u8) ? StatementKind.XaRollback : StatementKind.Unknown;
    }

    private static StatementKind Other(ref SqlCursor cursor)
    {
        if (cursor.At("INSERT"u8))
            return StatementKind.Insert;
        if (cursor.At("UPDATE"u8))
            return StatementKind.Update;
        if (cursor.At("DELETE"u8))
            return StatementKind.Delete;
        if (cursor.At("REPLACE"u8))
            return StatementKind.Replace;
        if (cursor.At("LOAD"u8))
            return cursor.NextIs("DATA"u8) || cursor.NextIs("XML"u8) ? StatementKind.LoadData : StatementKind.Server;
        if (cursor.At("CALL"u8))
            return StatementKind.Call;
        if (cursor.At("DO"u8))
            return StatementKind.Do;
        if (cursor.At("WITH"u8))
            return AfterCommonTables(ref cursor);
        if (cursor.At("SELECT"u8) || cursor.At("VALUES"u8) || cursor.At("TABLE"u8) || cursor.At("SHOW"u8) || cursor.Current.Kind == SqlTokenKind.OpenParenthesis)
            return StatementKind.Select;
        if (cursor.At("GRANT"u8) || cursor.At("REVOKE"u8))
            return StatementKind.Account;
        if (cursor.At("INSTALL"u8) || cursor.At("UNINSTALL"u8) || cursor.At("CACHE"u8) || cursor.At("PURGE"u8))
            return StatementKind.Server;
        return cursor.At("LOCK"u8) || cursor.At("UNLOCK"u8) ? StatementKind.LockTables : StatementKind.Unknown;
    }

    private static StatementKind AfterCommonTables(ref SqlCursor cursor)
    {
        while (!cursor.AtStatementEnd)
        {
            if (cursor.At("UPDATE"u8))
                return StatementKind.Update;
            if (cursor.At("DELETE"u8))
                return StatementKind.Delete;
            if (cursor.At("SELECT"u8) || cursor.At("VALUES"u8) || cursor.At("TABLE"u8))
                return StatementKind.Select;
            cursor.SkipGroup();
        }

        return StatementKind.Unknown;
    }

    private static DdlStatement? Maintenance(ref SqlCursor cursor)
    {
        StatementKind kind;
        if (cursor.Take("ANALYZE"u8))
            kind = StatementKind.AnalyzeTable;
        else if (cursor.Take("OPTIMIZE"u8))
            kind = StatementKind.OptimizeTable;
        else if (cursor.Take("REPAIR"u8))
            kind = StatementKind.RepairTable;
        else if (cursor.Take("CHECK"u8) || cursor.Take("CHECKSUM"u8))
            kind = StatementKind.CheckTable;
        else if (cursor.Take("FLUSH"u8))
            return new DdlStatement(StatementKind.Flush);
        else
            return null;

        if (!cursor.Take("NO_WRITE_TO_BINLOG"u8))
            cursor.Take("LOCAL"u8);
        if (!TakeTable(ref cursor) && !cursor.Take("VIEW"u8))
            return Unknown;
        var names = NameList(ref cursor);
        return names.Count == 0 ? Unknown : new DdlStatement(kind) { Objects = names };
    }

    private static DdlStatement Set(ref SqlCursor cursor)
    {
        if (cursor.At("PASSWORD"u8) || cursor.At("ROLE"u8) || (cursor.At("DEFAULT"u8) && cursor.NextIs("ROLE"u8)))
            return new DdlStatement(StatementKind.Account);
        if (!cursor.Take("STATEMENT"u8))
            return new DdlStatement(StatementKind.Set);

        // MariaDB: SET STATEMENT variable = value, ... FOR statement.
        while (!cursor.AtStatementEnd)
        {
            if (cursor.Take("FOR"u8))
                return Statement(ref cursor);
            cursor.SkipGroup();
        }

        return Unknown;
    }

    private static DdlStatement Truncate(ref SqlCursor cursor)
    {
        cursor.Take("TABLE"u8);
        if (cursor.TakeObjectName() is not { } table)
            return Unknown;
        cursor.TakeWait();
        return Finish(ref cursor, new DdlStatement(StatementKind.TruncateTable) { Objects = [table] });
    }

    private static DdlStatement Rename(ref SqlCursor cursor)
    {
        if (cursor.At("USER"u8))
            return new DdlStatement(StatementKind.Account);
        if (!TakeTable(ref cursor))
            return Unknown;
        var ifExists = cursor.TakeIfExists();
        var renames = new List<ObjectRename>();
        do
        {
            if (cursor.TakeObjectName() is not { } from)
                return Unknown;
            cursor.TakeWait();
            if (!cursor.Take("TO"u8) || cursor.TakeObjectName() is not { } to)
                return Unknown;
            renames.Add(new ObjectRename(from, to));
        }
        while (cursor.Take(SqlTokenKind.Comma));

        return Finish(ref cursor, new DdlStatement(StatementKind.RenameTable)
        {
            Objects = [.. renames.SelectMany(r => new[] { r.From, r.To })],
            Renames = renames,
            IfExists = ifExists,
        });
    }

    private enum Verb
    {
        Create,
        Alter,
        Drop,
    }

    /// <summary>The words between the verb and the word that says what is defined.</summary>
    private record struct Modifiers(bool OrReplace, bool Temporary);

    private static DdlStatement Definition(ref SqlCursor cursor, Verb verb)
    {
        var modifiers = TakeModifiers(ref cursor);
        if (TakeTable(ref cursor))
            return Table(ref cursor, verb, modifiers);
        if (cursor.Take("DATABASE"u8) || cursor.Take("SCHEMA"u8))
            return Database(ref cursor, verb, modifiers);
        if (cursor.Take("INDEX"u8))
            return Index(ref cursor, verb, modifiers);
        if (cursor.Take("VIEW"u8))
            return Listed(ref cursor, Pick(verb, StatementKind.CreateView, StatementKind.AlterView, StatementKind.DropView), modifiers);
        if (cursor.Take("SEQUENCE"u8))
            return Listed(ref cursor, Pick(verb, StatementKind.CreateSequence, StatementKind.AlterSequence, StatementKind.DropSequence), modifiers);
        if (cursor.Take("TRIGGER"u8))
            return Trigger(ref cursor, verb, modifiers);
        if (cursor.Take("EVENT"u8))
            return Listed(ref cursor, Pick(verb, StatementKind.CreateEvent, StatementKind.AlterEvent, StatementKind.DropEvent), modifiers);
        if (TakeRoutine(ref cursor))
            return Listed(ref cursor, Pick(verb, StatementKind.CreateRoutine, StatementKind.AlterRoutine, StatementKind.DropRoutine), modifiers);
        if (cursor.At("USER"u8) || cursor.At("ROLE"u8))
            return new DdlStatement(StatementKind.Account);
        return IsServerObject(ref cursor) ? new DdlStatement(StatementKind.Server) : Unknown;
    }

    private static Modifiers TakeModifiers(ref SqlCursor cursor)
    {
        var modifiers = default(Modifiers);
        while (true)
        {
            if (cursor.TakeBoth("OR"u8, "REPLACE"u8))
                modifiers.OrReplace = true;
            else if (cursor.Take("TEMPORARY"u8))
                modifiers.Temporary = true;
            else if (cursor.TakeBoth("SQL"u8, "SECURITY"u8))
                cursor.Advance();
            else if (cursor.Take("ALGORITHM"u8))
                SkipValue(ref cursor);
            else if (cursor.Take("DEFINER"u8))
                SkipDefiner(ref cursor);
            else if (!TakePlainModifier(ref cursor))
                return modifiers;
        }
    }

    // "UNDO TABLESPACE" and the like keep their first word: it names the object.
    private static bool TakePlainModifier(ref SqlCursor cursor)
        => cursor.Take("ONLINE"u8) || cursor.Take("OFFLINE"u8) || cursor.Take("IGNORE"u8)
            || cursor.Take("UNIQUE"u8) || cursor.Take("FULLTEXT"u8) || cursor.Take("VECTOR"u8)
            || (!cursor.NextIs("REFERENCE"u8) && cursor.Take("SPATIAL"u8))
            || cursor.Take("AGGREGATE"u8) || cursor.Take("EXTERNAL"u8) || cursor.Take("MATERIALIZED"u8)
            || cursor.Take("JSON"u8) || cursor.Take("RELATIONAL"u8) || cursor.Take("DUALITY"u8);

    private static void SkipValue(ref SqlCursor cursor)
    {
        cursor.TakeOperator("="u8);
        cursor.Advance();
    }

    private static void SkipDefiner(ref SqlCursor cursor)
    {
        cursor.TakeOperator("="u8);
        cursor.SkipAccount();
    }

    private static bool TakeTable(ref SqlCursor cursor) => cursor.Take("TABLE"u8) || cursor.Take("TABLES"u8);

    private static bool TakeRoutine(ref SqlCursor cursor)
    {
        if (cursor.Take("PROCEDURE"u8) || cursor.Take("FUNCTION"u8) || cursor.Take("LIBRARY"u8))
            return true;
        if (!cursor.Take("PACKAGE"u8))
            return false;
        cursor.Take("BODY"u8);
        return true;
    }

    private static bool IsServerObject(ref SqlCursor cursor)
        => cursor.At("TABLESPACE"u8) || cursor.At("UNDO"u8) || cursor.At("LOGFILE"u8) || cursor.At("SERVER"u8) || cursor.At("INSTANCE"u8)
            || cursor.At("RESOURCE"u8) || cursor.At("SPATIAL"u8) || cursor.At("PREPARE"u8) || cursor.At("CATALOG"u8) || cursor.At("PLACEMENT"u8);

    private static StatementKind Pick(Verb verb, StatementKind create, StatementKind alter, StatementKind drop) => verb switch
    {
        Verb.Create => create,
        Verb.Alter => alter,
        _ => drop,
    };

    private static DdlStatement Database(ref SqlCursor cursor, Verb verb, Modifiers modifiers)
    {
        var kind = Pick(verb, StatementKind.CreateDatabase, StatementKind.AlterDatabase, StatementKind.DropDatabase);
        var ifNotExists = cursor.TakeIfNotExists();
        var ifExists = cursor.TakeIfExists();

        // ALTER DATABASE may leave the name out; then an option follows at once.
        var nameless = verb == Verb.Alter && (cursor.AtStatementEnd || AtDatabaseOption(ref cursor));
        var name = nameless ? null : cursor.TakeName();
        if (name is null && !nameless)
            return Unknown;
        return new DdlStatement(kind) { Database = name, OrReplace = modifiers.OrReplace, IfExists = ifExists, IfNotExists = ifNotExists };
    }

    // CHARSET, ENCRYPTION and COMMENT can also be the name of the database; then an option follows, not a value.
    private static bool AtDatabaseOption(ref SqlCursor cursor)
    {
        if (cursor.At("DEFAULT"u8) || cursor.At("CHARACTER"u8) || cursor.At("COLLATE"u8) || (cursor.At("READ"u8) && cursor.NextIs("ONLY"u8)))
            return true;
        if (!cursor.At("CHARSET"u8) && !cursor.At("ENCRYPTION"u8) && !cursor.At("COMMENT"u8))
            return false;
        var ahead = cursor;
        ahead.Advance();
        return !ahead.AtStatementEnd && !AtOptionWord(ref ahead);
    }

    private static bool AtOptionWord(ref SqlCursor cursor)
        => cursor.At("DEFAULT"u8) || cursor.At("CHARACTER"u8) || cursor.At("COLLATE"u8) || cursor.At("CHARSET"u8)
            || cursor.At("ENCRYPTION"u8) || cursor.At("COMMENT"u8) || cursor.At("READ"u8) || cursor.At("UPGRADE"u8);

    private static DdlStatement Index(ref SqlCursor cursor, Verb verb, Modifiers modifiers)
    {
        var ifNotExists = cursor.TakeIfNotExists();
        var ifExists = cursor.TakeIfExists();
        if (verb == Verb.Alter || cursor.TakeName() is null)
            return Unknown;
        if (cursor.Take("USING"u8) || cursor.Take("TYPE"u8))
            cursor.Advance();
        if (!cursor.Take("ON"u8) || cursor.TakeObjectName() is not { } table)
            return Unknown;
        return new DdlStatement(verb == Verb.Create ? StatementKind.CreateIndex : StatementKind.DropIndex)
        {
            Objects = [table],
            OrReplace = modifiers.OrReplace,
            IfExists = ifExists,
            IfNotExists = ifNotExists,
        };
    }

    private static DdlStatement Trigger(ref SqlCursor cursor, Verb verb, Modifiers modifiers)
    {
        var ifNotExists = cursor.TakeIfNotExists();
        var ifExists = cursor.TakeIfExists();
        if (verb == Verb.Alter || cursor.TakeObjectName() is not { } trigger)
            return Unknown;
        if (verb == Verb.Drop)
            return new DdlStatement(StatementKind.DropTrigger) { Objects = [trigger], IfExists = ifExists };
        while (!cursor.AtStatementEnd && !cursor.At("ON"u8))
            cursor.Advance();
        if (!cursor.Take("ON"u8) || cursor.TakeObjectName() is not { } table)
            return Unknown;
        return new DdlStatement(StatementKind.CreateTrigger) { Objects = [table], OrReplace = modifiers.OrReplace, IfNotExists = ifNotExists };
    }

    /// <summary>Views, sequences, events, routines: names, and nothing behind them that matters here.</summary>
    private static DdlStatement Listed(ref SqlCursor cursor, StatementKind kind, Modifiers modifiers)
    {
        var ifNotExists = cursor.TakeIfNotExists();
        var ifExists = cursor.TakeIfExists();
        var names = NameList(ref cursor);
        if (names.Count == 0)
            return Unknown;
        return new DdlStatement(kind)
        {
            Objects = names,
            OrReplace = modifiers.OrReplace,
            IsTemporary = modifiers.Temporary,
            IfExists = ifExists,
            IfNotExists = ifNotExists,
        };
    }

    private static DdlStatement Table(ref SqlCursor cursor, Verb verb, Modifiers modifiers) => verb switch
    {
        Verb.Create => CreateTable(ref cursor, modifiers),
        Verb.Alter => AlterTable(ref cursor),
        _ => DropTable(ref cursor, modifiers),
    };

    private static DdlStatement DropTable(ref SqlCursor cursor, Modifiers modifiers)
    {
        var ifExists = cursor.TakeIfExists();
        var names = NameList(ref cursor);
        if (names.Count == 0)
            return Unknown;
        cursor.TakeWait();
        if (!cursor.Take("RESTRICT"u8))
            cursor.Take("CASCADE"u8);
        return Finish(ref cursor, new DdlStatement(StatementKind.DropTable) { Objects = names, IsTemporary = modifiers.Temporary, IfExists = ifExists });
    }

    private static DdlStatement CreateTable(ref SqlCursor cursor, Modifiers modifiers)
    {
        var ifNotExists = cursor.TakeIfNotExists();
        if (cursor.TakeObjectName() is not { } table)
            return Unknown;
        var statement = new DdlStatement(StatementKind.CreateTable)
        {
            Objects = [table],
            IsTemporary = modifiers.Temporary,
            OrReplace = modifiers.OrReplace,
            IfNotExists = ifNotExists,
        };
        if (cursor.Current.Kind == SqlTokenKind.OpenParenthesis && cursor.NextIs("LIKE"u8))
            cursor.Advance();
        if (cursor.Take("LIKE"u8))
            return cursor.TakeObjectName() is { } source ? statement with { Kind = StatementKind.CreateTableLike, LikeSource = source } : Unknown;

        while (!cursor.AtStatementEnd)
        {
            if (AtQuery(ref cursor))
                return statement with { Kind = StatementKind.CreateTableSelect };
            if (cursor.TakeBoth("START"u8, "TRANSACTION"u8))
                statement = statement with { StartsTransaction = true };
            else
                cursor.SkipGroup();
        }

        return Finish(ref cursor, statement);
    }

    // At depth 0 of CREATE TABLE, AS, SELECT, VALUES and TABLE only begin a query; WITH also begins MariaDB's WITH SYSTEM VERSIONING.
    private static bool AtQuery(ref SqlCursor cursor)
    {
        if (cursor.Current.Kind == SqlTokenKind.OpenParenthesis)
            return cursor.NextIs("SELECT"u8) || cursor.NextIs("WITH"u8) || cursor.NextIs("VALUES"u8) || cursor.NextIs("TABLE"u8);
        return cursor.At("SELECT"u8) || cursor.At("AS"u8) || cursor.At("VALUES"u8) || cursor.At("TABLE"u8)
            || (cursor.At("WITH"u8) && !cursor.NextIs("SYSTEM"u8) && !cursor.NextIs("PARSER"u8));
    }

    private static DdlStatement AlterTable(ref SqlCursor cursor)
    {
        var ifExists = cursor.TakeIfExists();
        if (cursor.TakeObjectName() is not { } table)
            return Unknown;
        cursor.TakeWait();
        var objects = new List<ObjectName> { table };
        var renames = new List<ObjectRename>();
        while (!cursor.AtStatementEnd)
        {
            // Every specification begins here.
            if (cursor.At("RENAME"u8) && !(cursor.NextIs("COLUMN"u8) || cursor.NextIs("INDEX"u8) || cursor.NextIs("KEY"u8)))
            {
                if (RenameTarget(ref cursor) is not { } name)
                    return Unknown;
                objects.Add(name);
                renames.Add(new ObjectRename(table, name));
            }
            else if (PartitionPartner(ref cursor, out var partner))
            {
                if (partner is null)
                    return Unknown;
                objects.Add(partner.Value);
            }

            while (!cursor.AtStatementEnd && cursor.Current.Kind != SqlTokenKind.Comma)
                cursor.SkipGroup();
            cursor.Take(SqlTokenKind.Comma);
        }

        return Finish(ref cursor, new DdlStatement(StatementKind.AlterTable) { Objects = objects, Renames = renames, IfExists = ifExists });
    }

    private static ObjectName? RenameTarget(ref SqlCursor cursor)
    {
        cursor.Advance();
        if (!cursor.Take("TO"u8) && !cursor.TakeOperator("="u8))
            cursor.Take("AS"u8);
        return cursor.TakeObjectName();
    }

    /// <summary>EXCHANGE PARTITION p WITH TABLE t; MariaDB's CONVERT PARTITION p TO TABLE t and CONVERT TABLE t TO PARTITION p.</summary>
    private static bool PartitionPartner(ref SqlCursor cursor, out ObjectName? partner)
    {
        partner = null;
        if (cursor.TakeBoth("CONVERT"u8, "TABLE"u8))
        {
            partner = cursor.TakeObjectName();
            return true;
        }

        if (!cursor.TakeBoth("EXCHANGE"u8, "PARTITION"u8) && !cursor.TakeBoth("CONVERT"u8, "PARTITION"u8))
            return false;
        while (!cursor.AtStatementEnd && !cursor.At("TABLE"u8))
            cursor.Advance();
        cursor.Advance();
        partner = cursor.TakeObjectName();
        return true;
    }

    private static List<ObjectName> NameList(ref SqlCursor cursor)
    {
        var names = new List<ObjectName>();
        do
        {
            if (cursor.TakeObjectName() is not { } name)
                return [];
            names.Add(name);
        }
        while (cursor.Take(SqlTokenKind.Comma));

        return names;
    }

    private static DdlStatement Finish(ref SqlCursor cursor, DdlStatement statement)
    {
        while (cursor.Take(SqlTokenKind.Semicolon))
        {
        }

        return cursor.AtEnd ? statement : Unknown;
    }
}
