using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    /// <summary>PARTITION BY ...</summary>
    private Partitioning Partitioning()
    {
        var start = _at;
        Expect("PARTITION"u8);
        Expect("BY"u8);
        var result = new Partitioning(Rule());
        if (Take("PARTITIONS"u8))
            result = result with { Count = SmallNumber("the number of partitions") };
        if (TakeBoth("SUBPARTITION"u8, "BY"u8))
        {
            result = result with { SubRule = Rule() };
            if (Take("SUBPARTITIONS"u8))
                result = result with { SubCount = SmallNumber("the number of subpartitions") };
        }

        if (At(SqlTokenKind.OpenParenthesis) && NextIs("PARTITION"u8))
            result = result with { Partitions = PartitionList() };
        if (TakeBoth("UPDATE"u8, "INDEXES"u8))
            result = result with { UpdateIndexes = Bracketed() };
        return result with { Span = SpanFrom(start) };
    }

    private PartitionRule Rule()
    {
        var start = _at;
        var isLinear = Take("LINEAR"u8);
        PartitionRule rule;
        if (Take("HASH"u8))
        {
            rule = new PartitionRule(PartitionMethod.Hash) { Expression = Bracketed() };
        }
        else if (Take("KEY"u8))
        {
            var algorithm = Take("ALGORITHM"u8) ? (int?)KeyAlgorithm() : null;
            rule = new PartitionRule(PartitionMethod.Key) { KeyAlgorithm = algorithm, Columns = BracketedNames("a column") };
        }
        else if (Take("RANGE"u8))
        {
            rule = Columns(PartitionMethod.Range, PartitionMethod.RangeColumns);
        }
        else if (Take("LIST"u8))
        {
            rule = Columns(PartitionMethod.List, PartitionMethod.ListColumns);
        }
        else
        {
            Expect("SYSTEM_TIME"u8);
            rule = new PartitionRule(PartitionMethod.SystemTime);
        }

        return rule with { IsLinear = isLinear, Tail = RuleTail(), Span = SpanFrom(start) };
    }

    private int KeyAlgorithm()
    {
        TakeEquals();
        return SmallNumber("the number of the algorithm");
    }

    private PartitionRule Columns(PartitionMethod byExpression, PartitionMethod byColumns) =>
        Take("COLUMNS"u8) ? new PartitionRule(byColumns) { Columns = BracketedNames("a column") } : new PartitionRule(byExpression) { Expression = Bracketed() };

    // MariaDB: INTERVAL n unit [STARTS time] [AUTO], LIMIT n [AUTO]. TiDB: INTERVAL (n unit) [FIRST PARTITION ...] [LAST PARTITION ...] [NULL PARTITION] [MAXVALUE PARTITION].
    private SqlExpression? RuleTail()
    {
        if (!At("INTERVAL"u8) && !At("LIMIT"u8))
            return null;
        var start = _at;
        while (!AtStatementEnd && !At("PARTITIONS"u8) && !At("SUBPARTITION"u8) && !At("UPDATE"u8) && !(At(SqlTokenKind.OpenParenthesis) && NextIs("PARTITION"u8)))
            SkipGroup();
        return ExpressionFrom(start);
    }

    /// <summary>(PARTITION ..., PARTITION ...)</summary>
    private NodeList<PartitionDefinition> PartitionList()
    {
        var partitions = new List<PartitionDefinition>();
        Open();
        do
            partitions.Add(Partition());
        while (Take(SqlTokenKind.Comma));
        Close();
        return [.. partitions];
    }

    private PartitionDefinition Partition()
    {
        var start = _at;
        Expect("PARTITION"u8);
        var partition = Bound(new PartitionDefinition(NameOrText("the name of a partition")));
        partition = partition with { Options = PartitionOptions() };
        if (Take(SqlTokenKind.OpenParenthesis))
        {
            var subpartitions = new List<SubpartitionDefinition>();
            do
                subpartitions.Add(Subpartition());
            while (Take(SqlTokenKind.Comma));
            Close();
            partition = partition with { Subpartitions = [.. subpartitions] };
        }

        return partition with { Span = SpanFrom(start) };
    }

    private SubpartitionDefinition Subpartition()
    {
        var start = _at;
        Expect("SUBPARTITION"u8);
        return new SubpartitionDefinition(NameOrText("the name of a subpartition")) { Options = PartitionOptions(), Span = SpanFrom(start) };
    }

    private PartitionDefinition Bound(PartitionDefinition partition)
    {
        if (Take("DEFAULT"u8))
            return partition with { Bound = PartitionBound.Default };
        if (Take("HISTORY"u8))
            return partition with { Bound = PartitionBound.History };
        if (Take("CURRENT"u8))
            return partition with { Bound = PartitionBound.Current };
        if (!Take("VALUES"u8))
            return partition;
        if (Take("IN"u8))
            return partition with { Bound = PartitionBound.In, Values = Bracketed() };
        Expect("LESS"u8);
        Expect("THAN"u8);
        return Take("MAXVALUE"u8)
            ? partition with { Bound = PartitionBound.MaxValue }
            : partition with { Bound = PartitionBound.LessThan, Values = Bracketed() };
    }

    private NodeList<OptionClause> PartitionOptions()
    {
        var options = new List<OptionClause>();
        while (TakeTableOption() is { } option)
            options.Add(option);
        return [.. options];
    }
}
