using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Secrets;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Ddl;

/// <summary>Says which objects of the migration a statement from the binlog touches.</summary>
/// <param name="filter">Which tables are carried.</param>
/// <param name="dialect">The source's dialect.</param>
public sealed class DdlScope(ITableSelector filter, SqlDialect dialect)
{
    /// <summary>Reads a statement.</summary>
    /// <param name="query">The event.</param>
    /// <param name="text">The statement in UTF-8; null where the client's character set can't be converted without a doubt.</param>
    public SqlStatement Recognize(QueryEvent query, out byte[]? text)
    {
        var charset = query.ClientCollation is { } id ? Collations.ById(id, dialect.Flavour)?.Charset : null;
        text = StatementEncoding.ToUtf8(query.Sql, charset ?? "utf8mb4");
        return DdlParser.Read(text is null ? query.Sql : text, dialect with { Mode = (SqlMode)(query.SqlMode ?? 0) });
    }

    /// <summary>The objects of a schema change that are carried; a database stands as a name without table.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="query">The event it came in.</param>
    /// <param name="realName">Gives for a table of an online schema change tool the table it stands for; null to take names as they are.</param>
    public List<TableName> ObjectsInScope(SqlStatement statement, QueryEvent query, Func<TableName, TableName>? realName = null)
    {
        var result = new List<TableName>();
        if (statement.Database is { } database)
        {
            if (filter.MatchSchema(database))
                result.Add(new TableName(database, ""));
            return result;
        }
        foreach (var name in statement.Objects)
        {
            var full = new TableName(name.Schema ?? query.Schema, name.Name);
            full = realName?.Invoke(full) ?? full;
            if (filter.MatchTable(full.Schema, full.Name) && !result.Contains(full))
                result.Add(full);
        }
        return result;
    }

    /// <summary>Whether a change logged as a statement may touch carried tables.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="query">The event it came in.</param>
    public bool TouchesCarriedRows(SqlStatement statement, QueryEvent query) =>
        statement.Objects.Count == 0
            ? filter.MatchSchema(query.Schema) || NamesCarriedSchema(query)
            : statement.Objects.Any(o => filter.MatchTable(o.Schema ?? query.Schema, o.Name));

    // A name in front of a dot that is that of a carried database; an alias of the same name only makes the answer more careful.
    private bool NamesCarriedSchema(QueryEvent query)
    {
        var lexer = new SqlLexer(query.Sql, dialect with { Mode = (SqlMode)(query.SqlMode ?? 0) });
        SqlToken previous = default;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Kind == SqlTokenKind.Dot && (previous.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName) && filter.MatchSchema(lexer.NameOf(previous)))
                return true;
            previous = token;
        }
        return false;
    }

    /// <summary>The error for a statement that can't be read.</summary>
    public static TiFerryException Unknown(QueryEvent query, UnknownStatement statement, BinlogPosition position) =>
        new(SchemaErrors.CannotParseStatement, ErrorScope.Upstream,
            $"the statement at {position} in database '{query.Schema}' can't be read: {SecretText.Mask(statement.Error)}",
            "run on the target what it does, then go on behind it with --mode incremental --start-position");
}
