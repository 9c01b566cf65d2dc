using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    /// <summary>Options whose value may follow without "="; others are recognised by it.</summary>
    private static readonly HashSet<string> KnownOptions = new(StringComparer.OrdinalIgnoreCase)
    {
        "ENGINE", "TYPE", "AUTO_INCREMENT", "AVG_ROW_LENGTH", "CHECKSUM", "TABLE_CHECKSUM", "COMMENT", "COMPRESSION", "CONNECTION", "DELAY_KEY_WRITE", "ENCRYPTION", "ENGINE_ATTRIBUTE",
        "SECONDARY_ENGINE_ATTRIBUTE", "INSERT_METHOD", "KEY_BLOCK_SIZE", "MAX_ROWS", "MIN_ROWS", "PACK_KEYS", "PASSWORD", "ROW_FORMAT", "SECONDARY_ENGINE", "STATS_AUTO_RECALC",
        "STATS_PERSISTENT", "STATS_SAMPLE_PAGES", "TABLESPACE", "STORAGE", "UNION", "AUTOEXTEND_SIZE", "TRANSACTIONAL", "PAGE_CHECKSUM", "SEQUENCE", "NODEGROUP",
        "SHARD_ROW_ID_BITS", "PRE_SPLIT_REGIONS", "AUTO_ID_CACHE", "AUTO_RANDOM_BASE", "TTL_ENABLE", "TTL_JOB_INTERVAL", "STATS_BUCKETS", "STATS_TOPN", "STATS_SAMPLE_RATE",
        "STATS_COL_CHOICE", "STATS_COL_LIST",
    };

    /// <summary>An option of a table or partition, where one stands; the commas between them are the caller's.</summary>
    private OptionClause? TakeTableOption()
    {
        var start = _at;
        var option = CharsetOption() ?? TwoWordOption();
        if (option is null && Current.IsName && (NextIsEquals || AtKnownOption))
            option = At("UNION"u8) ? Union() : Option(OptionName());
        return option is null ? null : option with { Span = SpanFrom(start) };
    }

    private readonly bool AtKnownOption => At(SqlTokenKind.Word) && KnownOptions.Contains(_lexer.NameOf(Current))
        && Ahead(1).Kind is not (SqlTokenKind.End or SqlTokenKind.Semicolon or SqlTokenKind.Comma or SqlTokenKind.CloseParenthesis);

    /// <summary>One spelling for all: options of the servers in upper case, TYPE is ENGINE.</summary>
    private string OptionName()
    {
        var name = Name("an option");
        if (name.Equals("TYPE", StringComparison.OrdinalIgnoreCase))
            return "ENGINE";
        if (name.Equals("TABLE_CHECKSUM", StringComparison.OrdinalIgnoreCase))
            return "CHECKSUM";
        return KnownOptions.Contains(name) ? name.ToUpperInvariant() : name;
    }

    /// <summary>[DEFAULT] CHARACTER SET and COLLATE.</summary>
    private OptionClause? CharsetOption()
    {
        var distance = At("DEFAULT"u8) ? 1 : 0;
        var word = Ahead(distance);
        var isCollate = _lexer.Is(word, "COLLATE"u8);
        var isCharset = _lexer.Is(word, "CHARSET"u8) || ((_lexer.Is(word, "CHARACTER"u8) || _lexer.Is(word, "CHAR"u8)) && _lexer.Is(Ahead(distance + 1), "SET"u8));
        if (!isCollate && !isCharset)
            return null;
        Advance(distance);
        if (isCollate)
            Advance();
        else
            TakeCharsetWords();
        TakeEquals();
        return new OptionClause(isCollate ? "COLLATE" : "CHARACTER SET", CharsetName(isCollate ? "a collation" : "a character set"), OptionValueKind.Word);
    }

    private OptionClause? TwoWordOption()
    {
        if (TakeBoth("DATA"u8, "DIRECTORY"u8))
            return Option("DATA DIRECTORY");
        if (TakeBoth("INDEX"u8, "DIRECTORY"u8))
            return Option("INDEX DIRECTORY");
        if (TakeBoth("PLACEMENT"u8, "POLICY"u8))
            return Option("PLACEMENT POLICY");
        if (TakeBoth("STORAGE"u8, "ENGINE"u8))
            return Option("ENGINE");
        if (TakeBoth("FORCE"u8, "AUTO_INCREMENT"u8))
            return Option("FORCE AUTO_INCREMENT");
        if (TakeBoth("FORCE"u8, "AUTO_RANDOM_BASE"u8))
            return Option("FORCE AUTO_RANDOM_BASE");
        if (AtBoth("WITH"u8, "SYSTEM"u8) && _lexer.Is(Ahead(2), "VERSIONING"u8))
        {
            Advance(3);
            return new OptionClause("WITH SYSTEM VERSIONING", "", OptionValueKind.None);
        }

        // TiDB: TTL = `column` + INTERVAL 90 DAY
        if (!At("TTL"u8))
            return null;
        Advance();
        TakeEquals();
        var start = _at;
        while (!AtStatementEnd && !At("INTERVAL"u8))
            Advance();
        Expect("INTERVAL"u8);
        SkipGroup();
        Name("a unit of time");
        return new OptionClause("TTL", ExpressionFrom(start).Text, OptionValueKind.Raw);
    }

    private OptionClause Union()
    {
        Advance();
        TakeEquals();
        var start = _at;
        Open();
        if (!At(SqlTokenKind.CloseParenthesis))
            Objects(ReferenceRole.UnionMember);
        Close();
        return new OptionClause("UNION", ExpressionFrom(start).Text, OptionValueKind.Raw);
    }

    /// <summary>From behind the name: [=] value.</summary>
    private OptionClause Option(string name)
    {
        TakeEquals();
        var start = _at;
        switch (Current.Kind)
        {
            case SqlTokenKind.Text or SqlTokenKind.NationalText:
                return new OptionClause(name, Text("a value"), OptionValueKind.Text);
            case SqlTokenKind.Integer or SqlTokenKind.Decimal or SqlTokenKind.HexNumber:
                Advance();
                return new OptionClause(name, Encoding.ASCII.GetString(_lexer.Slice(Ahead(-1))), OptionValueKind.Number);
            case SqlTokenKind.Word or SqlTokenKind.QuotedName:
                return new OptionClause(name, Name("a value"), OptionValueKind.Word);
            case SqlTokenKind.OpenParenthesis:
                SkipGroup();
                return new OptionClause(name, ExpressionFrom(start).Text, OptionValueKind.Raw);
            default:
                throw Expected($"a value for {name}");
        }
    }
}
