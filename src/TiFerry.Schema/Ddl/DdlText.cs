using System.Buffers;
using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>Rewrites DDL text token by token; whatever is not concerned keeps its bytes.</summary>
public static partial class DdlText
{
    /// <summary>
    /// Splits an ALTER TABLE with several specifications into statements of one specification each, for targets that take no more
    /// (TiDB before 6.2). A RENAME of the table goes last, ALGORITHM, LOCK and VALIDATION clauses go with every piece. What cannot be split
    /// (partition operations, ORDER BY lists) stays together. Anything else than ALTER TABLE comes back alone.
    /// The pieces run one after another: specifications that need each other (swapping two column names) fail on the target with
    /// an error, they never give another table.
    /// </summary>
    public static IReadOnlyList<byte[]> SplitAlter(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        var text = ResolveVersionComments(sql, dialect);
        if (DdlParser.Read(text, dialect) is not AlterTable { Specifications: { Count: > 1 } specifications })
            return [text];
        var head = text.AsSpan(..specifications[0].Span.Start).TrimEnd(" \t\r\n"u8);
        var shared = specifications.Where(s => s is AlgorithmClause or LockClause or ValidationClause).Select(s => s.Span).ToList();
        var groups = Groups(specifications);
        if (groups.Count < 2)
            return [text];
        var pieces = new List<byte[]>();
        foreach (var group in groups)
        {
            var piece = new ArrayBufferWriter<byte>(text.Length);
            piece.Write(head);
            piece.Write(" "u8);
            WriteList(piece, text, [.. group, .. shared]);
            pieces.Add(piece.WrittenSpan.ToArray());
        }

        return pieces;
    }

    // Each change alone, but a character set and its collation together; the new name last.
    private static List<List<TextSpan>> Groups(NodeList<AlterSpecification> specifications)
    {
        var groups = new List<List<TextSpan>>();
        var last = new List<List<TextSpan>>();
        List<TextSpan>? charset = null;
        foreach (var specification in specifications)
        {
            if (specification is AlgorithmClause or LockClause or ValidationClause)
                continue;
            if (specification is SetTableOption { Option.Name: "CHARACTER SET" or "COLLATE" })
            {
                if (charset is null)
                    groups.Add(charset = []);
                charset.Add(specification.Span);
            }
            else
            {
                (specification is RenameTo ? last : groups).Add([specification.Span]);
            }
        }

        return [.. groups, .. last];
    }

    private static void WriteList(ArrayBufferWriter<byte> result, byte[] text, IReadOnlyList<TextSpan> spans)
    {
        for (var i = 0; i < spans.Count; i++)
        {
            if (i > 0)
                result.Write(", "u8);
            result.Write(text.AsSpan(spans[i].Range));
        }
    }

    /// <summary>
    /// Splits DROP TABLE, DROP VIEW, DROP SEQUENCE and RENAME TABLE with several objects into statements of one object each, in their order.
    /// Anything else comes back alone. A single statement was atomic; the pieces are not.
    /// </summary>
    public static IReadOnlyList<byte[]> SplitTables(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        var text = ResolveVersionComments(sql, dialect);
        var statement = DdlParser.Read(text, dialect);
        var namesEach = statement.Kind switch
        {
            StatementKind.RenameTable => 2,
            StatementKind.DropTable or StatementKind.DropView or StatementKind.DropSequence => 1,
            _ => 0,
        };
        var names = statement.References;
        if (namesEach == 0 || names.Count <= namesEach)
            return [text];
        var head = text.AsSpan(..names[0].Span.Start).TrimEnd(" \t\r\n"u8);
        var tail = text.AsSpan(names[^1].Span.End..statement.Span.End);
        var pieces = new List<byte[]>();
        for (var i = 0; i < names.Count; i += namesEach)
            pieces.Add([.. head, (byte)' ', .. text.AsSpan(names[i].Span.Start..names[i + namesEach - 1].Span.End), .. tail]);
        return pieces;
    }

    /// <summary>
    /// Writes other names for the tables and databases of a statement; the rest of the text keeps its bytes. Bodies of views, triggers and routines are not
    /// looked into.
    /// </summary>
    /// <param name="sql">The statement.</param>
    /// <param name="statement">What <see cref="DdlParser"/> read from this very text.</param>
    /// <param name="map">
    /// Gives the name to write for one that stands in the text: its schema is null where none was written. A database has an empty object name;
    /// of a trigger, routine or event only a written database is asked for.
    /// </param>
    public static byte[] RenameTables(ReadOnlySpan<byte> sql, SqlStatement statement, Func<ObjectName, ObjectName> map)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(map);
        var result = new ArrayBufferWriter<byte>(sql.Length + 64);
        var copied = 0;
        foreach (var reference in statement.References.OrderBy(r => r.Span.Start))
        {
            var name = Renamed(reference, map);
            if (name == reference.Name)
                continue;
            result.Write(sql[copied..reference.Span.Start]);
            result.Write(Encoding.UTF8.GetBytes(reference.Role == ReferenceRole.Database ? new ObjectName(null, name.Schema!).ToString() : name.ToString()));
            copied = reference.Span.End;
        }

        result.Write(sql[copied..]);
        return result.WrittenSpan.ToArray();
    }

    private static ObjectName Renamed(NameReference reference, Func<ObjectName, ObjectName> map) => reference switch
    {
        { Role: ReferenceRole.StoredProgram, Name.Schema: null } => reference.Name,
        { Role: ReferenceRole.StoredProgram, Name: var name } => name with { Schema = map(new ObjectName(name.Schema, "")).Schema },
        _ => map(reference.Name),
    };

    /// <summary>
    /// Takes away what MySQL 8.0.21 and later adds when it logs CREATE TABLE ... SELECT as one transaction: START TRANSACTION at the end.
    /// Other text comes back as it is.
    /// </summary>
    public static byte[] WithoutStartTransaction(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        if (DdlParser.Read(sql, dialect) is not CreateTable { StartsTransaction: true })
            return sql.ToArray();
        var cursor = new SqlCursor(sql, dialect);
        while (!(cursor.At("START"u8) && cursor.NextIs("TRANSACTION"u8)))
            cursor.SkipGroup();
        var start = cursor.PreviousEnd;
        cursor.Advance();
        cursor.Advance();
        return [.. sql[..start], .. sql[cursor.PreviousEnd..]];
    }

    /// <summary>
    /// The text as the source's server understood it: the contents of version comments that it executed stand bare, those that it
    /// skipped are gone. A server of another version or flavour then does the same.
    /// </summary>
    public static byte[] ResolveVersionComments(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        if (sql.IndexOf("/*"u8) < 0)
            return sql.ToArray();
        var result = new ArrayBufferWriter<byte>(sql.Length);
        var lexer = new SqlLexer(sql, dialect);
        while (lexer.NextWithTrivia() is { Kind: not SqlTokenKind.End } token)
        {
            var text = lexer.Slice(token);
            var isMark = token.Kind is SqlTokenKind.VersionCommentStart or SqlTokenKind.VersionCommentEnd
                || (token.Kind == SqlTokenKind.Comment && IsConditional(text));
            result.Write(isMark ? " "u8 : text);
        }

        return result.WrittenSpan.ToArray();
    }

    private static bool IsConditional(ReadOnlySpan<byte> comment)
        => comment.StartsWith("/*!"u8) || comment.StartsWith("/*M!"u8) || comment.StartsWith("/*T!"u8);
}
