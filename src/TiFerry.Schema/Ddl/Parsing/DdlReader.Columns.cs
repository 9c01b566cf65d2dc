using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    private ColumnDefinition Column()
    {
        var start = _at;
        var name = Name("the name of a column");
        if (Take(SqlTokenKind.Dot))
        {
            // db.table.column and table.column are old spellings of column.
            name = Name("the name of a column");
            if (Take(SqlTokenKind.Dot))
                name = Name("the name of a column");
        }

        var column = Take("SERIAL"u8)
            ? new ColumnDefinition(name, new DataType("bigint") { IsUnsigned = true }) { IsNullable = false, IsAutoIncrement = true, IsUniqueKey = true }
            : new ColumnDefinition(name, Type());
        while (TakeColumnAttribute(ref column))
        {
        }

        return column with { Span = SpanFrom(start) };
    }

    private bool TakeColumnAttribute(ref ColumnDefinition column)
    {
        if (TakeBoth("NOT"u8, "NULL"u8))
            column = column with { IsNullable = false };
        else if (Take("NULL"u8))
            column = column with { IsNullable = true };
        else if (TakeBoth("NOT"u8, "SECONDARY"u8))
            column = column with { Options = [.. column.Options, new OptionClause("NOT SECONDARY", "", OptionValueKind.None)] };
        else if (Take("DEFAULT"u8))
            column = column with { Default = Default() };
        else if (TakeBoth("ON"u8, "UPDATE"u8))
            column = column with { OnUpdate = CurrentTimestamp() ?? throw Expected("CURRENT_TIMESTAMP") };
        else if (Take("AUTO_INCREMENT"u8))
            column = column with { IsAutoIncrement = true };
        else if (Take("AUTO_RANDOM"u8))
            column = column with { AutoRandom = AutoRandom() };
        else if (AtBoth("SERIAL"u8, "DEFAULT"u8))
            column = SerialDefault(column);
        else if (At("GENERATED"u8) || At("AS"u8))
            column = Generated(column);
        else if (Take("COMMENT"u8))
            column = column with { Comment = Text("a comment") };
        else if (Take("VISIBLE"u8))
            column = column with { IsVisible = true };
        else if (Take("INVISIBLE"u8))
            column = column with { IsVisible = false };
        else if (At("CHECK"u8) || At("CONSTRAINT"u8))
            column = column with { Checks = [.. column.Checks, InlineCheck()] };
        else if (At("REFERENCES"u8))
            column = column with { References = ForeignKeyReference() };
        else if (AtCharsetAttribute)
            column = column with { Type = CharsetAttribute(column.Type) };
        else
            return TakeInlineKey(ref column) || TakeColumnOption(ref column);
        return true;
    }

    private bool TakeInlineKey(ref ColumnDefinition column)
    {
        if (Take("UNIQUE"u8))
        {
            Take("KEY"u8);
            column = column with { IsUniqueKey = true };
            return true;
        }

        if (!Take("PRIMARY"u8) && !At("KEY"u8))
            return false;
        Expect("KEY"u8);
        column = column with { IsPrimaryKey = true, Clustering = Clustering() };
        return true;
    }

    private KeyClustering Clustering() =>
        Take("CLUSTERED"u8) ? KeyClustering.Clustered : Take("NONCLUSTERED"u8) ? KeyClustering.NonClustered : KeyClustering.Unspecified;

    private bool TakeColumnOption(ref ColumnDefinition column)
    {
        if (Take("SRID"u8))
        {
            column = column with { Type = column.Type with { Srid = Number("a spatial reference system") } };
        }
        else if (Take("COMPRESSED"u8))
        {
            column = column with { Compression = TakeEquals() ? Name("a compression method").ToLowerInvariant() : "" };
        }
        else if ((At("WITH"u8) || At("WITHOUT"u8)) && NextIs("SYSTEM"u8))
        {
            column = column with { HasSystemVersioning = At("WITH"u8) };
            Advance(2);
            Expect("VERSIONING"u8);
        }
        else if (At("COLUMN_FORMAT"u8) || At("STORAGE"u8) || At("ENGINE_ATTRIBUTE"u8) || At("SECONDARY_ENGINE_ATTRIBUTE"u8))
        {
            column = column with { Options = [.. column.Options, Option(UpperWord("an option"))] };
        }
        else if (At("GLOBAL"u8) || At("LOCAL"u8))
        {
            column = column with { Options = [.. column.Options, new OptionClause(UpperWord("GLOBAL"), "", OptionValueKind.None)] };
        }
        else if (Current.IsName && NextIsEquals)
        {
            column = column with { Options = [.. column.Options, Option(Name("an option"))] };
        }
        else
        {
            return false;
        }

        return true;
    }

    private AutoRandom AutoRandom()
    {
        if (!Take(SqlTokenKind.OpenParenthesis))
            return default;
        var shardBits = SmallNumber("the number of shard bits");
        int? rangeBits = Take(SqlTokenKind.Comma) ? SmallNumber("the number of bits") : null;
        Close();
        return new AutoRandom(shardBits, rangeBits);
    }

    private ColumnDefinition SerialDefault(ColumnDefinition column)
    {
        Advance(2);
        Expect("VALUE"u8);
        return column with { IsNullable = false, IsAutoIncrement = true, IsUniqueKey = true };
    }

    private ColumnDefinition Generated(ColumnDefinition column)
    {
        if (Take("GENERATED"u8))
            Expect("ALWAYS"u8);
        Expect("AS"u8);
        if (Take("ROW"u8))
        {
            if (Take("START"u8))
                return column with { RowTime = RowTime.Start };
            Expect("END"u8);
            return column with { RowTime = RowTime.End };
        }

        var start = _at;
        var expression = Bracketed();
        var storage = Take("VIRTUAL"u8) ? GeneratedStorage.Virtual
            : Take("STORED"u8) || Take("PERSISTENT"u8) ? GeneratedStorage.Stored
            : GeneratedStorage.Unspecified;
        return column with { Generated = new GeneratedColumn(expression, storage) { Span = SpanFrom(start) } };
    }

    private CheckDefinition InlineCheck()
    {
        var start = _at;
        var name = ConstraintName();
        Expect("CHECK"u8);
        return Check(start, name);
    }

    private ColumnDefault Default()
    {
        var start = _at;
        if (Take("NULL"u8))
            return new ColumnDefault(DefaultKind.Null, ExpressionFrom(start)) { Span = SpanFrom(start) };
        if (CurrentTimestamp() is { } now)
            return new ColumnDefault(DefaultKind.CurrentTimestamp, now) { Span = SpanFrom(start) };
        var literal = TakeLiteral(out var value);
        if (!literal)
            SkipPrimary();
        return new ColumnDefault(literal ? DefaultKind.Literal : DefaultKind.Expression, ExpressionFrom(start)) { Value = value, Span = SpanFrom(start) };
    }

    // CURRENT_TIMESTAMP, NOW(), LOCALTIME, LOCALTIMESTAMP, each with or without a precision.
    private SqlExpression? CurrentTimestamp()
    {
        var start = _at;
        if (At("NOW"u8) && NextIs(SqlTokenKind.OpenParenthesis))
            Advance();
        else if (!Take("CURRENT_TIMESTAMP"u8) && !Take("LOCALTIME"u8) && !Take("LOCALTIMESTAMP"u8))
            return null;
        var precision = 0L;
        if (Take(SqlTokenKind.OpenParenthesis) && !Take(SqlTokenKind.CloseParenthesis))
        {
            precision = Number("a precision");
            Close();
        }

        return new SqlExpression(precision == 0 ? "CURRENT_TIMESTAMP" : $"CURRENT_TIMESTAMP({precision})") { Span = SpanFrom(start) };
    }

    private bool TakeLiteral(out string? value)
    {
        value = null;
        var start = _at;
        if (Current.Kind == SqlTokenKind.Operator && (_lexer.IsOperator(Current, "-"u8) || _lexer.IsOperator(Current, "+"u8)) && IsNumber(Ahead(1).Kind))
            Advance();
        switch (Current.Kind)
        {
            case SqlTokenKind.Text or SqlTokenKind.NationalText:
                value = Text("a string");
                return true;
            case SqlTokenKind.Integer or SqlTokenKind.Decimal or SqlTokenKind.Float:
                Advance();
                value = ExpressionFrom(start).Text.Replace(" ", "", StringComparison.Ordinal).TrimStart('+');
                return true;
            case SqlTokenKind.HexText or SqlTokenKind.HexNumber or SqlTokenKind.BitText or SqlTokenKind.BitNumber:
                Advance();
                return true;
            case SqlTokenKind.Word when Take("TRUE"u8):
                value = "1";
                return true;
            case SqlTokenKind.Word when Take("FALSE"u8):
                value = "0";
                return true;
            case SqlTokenKind.Word when At("DATE"u8) || At("TIME"u8) || At("TIMESTAMP"u8) || _lexer.Slice(Current)[0] == '_':
                if (Ahead(1).Kind is not (SqlTokenKind.Text or SqlTokenKind.HexText or SqlTokenKind.BitText or SqlTokenKind.HexNumber or SqlTokenKind.BitNumber))
                    return false;
                Advance(2);
                while (Take(SqlTokenKind.Text))
                {
                }

                return true;
            default:
                return false;
        }
    }

    private static bool IsNumber(SqlTokenKind kind) => kind is SqlTokenKind.Integer or SqlTokenKind.Decimal or SqlTokenKind.Float;

    // An expression without brackets around it, as MariaDB takes it: a call, a name, CASE ... END, NEXT VALUE FOR a sequence.
    private void SkipPrimary()
    {
        while (Current.Kind == SqlTokenKind.Operator)
            Advance();
        if (Take("CASE"u8))
        {
            SkipCase();
            return;
        }

        if ((At("NEXT"u8) || At("PREVIOUS"u8)) && NextIs("VALUE"u8))
        {
            Advance(2);
            Expect("FOR"u8);
        }

        if (!At(SqlTokenKind.OpenParenthesis) && !Current.IsName && Current.Kind is not (SqlTokenKind.SystemVariable or SqlTokenKind.UserVariable))
            throw Expected("a default");
        SkipGroup();
        while (Take(SqlTokenKind.Dot))
            Name("a name");
        if (At(SqlTokenKind.OpenParenthesis))
            SkipGroup();
    }

    private void SkipCase()
    {
        var depth = 1;
        while (depth > 0)
        {
            if (At("CASE"u8))
                depth++;
            else if (At("END"u8))
                depth--;
            SkipGroup();
        }
    }
}
