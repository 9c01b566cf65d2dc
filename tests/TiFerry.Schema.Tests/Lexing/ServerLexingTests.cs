using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Lexing;

/// <summary>The lexer and sql_mode against what real servers make of the same text.</summary>
[Collection(Servers.Name)]
public class ServerLexingTests(ServerFixture servers)
{
    private static readonly string[] Expressions =
    [
        "1 /*!50100 + 10 */", "1 /*!50700 + 10 */", "1 /*!80000 + 10 */", "1 /*!99999 + 10 */", "1 /*!100000 + 10 */", "1 /*! + 10 */",
        "1 /*M!50701 + 10 */", "1 /*M!101100 + 10 */", "1 /*M!999999 + 10 */", "1 /*T! + 10 */", "1 /*!50000 /* x */ + 10 */",
        "1 /*!99999 /* x */ + 10 */", "1 /* /* + 10 */", "1 /*!99999 /*!50000 + 10 */ + 20 */", "1 -- + 10\n + 20", "1--1", "1 # + 10\n", "1 --\t9\n",
        "'a''b'", "'a\\'b\\n\\0\\Z\\%\\_\\x\\\\'", "\"a\"\"b'c\"", "'a' 'b'", "N'x'", "x'4142'", "X'41'", "b'1000001'", "0x4142", "0b1000001", "_latin1'a'", "_utf8mb4 x'C3A9'",
        "1e2", "1.5e-1", ".5", "1.", "1.e1", "2=.5*4", "@a:=5", "@`x y`", "3<=>3", "!0", "1<<3>>1", "5 div 2", "1||0", "1&&1",
        "(SELECT `a``b` FROM (SELECT 1 AS `a``b`) t)", "(SELECT t.1a FROM (SELECT 7 AS 1a) t)", "(SELECT 0xzz FROM (SELECT 7 AS 0xzz) 1t)", "(SELECT 1ea FROM (SELECT 7 AS 1ea) t)",
    ];

    public static TheoryData<ServerKind> Kinds => Servers.All;

    /// <summary>
    /// Text without its version comments, and with every token set apart by a space where tokens do not need to touch, must have the value of the original.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Tokens_mean_the_same_as_the_text(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        var dialect = SqlDialect.Of(connection.Server);
        var compared = 0;
        foreach (var expression in Expressions)
        {
            var sql = $"SELECT {expression}";
            if (await ValueAsync(connection, sql) is not { } expected)
                continue;
            compared++;
            var resolved = Encoding.UTF8.GetString(DdlText.ResolveVersionComments(Encoding.UTF8.GetBytes(sql), dialect));
            Assert.DoesNotContain("/*!", resolved, StringComparison.Ordinal);
            Assert.Equal((expression, expected), (expression, await ValueAsync(connection, resolved)));
            Assert.Equal((expression, expected), (expression, await ValueAsync(connection, SetApart(sql, dialect))));
        }

        Assert.InRange(compared, Expressions.Length - 8, Expressions.Length);
    }

    /// <summary>The value, tagged so that NULL is one; null if the server does not take the expression.</summary>
    private static async Task<string?> ValueAsync(MySqlConnection connection, string sql)
    {
        try
        {
            return $"={await connection.QueryScalarAsync(sql, CancellationToken.None)}";
        }
        catch (MySqlServerException)
        {
            return null;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Literals_have_the_servers_value(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        foreach (var (mode, literal) in new[] { ("", "'a''b\\'c\\n\\0\\Z\\%\\_\\x\\\\'"), ("", "\"a\"\"b'c\""), ("NO_BACKSLASH_ESCAPES", "'a\\n\\''b'"), ("ANSI_QUOTES", "'a\"b'") })
        {
            await connection.ExecuteAsync($"SET sql_mode = '{mode}'", CancellationToken.None);
            var dialect = SqlDialect.Of(connection.Server, SqlModes.Parse(mode, connection.Server.Flavour));
            Assert.Equal(await connection.QueryScalarAsync($"SELECT HEX({literal})", CancellationToken.None), ValueOfFirst(literal, dialect));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Mode_bits_are_the_servers(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        var flavour = connection.Server.Flavour;
        var known = 0;
        for (var bit = 0; bit < 36; bit++)
        {
            try
            {
                await connection.ExecuteAsync($"SET sql_mode = {1UL << bit}", CancellationToken.None);
            }
            catch (MySqlServerException)
            {
                continue;
            }

            var names = (await connection.QueryScalarAsync("SELECT @@sql_mode", CancellationToken.None))!;

            // MySQL's bit 4 has no name, or a filler.
            if (names is "" or "," or "NOT_USED")
                continue;
            known++;
            var mode = SqlModes.Parse(names, flavour);
            Assert.True(mode.HasFlag((SqlMode)(1UL << bit)), $"bit {bit} is {names}");
            Assert.Equal(names, SqlModes.ToNames(mode, flavour));
        }

        Assert.InRange(known, 18, 36);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Modes_for_another_server_are_accepted_there(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        var dialect = SqlDialect.Of(connection.Server);
        foreach (var source in Enum.GetValues<ServerFlavour>())
        {
            var all = SqlModes.For((SqlMode)((1UL << 35) - 1), source, dialect.Flavour, dialect.Version);
            await connection.ExecuteAsync($"SET sql_mode = '{SqlModes.ToNames(all, dialect.Flavour)}'", CancellationToken.None);
        }
    }

    private static string ValueOfFirst(string literal, SqlDialect dialect)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(literal), dialect);
        return Convert.ToHexString(lexer.ValueOf(lexer.Next()));
    }

    private static string SetApart(string sql, SqlDialect dialect)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(sql), dialect);
        var result = new StringBuilder();
        var previous = SqlTokenKind.End;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Kind != SqlTokenKind.Dot && previous != SqlTokenKind.Dot)
                result.Append(' ');
            result.Append(Encoding.UTF8.GetString(lexer.Slice(token)));
            previous = token.Kind;
        }

        return result.ToString();
    }
}
