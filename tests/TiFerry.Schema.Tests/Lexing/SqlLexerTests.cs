using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TiFerry.MySql;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Lexing;

public class SqlLexerTests
{
    private static readonly SqlDialect MySql56 = new(ServerFlavour.MySql, 50651);

    private static SqlDialect Dialect(string name) => name switch
    {
        "mysql" => SqlDialect.MySql,
        "mysql56" => MySql56,
        "mysql80" => new(ServerFlavour.MySql, 80036),
        "mariadb" => new(ServerFlavour.MariaDb, 101119),
        "tidb" => SqlDialect.TiDb,
        "ansi" => SqlDialect.MySql with { Mode = SqlMode.AnsiQuotes },
        "nobackslash" => SqlDialect.MySql with { Mode = SqlMode.NoBackslashEscapes },
        _ => throw new ArgumentException(name, nameof(name)),
    };

    /// <summary>The tokens as "Kind:text" joined by spaces; kinds are cut to what tells them apart.</summary>
    private static string Tokens(string sql, string dialect = "mysql")
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(sql), Dialect(dialect));
        var tokens = new List<string>();
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
            tokens.Add($"{token.Kind}:{Encoding.UTF8.GetString(lexer.Slice(token))}");
        return string.Join('¦', tokens);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\r\n\v\f", "")]
    [InlineData("SELECT a", "Word:SELECT¦Word:a")]
    [InlineData("a$_1é", "Word:a$_1é")]
    [InlineData("`a b``c`", "QuotedName:`a b``c`")]
    [InlineData("`a\\`b", "QuotedName:`a\\`¦Word:b")]
    [InlineData("'it''s'", "Text:'it''s'")]
    [InlineData("'a\\'b'", "Text:'a\\'b'")]
    [InlineData("'a\\\\'b", "Text:'a\\\\'¦Word:b")]
    [InlineData("\"a'b\"", "Text:\"a'b\"")]
    [InlineData("'a' 'b'", "Text:'a'¦Text:'b'")]
    [InlineData("''", "Text:''")]
    [InlineData("N'a' n'b'", "NationalText:N'a'¦NationalText:n'b'")]
    [InlineData("x'0F' X'ff'", "HexText:x'0F'¦HexText:X'ff'")]
    [InlineData("b'01' B'1'", "BitText:b'01'¦BitText:B'1'")]
    [InlineData("_utf8mb4'a'", "Word:_utf8mb4¦Text:'a'")]
    [InlineData("_latin1 0x41", "Word:_latin1¦HexNumber:0x41")]
    [InlineData("0x1F 0X1F 0xzz 0x", "HexNumber:0x1F¦Word:0X1F¦Word:0xzz¦Word:0x")]
    [InlineData("0b01 0b02 0B1", "BitNumber:0b01¦Word:0b02¦Word:0B1")]
    [InlineData("1 12 1.5 1. .5 1e5 1E-5 1.5e+3 .5e1", "Integer:1¦Integer:12¦Decimal:1.5¦Decimal:1.¦Decimal:.5¦Float:1e5¦Float:1E-5¦Float:1.5e+3¦Float:.5e1")]
    [InlineData("1st 1e 1ea 2024_x", "Word:1st¦Word:1e¦Word:1ea¦Word:2024_x")]
    [InlineData("1e5x", "Float:1e5¦Word:x")]
    [InlineData("-1", "Operator:-¦Integer:1")]
    [InlineData("db.tbl", "Word:db¦Dot:.¦Word:tbl")]
    [InlineData("db . tbl", "Word:db¦Dot:.¦Word:tbl")]
    [InlineData("db.1e5", "Word:db¦Dot:.¦Word:1e5")]
    [InlineData("db.123", "Word:db¦Dot:.¦Word:123")]
    [InlineData("db.0x41.x'", "Word:db¦Dot:.¦Word:0x41¦Dot:.¦Word:x¦Invalid:'")]
    [InlineData("`a`.`b`", "QuotedName:`a`¦Dot:.¦QuotedName:`b`")]
    [InlineData("@a @`a b` @'x''y' @\"z\"", "UserVariable:@a¦UserVariable:@`a b`¦UserVariable:@'x''y'¦UserVariable:@\"z\"")]
    [InlineData("@@x @@global.y @@session.`z`", "SystemVariable:@@x¦SystemVariable:@@global¦Dot:.¦Word:y¦SystemVariable:@@session¦Dot:.¦QuotedName:`z`")]
    [InlineData("root@localhost", "Word:root¦UserVariable:@localhost")]
    [InlineData("root@127.0.0.1", "Word:root¦UserVariable:@127.0.0.1")]
    [InlineData("`r`@`%`", "QuotedName:`r`¦UserVariable:@`%`")]
    [InlineData("'r' @ 'h'", "Text:'r'¦Operator:@¦Text:'h'")]
    [InlineData("a:=1", "Word:a¦Operator::=¦Integer:1")]
    [InlineData("a<=>b<=c>=d<>e!=f", "Word:a¦Operator:<=>¦Word:b¦Operator:<=¦Word:c¦Operator:>=¦Word:d¦Operator:<>¦Word:e¦Operator:!=¦Word:f")]
    [InlineData("a&&b||c<<1>>2", "Word:a¦Operator:&&¦Word:b¦Operator:||¦Word:c¦Operator:<<¦Integer:1¦Operator:>>¦Integer:2")]
    [InlineData("j->'$.a'->>'$.b'", "Word:j¦Operator:->¦Text:'$.a'¦Operator:->>¦Text:'$.b'")]
    [InlineData("(a,b);?", "OpenParenthesis:(¦Word:a¦Comma:,¦Word:b¦CloseParenthesis:)¦Semicolon:;¦Parameter:?")]
    [InlineData("\\N", "Operator:\\N")]
    [InlineData("{d '2020-01-01'}", "Operator:{¦Word:d¦Text:'2020-01-01'¦Operator:}")]
    [InlineData("a -- b\nc", "Word:a¦Word:c")]
    [InlineData("a --", "Word:a")]
    [InlineData("1--1", "Integer:1¦Operator:-¦Operator:-¦Integer:1")]
    [InlineData("a # b ' \nc", "Word:a¦Word:c")]
    [InlineData("a/* ' */b", "Word:a¦Word:b")]
    [InlineData("a/* /* */b", "Word:a¦Word:b")]
    [InlineData("a/**/b/***/c", "Word:a¦Word:b¦Word:c")]
    [InlineData("a*/b", "Word:a¦Operator:*¦Operator:/¦Word:b")]
    [InlineData("'a", "Invalid:'a")]
    [InlineData("'a\\", "Invalid:'a\\")]
    [InlineData("`a", "Invalid:`a")]
    [InlineData("/* a", "Invalid:/* a")]
    [InlineData("a \0 b", "Word:a¦Invalid:\0¦Word:b")]
    [InlineData("$$ it's $$ b", "DollarText:$$ it's $$¦Word:b")]
    [InlineData("$js$ a $$ b $js$", "DollarText:$js$ a $$ b $js$")]
    [InlineData("$a b", "Word:$a¦Word:b")]
    public void Tokens_of_MySql(string sql, string expected) => Assert.Equal(expected, Tokens(sql));

    [Theory]
    [InlineData("\"a\"\"b\" 'c'", "QuotedName:\"a\"\"b\"¦Text:'c'")]
    [InlineData("\"a\\\" b", "QuotedName:\"a\\\"¦Word:b")]
    public void Double_quotes_under_ansi_quotes(string sql, string expected) => Assert.Equal(expected, Tokens(sql, "ansi"));

    [Theory]
    [InlineData("'a\\' b", "Text:'a\\'¦Word:b")]
    [InlineData("N'a\\' \"\\\" b", "NationalText:N'a\\'¦Text:\"\\\"¦Word:b")]
    public void Backslashes_can_be_plain(string sql, string expected) => Assert.Equal(expected, Tokens(sql, "nobackslash"));

    [Theory]
    [InlineData("mysql", "a /*!50100 b */ c", "a b c")]
    [InlineData("mysql", "a /*! b */ c", "a b c")]
    [InlineData("mysql", "a /*!b */ c", "a b c")]
    [InlineData("mysql", "a /*!99999 b */ c", "a c")]
    [InlineData("mysql", "a /*!080000 b */ c", "a b c")]
    [InlineData("mysql", "a /*!990000 b */ c", "a c")]
    [InlineData("mysql", "a /*!99999 b /* x */ d */ c", "a c")]
    [InlineData("mysql", "a /*!50000 b /* x */ d */ c", "a b d c")]
    [InlineData("mysql", "a /*!50000 b /*!99999 x */ d */ c", "a b d c")]
    [InlineData("mysql", "a /*M!100000 b */ c", "a c")]
    [InlineData("mysql", "a /*T![ttl] b */ c", "a c")]
    [InlineData("mysql56", "a /*!50701 b */ c", "a c")]
    [InlineData("mysql56", "a /*!506001 */ c", "a 1 c")]
    [InlineData("mysql80", "a /*!50701 b */ c", "a b c")]
    [InlineData("mysql80", "a /*!80099 b */ c", "a c")]
    [InlineData("mariadb", "a /*M!50701 b */ c", "a b c")]
    [InlineData("mariadb", "a /*!50701 b */ c", "a c")]
    [InlineData("mariadb", "a /*!50699 b */ c", "a b c")]
    [InlineData("mariadb", "a /*!100000 b */ c", "a b c")]
    [InlineData("mariadb", "a /*M!101100 b */ c", "a b c")]
    [InlineData("mariadb", "a /*M!101199 b */ c", "a c")]
    [InlineData("mariadb", "a /*!99999 /* nested */ b */ c", "a c")]
    [InlineData("mariadb", "a /*T! b */ c", "a c")]
    [InlineData("mariadb", "a /*!500 b */ c", "a 500 b c")]
    [InlineData("tidb", "a /*T! b */ c", "a b c")]
    [InlineData("tidb", "a /*T![auto_rand] b */ c", "a b c")]
    [InlineData("tidb", "a /*!99999 b */ c", "a b c")]
    [InlineData("tidb", "a /*M! b */ c", "a c")]
    public void Version_comments(string dialect, string sql, string expected)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(sql), Dialect(dialect));
        var words = new List<string>();
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
            words.Add(Encoding.UTF8.GetString(lexer.Slice(token)));
        Assert.Equal(expected, string.Join(' ', words));
    }

    [Theory]
    [InlineData("`a``b`", "a`b")]
    [InlineData("`a\"\"b`", "a\"\"b")]
    [InlineData("plain", "plain")]
    [InlineData("`é`", "é")]
    public void Names(string sql, string expected)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(sql), SqlDialect.MySql);
        Assert.Equal(expected, lexer.NameOf(lexer.Next()));
    }

    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("\"d\"\"q'\"", "d\"q'")]
    [InlineData("'a\\'b\\n\\t\\0\\Z\\\\\\x\\%\\_'", "a'b\n\t\0\u001a\\x\\%\\_")]
    [InlineData("N'é'", "é")]
    [InlineData("''", "")]
    public void Values(string sql, string expected)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(sql), SqlDialect.MySql);
        Assert.Equal(expected, Encoding.UTF8.GetString(lexer.ValueOf(lexer.Next())));
    }

    [Fact]
    public void A_copy_is_a_bookmark()
    {
        var lexer = new SqlLexer("a b c"u8, SqlDialect.MySql);
        lexer.Next();
        var bookmark = lexer;
        lexer.Next();
        Assert.True(bookmark.Is(bookmark.Next(), "B"u8));
        Assert.True(lexer.Is(lexer.Next(), "C"u8));
        Assert.Equal(SqlTokenKind.End, lexer.Next().Kind);
        Assert.Equal(SqlTokenKind.End, lexer.Next().Kind);
    }

    [Fact]
    public void Any_bytes_are_covered_without_a_gap()
    {
        // Signs that mean something come often, so that comments, quotes and numbers really arise.
        var signs = Gen.Elements(Encoding.ASCII.GetBytes("'\"`\\/*!-# \n.@$()0195exXbBnNMT[]<>=:|&;,a").AsEnumerable());
        var bytes = Gen.OneOf(signs, signs, signs, Gen.Choose(0, 255).Select(i => (byte)i)).ArrayOf();
        var dialects = Gen.Elements("mysql", "mysql56", "mariadb", "tidb", "ansi", "nobackslash");
        Prop.ForAll(bytes.ToArbitrary(), dialects.ToArbitrary(), (sql, dialect) =>
        {
            var lexer = new SqlLexer(sql, Dialect(dialect));
            var end = 0;
            while (lexer.NextWithTrivia() is { Kind: not SqlTokenKind.End } token)
            {
                if (token.Start != end || token.Length <= 0)
                    return false;
                if (token.IsName)
                    lexer.NameOf(token);
                if (token.Kind is SqlTokenKind.Text or SqlTokenKind.NationalText)
                    lexer.ValueOf(token);
                end = token.End;
            }

            return end == sql.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(60));
    }

    [Theory]
    [InlineData("10.11.6-MariaDB-log", ServerFlavour.MariaDb, 101106)]
    [InlineData("5.5.5-10.6.12-MariaDB", ServerFlavour.MariaDb, 100612)]
    [InlineData("8.0.36-28", ServerFlavour.MySql, 80036)]
    [InlineData("8.0.11-TiDB-v7.5.1", ServerFlavour.TiDb, 80011)]
    public void Dialect_of_a_server(string version, ServerFlavour flavour, int number)
        => Assert.Equal(new SqlDialect(flavour, number, SqlMode.AnsiQuotes), SqlDialect.Of(ServerInfo.Parse(version), SqlMode.AnsiQuotes));

    [Theory]
    [InlineData(0UL, ServerFlavour.MySql, "")]
    [InlineData(4UL, ServerFlavour.MySql, "ANSI_QUOTES")]
    [InlineData(0x50200020UL, ServerFlavour.MariaDb, "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION")]
    [InlineData(1UL << 32, ServerFlavour.MySql, "TIME_TRUNCATE_FRACTIONAL")]
    [InlineData(1UL << 32, ServerFlavour.MariaDb, "EMPTY_STRING_IS_NULL")]
    [InlineData(1UL << 33, ServerFlavour.MariaDb, "SIMULTANEOUS_ASSIGNMENT")]
    [InlineData(1UL << 34, ServerFlavour.MariaDb, "TIME_ROUND_FRACTIONAL")]
    [InlineData(16UL, ServerFlavour.MariaDb, "IGNORE_BAD_TABLE_OPTIONS")]
    public void Sql_mode_names(ulong bits, ServerFlavour flavour, string names)
    {
        Assert.Equal(names, SqlModes.ToNames((SqlMode)bits, flavour));
        Assert.Equal((SqlMode)bits, SqlModes.Parse(names.ToLower(CultureInfo.InvariantCulture), flavour));
    }

    [Fact]
    public void Combination_modes_bring_their_parts()
    {
        Assert.Equal("REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ANSI", SqlModes.ToNames(SqlModes.Parse("ANSI", ServerFlavour.MariaDb), ServerFlavour.MariaDb));
        Assert.True(SqlModes.Parse("TRADITIONAL", ServerFlavour.MySql).HasFlag(SqlMode.StrictAllTables));
        Assert.Throws<TiFerry.Core.Errors.TiFerryException>(() => SqlModes.Parse("EMPTY_STRING_IS_NULL", ServerFlavour.MySql));
    }

    [Theory]
    [InlineData("NO_AUTO_CREATE_USER,STRICT_TRANS_TABLES", ServerFlavour.MariaDb, ServerFlavour.MySql, 80036, "STRICT_TRANS_TABLES")]
    [InlineData("NO_AUTO_CREATE_USER,STRICT_TRANS_TABLES", ServerFlavour.MariaDb, ServerFlavour.MySql, 50651, "STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER")]
    [InlineData("EMPTY_STRING_IS_NULL,ANSI_QUOTES", ServerFlavour.MariaDb, ServerFlavour.MySql, 80036, "ANSI_QUOTES")]
    [InlineData("EMPTY_STRING_IS_NULL", ServerFlavour.MariaDb, ServerFlavour.MariaDb, 101100, "EMPTY_STRING_IS_NULL")]
    [InlineData("TIME_TRUNCATE_FRACTIONAL", ServerFlavour.MySql, ServerFlavour.MariaDb, 101100, "")]
    [InlineData("ANSI_QUOTES", ServerFlavour.MySql, ServerFlavour.MariaDb, 101100, "ANSI_QUOTES,TIME_ROUND_FRACTIONAL")]
    [InlineData("ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH", ServerFlavour.MySql, ServerFlavour.TiDb, 80011, "ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH")]
    public void Sql_mode_for_another_server(string names, ServerFlavour source, ServerFlavour target, int version, string expected)
        => Assert.Equal(expected, SqlModes.ToNames(SqlModes.For(SqlModes.Parse(names, source), source, target, version), target));
}
