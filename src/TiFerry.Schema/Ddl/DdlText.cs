using System.Buffers;
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
        var cursor = new SqlCursor(text, dialect);
        if (!cursor.Take("ALTER"u8))
            return [text];
        while (cursor.Take("ONLINE"u8) || cursor.Take("OFFLINE"u8) || cursor.Take("IGNORE"u8))
        {
        }

        if (!cursor.Take("TABLE"u8))
            return [text];
        cursor.TakeIfExists();
        if (cursor.TakeObjectName() is null)
            return [text];
        cursor.TakeWait();
        var head = text.AsSpan(0, cursor.PreviousEnd);

        var ordinary = new List<Range>();
        var last = new List<Range>();
        var shared = new List<Range>();
        while (!cursor.AtStatementEnd)
        {
            var start = cursor.Current.Start;
            var group = ordinary;
            if (cursor.At("ALGORITHM"u8) || cursor.At("LOCK"u8) || cursor.NextIs("VALIDATION"u8))
                group = shared;
            else if (cursor.At("RENAME"u8) && !(cursor.NextIs("COLUMN"u8) || cursor.NextIs("INDEX"u8) || cursor.NextIs("KEY"u8)))
                group = last;
            SkipSpecification(ref cursor);
            group.Add(start..cursor.PreviousEnd);
            cursor.Take(SqlTokenKind.Comma);
        }

        if (ordinary.Count + last.Count < 2)
            return [text];
        var pieces = new List<byte[]>();
        foreach (var specification in ordinary.Concat(last))
        {
            var piece = new ArrayBufferWriter<byte>(text.Length);
            piece.Write(head);
            piece.Write(" "u8);
            piece.Write(text.AsSpan(specification));
            foreach (var clause in shared)
            {
                piece.Write(", "u8);
                piece.Write(text.AsSpan(clause));
            }

            pieces.Add(piece.WrittenSpan.ToArray());
        }

        return pieces;
    }

    /// <summary>
    /// Splits DROP TABLE, DROP VIEW, DROP SEQUENCE and RENAME TABLE with several objects into statements of one object each, in their order.
    /// Anything else comes back alone. A single statement was atomic; the pieces are not.
    /// </summary>
    public static IReadOnlyList<byte[]> SplitTables(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        var text = ResolveVersionComments(sql, dialect);
        var cursor = new SqlCursor(text, dialect);
        var renames = cursor.Take("RENAME"u8);
        if (!renames && !cursor.Take("DROP"u8))
            return [text];
        cursor.Take("TEMPORARY"u8);
        var splits = cursor.Take("TABLE"u8) || cursor.Take("TABLES"u8) || (!renames && (cursor.Take("VIEW"u8) || cursor.Take("SEQUENCE"u8)));
        if (!splits)
            return [text];
        cursor.TakeIfExists();
        var head = text.AsSpan(0, cursor.PreviousEnd);

        var objects = new List<Range>();
        do
        {
            var start = cursor.Current.Start;
            if (cursor.TakeObjectName() is null)
                return [text];
            if (renames)
            {
                cursor.TakeWait();
                if (!cursor.Take("TO"u8) || cursor.TakeObjectName() is null)
                    return [text];
            }

            objects.Add(start..cursor.PreviousEnd);
        }
        while (cursor.Take(SqlTokenKind.Comma));

        var tailStart = cursor.PreviousEnd;
        while (!cursor.AtStatementEnd)
            cursor.Advance();
        var tail = text.AsSpan(tailStart..cursor.PreviousEnd);
        if (objects.Count < 2)
            return [text];
        var pieces = new List<byte[]>();
        foreach (var one in objects)
            pieces.Add([.. head, (byte)' ', .. text.AsSpan(one), .. tail]);
        return pieces;
    }

    /// <summary>
    /// Takes away what MySQL 8.0.21 and later adds when it logs CREATE TABLE ... SELECT as one transaction: START TRANSACTION at the end.
    /// Other text comes back as it is.
    /// </summary>
    public static byte[] WithoutStartTransaction(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        if (!DdlRecognizer.Recognize(sql, dialect).StartsTransaction)
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

    private static void SkipSpecification(ref SqlCursor cursor)
    {
        var keepsCommas = AtPartitionOperation(ref cursor);
        while (!cursor.AtStatementEnd && (keepsCommas || cursor.Current.Kind != SqlTokenKind.Comma))
        {
            // From here on commas belong to the clause: ORDER BY a, b; PARTITION BY ...
            keepsCommas |= (cursor.At("ORDER"u8) || cursor.At("PARTITION"u8)) && cursor.NextIs("BY"u8);
            cursor.SkipGroup();
        }
    }

    private static bool AtPartitionOperation(ref SqlCursor cursor)
        => cursor.NextIs("PARTITION"u8) && !cursor.At("ADD"u8) && !cursor.At("CONVERT"u8);
}
