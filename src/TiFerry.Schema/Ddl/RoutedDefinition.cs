using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// Definitions as SHOW CREATE prints them, with the names that their objects have on the target. Where no name changes, the text stays as it is.
/// </summary>
public static class RoutedDefinition
{
    /// <summary>Rewrites the definition of a table: its own name and those of the tables that its foreign keys refer to.</summary>
    /// <param name="definition">What SHOW CREATE TABLE printed.</param>
    /// <param name="table">The table on the source.</param>
    /// <param name="names">Gives the name on the target.</param>
    /// <param name="dialect">The server that wrote it.</param>
    public static string OfTable(string definition, TableName table, Func<TableName, TableName> names, SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(names);
        var sql = Encoding.UTF8.GetBytes(definition);
        var text = new NameReplacement(sql);
        var lexer = new SqlLexer(sql, dialect);
        var isReference = false;
        var isOwn = true;
        var token = lexer.Next();
        while (token.Kind != SqlTokenKind.End)
        {
            var next = lexer.Next();
            if (token.Kind == SqlTokenKind.QuotedName && (isOwn || isReference))
            {
                var written = new TableName(table.Schema, lexer.NameOf(token));
                var end = token.End;
                if (next.Kind == SqlTokenKind.Dot)
                {
                    var last = lexer.Next();
                    written = new TableName(written.Name, lexer.NameOf(last));
                    end = last.End;
                    next = lexer.Next();
                }
                var target = names(written);
                if (target != written)
                    text.Replace(token.Start, end, target.ToString());
                // A foreign key that names no database means the one of its own table, which may go elsewhere.
                else if (isReference && names(table).Schema != target.Schema)
                    text.Replace(token.Start, end, target.ToString());
                isOwn = isReference = false;
            }
            isReference = lexer.Is(token, "REFERENCES"u8);
            token = next;
        }
        return text.ToString();
    }

    /// <summary>Rewrites the definition of a view: its own name and those of the tables, views and columns in its body.</summary>
    /// <param name="definition">What SHOW CREATE VIEW printed in a session without a default database, so that tables stand with theirs.</param>
    /// <param name="view">The view on the source.</param>
    /// <param name="names">Gives the name on the target.</param>
    /// <param name="dialect">The server that wrote it.</param>
    /// <exception cref="TiFerryException">An alias in the view has the name of a routed database, so that a name could mean a table or a column.</exception>
    public static string OfView(string definition, TableName view, Func<TableName, TableName> names, SqlDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(names);
        var sql = Encoding.UTF8.GetBytes(definition);
        var text = new NameReplacement(sql);
        var aliases = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ambiguous = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var tokens = BodyOf(sql, dialect);
        var lexer = new SqlLexer(sql, dialect);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != SqlTokenKind.QuotedName)
                continue;
            var parts = 1;
            while (i + 2 * parts < tokens.Count && tokens[i + 2 * parts - 1].Kind == SqlTokenKind.Dot)
                parts++;
            var last = i + 2 * (parts - 1);
            if (parts == 1)
            {
                if (i == 0 || !lexer.Is(tokens[i - 1], "AS"u8))
                    aliases.Add(lexer.NameOf(tokens[i]));
                continue;
            }
            // database.function(...) is no table.
            if (parts == 2 && last + 1 < tokens.Count && tokens[last + 1].Kind == SqlTokenKind.OpenParenthesis && i > 0)
            {
                i = last;
                continue;
            }
            var written = new TableName(lexer.NameOf(tokens[i]), lexer.NameOf(tokens[i + 2]));
            var target = names(written);
            if (target != written)
            {
                text.Replace(tokens[i].Start, tokens[i + 2].End, target.ToString());
                if (parts == 2 && i > 0)
                    ambiguous.Add(written.Schema);
            }
            i = last;
        }
        if (ambiguous.Overlaps(aliases))
        {
            throw new TiFerryException(LoadErrors.CreateFailed, ErrorScope.Upstream,
                $"view {view} uses {TableName.Quote(ambiguous.First(aliases.Contains))} both as the name of a database that is routed and as an alias, so its text can't be routed without a doubt",
                "use another alias in the view, or leave the view out and create it on the target by hand");
        }
        return text.ToString();
    }

    // From the view's own name on: what stands before it names an account.
    private static List<SqlToken> BodyOf(byte[] sql, SqlDialect dialect)
    {
        var tokens = new List<SqlToken>();
        var lexer = new SqlLexer(sql, dialect);
        var isBody = false;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (isBody)
                tokens.Add(token);
            isBody |= lexer.Is(token, "VIEW"u8);
        }
        return tokens;
    }

    private sealed class NameReplacement(byte[] sql)
    {
        private readonly StringBuilder _result = new(sql.Length + 64);
        private int _done;

        public void Replace(int start, int end, string name)
        {
            _result.Append(Encoding.UTF8.GetString(sql, _done, start - _done)).Append(name);
            _done = end;
        }

        public override string ToString() => _result.Append(Encoding.UTF8.GetString(sql, _done, sql.Length - _done)).ToString();
    }
}
