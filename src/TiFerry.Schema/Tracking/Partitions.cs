using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tracking;

/// <summary>What ALTER TABLE does to the partitions of a table. Their rows don't matter here.</summary>
internal static class Partitions
{
    /// <summary>The clause with expressions in plain quotes.</summary>
    public static Partitioning Complete(Partitioning written, SqlDialect dialect) => written with
    {
        Rule = Complete(written.Rule, dialect),
        SubRule = written.SubRule is { } sub ? Complete(sub, dialect) : null,
        Partitions = [.. written.Partitions.Select(p => Complete(p, dialect))],
        UpdateIndexes = null,
        Span = default,
    };

    /// <summary>The partitions after a specification; null where it doesn't change them.</summary>
    public static Partitioning? Apply(Partitioning current, AlterSpecification specification, string table, SqlDialect dialect)
    {
        switch (specification)
        {
            case AddPartition { Count: { } added }:
                return current with { Count = CountOf(current) + added };
            case AddPartition add:
                var isOpen = current.Partitions.Count == 0 && current.Count is not null;
                return isOpen
                    ? current with { Count = CountOf(current) + add.Partitions.Count }
                    : Counted(current, [.. current.Partitions, .. Missing(current, add).Select(p => Complete(p, dialect))]);
            case CoalescePartition coalesce when current.Partitions.Count == 0:
                return current with { Count = CountOf(current) - coalesce.Count };
            case CoalescePartition coalesce:
                return Counted(current, [.. current.Partitions.SkipLast(coalesce.Count)]);
            case DropPartition drop:
                Require(current, drop.IfExists ? [] : drop.Names, table, "DROP PARTITION");
                return Counted(current, [.. current.Partitions.Where(p => !Contains(drop.Names, p.Name))]);
            case ConvertPartitionToTable convert:
                Require(current, [convert.Name], table, "CONVERT PARTITION");
                return Counted(current, [.. current.Partitions.Where(p => !Contains([convert.Name], p.Name))]);
            case ConvertTableToPartition convert:
                return Counted(current, [.. current.Partitions, Complete(convert.Partition, dialect)]);
            case ReorganizePartition { Partitions.Count: > 0 } reorganize:
                return Reorganize(current, reorganize, table, dialect);
            default:
                return null;
        }
    }

    private static Partitioning Reorganize(Partitioning current, ReorganizePartition change, string table, SqlDialect dialect)
    {
        Require(current, change.Names, table, "REORGANIZE PARTITION");
        var result = new List<PartitionDefinition>();
        var isPlaced = false;
        foreach (var partition in current.Partitions)
        {
            if (!Contains(change.Names, partition.Name))
            {
                result.Add(partition);
            }
            else if (!isPlaced)
            {
                result.AddRange(change.Partitions.Select(p => Complete(p, dialect)));
                isPlaced = true;
            }
        }

        return Counted(current, [.. result]);
    }

    private static IEnumerable<PartitionDefinition> Missing(Partitioning current, AddPartition add) =>
        add.IfNotExists ? add.Partitions.Where(p => !Contains([.. current.Partitions.Select(c => c.Name)], p.Name)) : add.Partitions;

    private static Partitioning Counted(Partitioning current, NodeList<PartitionDefinition> partitions) =>
        current with { Partitions = partitions, Count = current.Count is null ? null : partitions.Count };

    private static int CountOf(Partitioning current) => current.Count ?? Math.Max(current.Partitions.Count, 1);

    private static void Require(Partitioning current, NodeList<string> names, string table, string clause)
    {
        // Partitions without definitions have the names p0, p1, ...
        if (current.Partitions.Count > 0 && names.FirstOrDefault(n => !current.Partitions.Any(p => Contains([n], p.Name))) is { } missing)
            throw TrackerErrors.CannotFollow(table, clause, $"it has no partition {Tables.TableName.Quote(missing)}");
    }

    private static bool Contains(NodeList<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static PartitionRule Complete(PartitionRule rule, SqlDialect dialect) => rule with
    {
        Expression = rule.Expression is { } expression ? ExpressionText.Plain(expression, dialect) : null,
        Tail = rule.Tail is { } tail ? ExpressionText.Plain(tail, dialect) : null,
    };

    private static PartitionDefinition Complete(PartitionDefinition partition, SqlDialect dialect) =>
        partition with { Values = partition.Values is { } values ? ExpressionText.Plain(values, dialect) : null };
}
