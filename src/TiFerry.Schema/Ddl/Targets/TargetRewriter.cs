using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using ColumnDefinition = TiFerry.Schema.Ddl.Ast.ColumnDefinition;

namespace TiFerry.Schema.Ddl.Targets;

/// <summary>Walks over a statement and applies <see cref="TargetRules"/> to every node.</summary>
/// <param name="source">The server that wrote it.</param>
/// <param name="target">The server that gets it.</param>
/// <param name="engines">The storage engines of the target, in upper case.</param>
internal sealed class TargetRewriter(ServerInfo source, ServerInfo target, IReadOnlySet<string> engines)
{
    /// <summary>Engines whose tables hold their own rows, so that another engine can hold them too.</summary>
    private static readonly HashSet<string> Replaceable = new(StringComparer.OrdinalIgnoreCase)
    {
        "InnoDB", "MyISAM", "Aria", "MARIA", "ROCKSDB", "TokuDB", "XtraDB", "Memory", "HEAP", "Archive", "NDB", "NDBCLUSTER", "Columnstore", "Mroonga", "CSV", "PBXT", "XENGINE",
    };

    private readonly TargetRule[] _rules = [.. TargetRules.All.Where(r => r.AppliesTo(source, target))];
    private readonly bool _knowsOrReplace = target.Flavour == ServerFlavour.MariaDb;
    private readonly SortedSet<string> _losses = new(StringComparer.Ordinal);

    /// <summary>What was given up in the statements so far, each as <c>clause: what is lost</c>.</summary>
    public IReadOnlyCollection<string> Losses => _losses;

    /// <summary>
    /// The statement in the target's words: the very same object where there is nothing to say differently, several statements where one becomes several, none
    /// where the target has nothing to do.
    /// </summary>
    /// <exception cref="TiFerryException">The target has nothing that means the same.</exception>
    public IReadOnlyList<SqlStatement> Rewrite(SqlStatement statement)
    {
        var walk = new Walk(this, statement);
        return statement switch
        {
            CreateTable { OrReplace: true } table when !_knowsOrReplace => [new DropTable([table.Name]) { IfExists = true, Temporary = table.Temporary }, walk.Statement(table with { OrReplace = false })!],
            CreateDatabase { OrReplace: true } database when !_knowsOrReplace => [new DropDatabase(database.Name) { IfExists = true }, walk.Statement(database with { OrReplace = false })!],
            _ => walk.Statement(statement) is { } rewritten ? [rewritten] : [],
        };
    }

    private readonly record struct Walk(TargetRewriter Rewriter, SqlStatement Subject)
    {
        public SqlStatement? Statement(SqlStatement statement)
        {
            SqlStatement? result = statement switch
            {
                CreateTable table => Table(Node(table)!),
                AlterTable table => Alter(Node(table)!),
                CreateIndex index => Index(Node(index)!),
                DropIndex index => Node(index)!,
                DropTable drop => Node(drop)!,
                RenameTable rename => Node(rename)!,
                TruncateTable truncate => Node(truncate)!,
                CreateDatabase database => Node(database)! with { Options = Options(database.Options) },
                AlterDatabase database => Alter(database),
                _ => statement,
            };
            return statement.Equals(result) ? statement : result;
        }

        private AlterDatabase? Alter(AlterDatabase database) => Options(database.Options) is { Count: > 0 } options ? database with { Options = options } : null;

        private CreateTable Table(CreateTable table) => table with
        {
            Elements = List(table.Elements, Element),
            Options = Options(table.Options),
            Partitioning = table.Partitioning is { } partitioning ? Partitioning(partitioning) : null,
        };

        private AlterTable Alter(AlterTable table) => table with { Specifications = List(table.Specifications, Specification) };

        // An index that the target does without leaves nothing to do.
        private CreateIndex? Index(CreateIndex index) =>
            Key(index.Key) is { } key ? index with { Key = key, Clauses = List(index.Clauses, Specification) } : null;

        private TableElement? Element(TableElement element) => element switch
        {
            ColumnDefinition column => Column(column),
            KeyDefinition key => Key(key),
            CheckDefinition check => Check(check),
            ForeignKeyDefinition foreignKey => Node(foreignKey),
            PeriodDefinition period => Node(period),
            _ => element,
        };

        private ColumnDefinition Column(ColumnDefinition column)
        {
            column = Node(column)!;
            return column with
            {
                Type = Node(column.Type)!,
                Generated = column.Generated is { } generated ? generated with { Expression = Node(generated.Expression)! } : null,
                Default = column.Default is { } value ? Default(value) : null,
                Checks = List(column.Checks, Check),
                Options = Options(column.Options),
            };
        }

        private ColumnDefault Default(ColumnDefault value)
        {
            var known = Node(value)!;
            return known with { Expression = Node(known.Expression)! };
        }

        private CheckDefinition? Check(CheckDefinition check) => Node(check) is { } known ? known with { Expression = Node(known.Expression)! } : null;

        private KeyDefinition? Key(KeyDefinition key) => Node(key) is { } known ? known with { Options = Options(known.Options) } : null;

        private AlterSpecification? Specification(AlterSpecification specification)
        {
            switch (Node(specification))
            {
                case AddColumn add:
                    return add with { Column = Column(add.Column) };
                case AddColumns add:
                    return add with { Elements = List(add.Elements, Element) };
                case ModifyColumn modify:
                    return modify with { Column = Column(modify.Column) };
                case ChangeColumn change:
                    return change with { Column = Column(change.Column) };
                case SetColumnDefault set:
                    return set with { Default = Default(set.Default) };
                case AddKey add:
                    return Key(add.Key) is { } key ? add with { Key = key } : null;
                case AddCheck add:
                    return Check(add.Check) is { } check ? add with { Check = check } : null;
                case AddForeignKey add:
                    return add with { ForeignKey = Node(add.ForeignKey)! };
                case AddPeriod add:
                    return add with { Period = Node(add.Period)! };
                case SetTableOption set:
                    return Option(set.Option) is { } option ? set with { Option = option } : null;
                case PartitionBy by:
                    return by with { Partitioning = Partitioning(by.Partitioning) };
                case AddPartition add:
                    return add with { Partitions = List(add.Partitions, Partition) };
                case ReorganizePartition reorganize:
                    return reorganize with { Partitions = List(reorganize.Partitions, Partition) };
                case var other:
                    return other;
            }
        }

        private Partitioning Partitioning(Partitioning partitioning) => partitioning with
        {
            Rule = Node(partitioning.Rule)!,
            Partitions = List(partitioning.Partitions, Partition),
        };

        private PartitionDefinition? Partition(PartitionDefinition partition)
        {
            var options = Options;
            return Node(partition)! with
            {
                Options = Options(partition.Options),
                Subpartitions = List(partition.Subpartitions, s => s with { Options = options(s.Options) }),
            };
        }

        private NodeList<OptionClause> Options(NodeList<OptionClause> options)
        {
            var known = List(options, Option);

            // The row formats of another engine are not those of the one that takes its place.
            var isOtherEngine = options.Any(o => o.Name == "ENGINE") && !known.Any(o => o.Name == "ENGINE");
            return isOtherEngine ? [.. known.Where(o => o.Name is not ("ROW_FORMAT" or "KEY_BLOCK_SIZE"))] : known;
        }

        private OptionClause? Option(OptionClause option)
        {
            if (Node(option) is not { } known)
                return null;
            if (known.Name != "ENGINE" || Rewriter.KnowsEngine(known.Value))
                return known;
            if (!Replaceable.Contains(known.Value))
                throw Stop($"storage engine {known.Value}", "leave the table out, or create it on the target by hand with an engine that it has");
            Rewriter._losses.Add($"ENGINE={known.Value}: the target's default engine keeps the table");
            return null;
        }

        private static NodeList<T> List<T>(NodeList<T> nodes, Func<T, T?> rewrite)
            where T : SqlNode => [.. nodes.Select(rewrite).OfType<T>()];

        /// <summary>Applies the rules for its kind to one node; null where it is left out.</summary>
        private T? Node<T>(T node)
            where T : SqlNode
        {
            T? result = node;
            foreach (var rule in Rewriter._rules)
            {
                if (rule is not TargetRule<T> applicable || !applicable.Stands(result))
                    continue;
                if (applicable.Instead is null)
                    throw Stop(rule.Clause, rule.WayOut);
                if (rule.Loss is { } loss)
                    Rewriter._losses.Add($"{rule.Clause}: {loss}");
                result = applicable.Instead(result);
                if (result is null)
                    break;
            }

            return result;
        }

        private TiFerryException Stop(string clause, string? wayOut) => new(SchemaErrors.UnknownDdl, ErrorScope.Downstream,
            $"the target ({Rewriter.TargetName}) does not have: {clause}; it is in the definition of {string.Join(", ", Subject.Objects)}{Subject.Database}", wayOut);
    }

    private bool KnowsEngine(string engine) => engines.Contains(engine.ToUpperInvariant() switch
    {
        "HEAP" => "MEMORY",
        "MERGE" => "MRG_MYISAM",
        "MARIA" => "ARIA",
        "INNOBASE" => "INNODB",
        "NDB" => "NDBCLUSTER",
        var name => name,
    });

    private string TargetName => target.Flavour == ServerFlavour.TiDb ? $"TiDB {target.TiDbVersion}" : $"{target.Flavour} {target.Version}";
}
