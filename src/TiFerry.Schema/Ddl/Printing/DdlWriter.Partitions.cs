using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Ddl.Printing;

internal sealed partial class DdlWriter
{
    public void Partitioning(Partitioning partitioning)
    {
        Write("PARTITION BY ");
        Rule(partitioning.Rule);
        if (partitioning.Count is { } count)
            Write(" PARTITIONS ").Write(count);
        if (partitioning.SubRule is { } subRule)
        {
            Write(" SUBPARTITION BY ");
            Rule(subRule);
            if (partitioning.SubCount is { } subCount)
                Write(" SUBPARTITIONS ").Write(subCount);
        }

        if (partitioning.Partitions.Count > 0)
            Write(" ").PartitionList(partitioning.Partitions);
        if (partitioning.UpdateIndexes is { } indexes)
            Write(" UPDATE INDEXES (").Write(indexes.Text).Write(")");
    }

    private void Rule(PartitionRule rule)
    {
        WriteIf(rule.IsLinear, "LINEAR ");
        Write(rule.Method switch
        {
            PartitionMethod.Hash => "HASH ",
            PartitionMethod.Key => "KEY ",
            PartitionMethod.Range => "RANGE ",
            PartitionMethod.RangeColumns => "RANGE COLUMNS ",
            PartitionMethod.List => "LIST ",
            PartitionMethod.ListColumns => "LIST COLUMNS ",
            _ => "SYSTEM_TIME",
        });
        if (rule.KeyAlgorithm is { } algorithm)
            Write("ALGORITHM=").Write(algorithm).Write(" ");
        if (rule.Expression is { } expression)
            Write("(").Write(expression.Text).Write(")");
        else if (rule.Method != PartitionMethod.SystemTime)
            Write("(").Names(rule.Columns).Write(")");
        if (rule.Tail is { } tail)
            Write(" ").Write(tail.Text);
    }

    private void PartitionList(IEnumerable<PartitionDefinition> partitions) => Write("(").List(partitions, Partition).Write(")");

    private void Partition(PartitionDefinition partition)
    {
        Write("PARTITION ").Name(partition.Name).Write(partition.Bound switch
        {
            PartitionBound.LessThan => $" VALUES LESS THAN ({partition.Values})",
            PartitionBound.MaxValue => " VALUES LESS THAN MAXVALUE",
            PartitionBound.In => $" VALUES IN ({partition.Values})",
            PartitionBound.Default => " DEFAULT",
            PartitionBound.History => " HISTORY",
            PartitionBound.Current => " CURRENT",
            _ => "",
        });
        Options(partition.Options);
        if (partition.Subpartitions.Count > 0)
            Write(" (").List(partition.Subpartitions, Subpartition).Write(")");
    }

    private void Subpartition(SubpartitionDefinition subpartition)
    {
        Write("SUBPARTITION ").Name(subpartition.Name);
        Options(subpartition.Options);
    }
}
