using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

/// <summary>Tells statements on transactions, rows and variables by their first words; nothing else of them is read.</summary>
internal static class StatementKindReader
{
    private const int BeginningLength = 60;

    /// <summary>Gives the statement, or null where <see cref="DdlReader"/> has to read it.</summary>
    public static SqlStatement? Read(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        var cursor = new SqlCursor(sql, dialect);
        if (cursor.AtEnd)
            return new OtherStatement(StatementKind.Empty);

        // MariaDB: SET STATEMENT variable = value, ... FOR statement.
        if (cursor.TakeBoth("SET"u8, "STATEMENT"u8))
        {
            while (!cursor.AtStatementEnd && !cursor.At("FOR"u8))
                cursor.SkipGroup();
            cursor.Take("FOR"u8);
        }

        if (IsDefinition(ref cursor))
            return null;
        if (cursor.Take("USE"u8) && cursor.TakeName() is { } name)
            return new OtherStatement(StatementKind.Use) { UsedDatabase = name };
        return (Transaction(ref cursor) ?? Other(ref cursor)) is var kind and not StatementKind.Unknown
            ? new OtherStatement(kind)
            : new UnknownStatement($"it is of a kind that is not known and begins with: {Encoding.UTF8.GetString(sql[..Math.Min(sql.Length, BeginningLength)])}");
    }

    private static bool IsDefinition(ref SqlCursor cursor)
        => cursor.At("CREATE"u8) || cursor.At("ALTER"u8) || cursor.At("DROP"u8) || cursor.At("RENAME"u8) || cursor.At("TRUNCATE"u8)
            || cursor.At("ANALYZE"u8) || cursor.At("OPTIMIZE"u8) || cursor.At("REPAIR"u8) || cursor.At("CHECK"u8) || cursor.At("CHECKSUM"u8);

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
        if (cursor.At("SET"u8))
            return IsAccount(ref cursor) ? StatementKind.Account : StatementKind.Set;
        if (cursor.At("FLUSH"u8))
            return StatementKind.Flush;
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

    private static bool IsAccount(ref SqlCursor cursor)
    {
        var ahead = cursor;
        ahead.Advance();
        return ahead.At("PASSWORD"u8) || ahead.At("ROLE"u8) || (ahead.At("DEFAULT"u8) && ahead.NextIs("ROLE"u8));
    }
}
