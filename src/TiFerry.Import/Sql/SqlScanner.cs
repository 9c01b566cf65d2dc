using System.Buffers;

namespace TiFerry.Import.Sql;

/// <summary>
/// Finds where rows of an INSERT end, in text whose character set leaves ASCII bytes to ASCII. It looks at quotes, brackets and comments only, so it runs at the
/// speed of a search for a few bytes.
/// </summary>
internal static class SqlScanner
{
    /// <summary>What a method returns where the text ends too early to tell.</summary>
    public const int Incomplete = -1;

    /// <summary>What <see cref="RowEnd"/> returns where the statement ends inside the row.</summary>
    public const int CutOff = -2;

    private static readonly SearchValues<byte> Specials = SearchValues.Create("'\"`(),;-#/"u8);
    private static readonly SearchValues<byte> SingleQuoted = SearchValues.Create("'\\"u8);
    private static readonly SearchValues<byte> DoubleQuoted = SearchValues.Create("\"\\"u8);

    /// <summary>The length of spaces and comments at the beginning; version comments are no comments.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="isEnd">Whether nothing follows the text.</param>
    /// <returns>Their length; <see cref="Incomplete"/> where they may go on behind the text.</returns>
    public static int Blank(ReadOnlySpan<byte> sql, bool isEnd)
    {
        var at = 0;
        while (at < sql.Length)
        {
            if (IsSpace(sql[at]))
            {
                at++;
                continue;
            }
            var end = CommentEnd(sql, at);
            if (end == at)
                return at;
            if (end == Incomplete)
                return !isEnd ? Incomplete : sql[at..].IndexOf("/*"u8) == 0 ? at : sql.Length;
            at = end;
        }
        return isEnd ? at : Incomplete;
    }

    /// <summary>The length of a bracket with all that is in it.</summary>
    /// <param name="sql">The text from the opening bracket on.</param>
    public static int RowEnd(ReadOnlySpan<byte> sql)
    {
        var (at, depth) = (0, 0);
        while ((at = NextSpecial(sql, at)) >= 0)
        {
            switch (sql[at])
            {
                case (byte)'(':
                    depth++;
                    at++;
                    break;
                case (byte)')':
                    at++;
                    if (--depth == 0)
                        return at;
                    break;
                case (byte)';':
                    return CutOff;
                default:
                    if ((at = Skip(sql, at)) == Incomplete)
                        return Incomplete;
                    break;
            }
        }
        return Incomplete;
    }

    /// <summary>The length of a statement, its semicolon included.</summary>
    public static int StatementEnd(ReadOnlySpan<byte> sql)
    {
        var at = 0;
        while ((at = NextSpecial(sql, at)) >= 0)
        {
            if (sql[at] == ';')
                return at + 1;
            if ((at = Skip(sql, at)) == Incomplete)
                return Incomplete;
        }
        return Incomplete;
    }

    /// <summary>Counts the cells of some columns that are the number 0.</summary>
    /// <param name="rows">Rows, each in brackets, with commas between them.</param>
    /// <param name="columns">Which columns of a row count.</param>
    public static int CountZeros(ReadOnlySpan<byte> rows, IReadOnlyList<bool> columns)
    {
        var (at, depth, column, cellStart, count) = (0, 0, 0, 0, 0);
        while ((at = NextSpecial(rows, at)) >= 0)
        {
            var sign = rows[at];
            if (depth == 1 && sign is (byte)',' or (byte)')')
            {
                if (column < columns.Count && columns[column] && rows[cellStart..at].Trim(" \t\r\n"u8).SequenceEqual("0"u8))
                    count++;
                column++;
                cellStart = at + 1;
            }
            switch (sign)
            {
                case (byte)'(':
                    if (depth++ == 0)
                        (column, cellStart) = (0, at + 1);
                    at++;
                    break;
                case (byte)')':
                    depth--;
                    at++;
                    break;
                default:
                    if ((at = Skip(rows, at)) == Incomplete)
                        return count;
                    break;
            }
        }
        return count;
    }

    private static int NextSpecial(ReadOnlySpan<byte> sql, int at)
    {
        var next = sql[at..].IndexOfAny(Specials);
        return next < 0 ? Incomplete : at + next;
    }

    // Past a quoted piece, a comment or a single sign.
    private static int Skip(ReadOnlySpan<byte> sql, int at) => sql[at] switch
    {
        (byte)'\'' => QuoteEnd(sql, at, SingleQuoted),
        (byte)'"' => QuoteEnd(sql, at, DoubleQuoted),
        (byte)'`' => NameEnd(sql, at),
        (byte)'-' or (byte)'#' or (byte)'/' when CommentEnd(sql, at) is var end && end != at => end,
        _ => at + 1,
    };

    // A doubled quote ends one piece and begins the next, which comes to the same.
    private static int QuoteEnd(ReadOnlySpan<byte> sql, int at, SearchValues<byte> specials)
    {
        at++;
        while (at < sql.Length)
        {
            var next = sql[at..].IndexOfAny(specials);
            if (next < 0)
                return Incomplete;
            at += next;
            if (sql[at] != '\\')
                return at + 1;
            at += 2;
        }
        return Incomplete;
    }

    private static int NameEnd(ReadOnlySpan<byte> sql, int at)
    {
        var end = sql[(at + 1)..].IndexOf((byte)'`');
        return end < 0 ? Incomplete : at + end + 2;
    }

    // Where a comment ends; the same place where there is none.
    private static int CommentEnd(ReadOnlySpan<byte> sql, int at)
    {
        var rest = sql[at..];
        switch (rest[0])
        {
            case (byte)'#':
                break;
            case (byte)'-':
                if (rest.Length < 3)
                    return rest.Length < 2 || rest[1] == '-' ? Incomplete : at;
                if (rest[1] != '-' || !IsSpace(rest[2]))
                    return at;
                break;
            case (byte)'/':
                if (rest.Length < 3)
                    return rest.Length < 2 || rest[1] == '*' ? Incomplete : at;
                if (rest[1] != '*' || rest[2] == '!')
                    return at;
                var close = rest[2..].IndexOf("*/"u8);
                return close < 0 ? Incomplete : at + close + 4;
            default:
                return at;
        }
        var lineEnd = rest.IndexOf((byte)'\n');
        return lineEnd < 0 ? Incomplete : at + lineEnd + 1;
    }

    private static bool IsSpace(byte sign) => sign is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f' or (byte)'\v';
}
