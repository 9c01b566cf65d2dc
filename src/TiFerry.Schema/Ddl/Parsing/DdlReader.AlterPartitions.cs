using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    // ADD and DROP PARTITION are read with the other kinds of ADD and DROP.
    private readonly bool AtPartitionOperation => At("PARTITION"u8) || AtBoth("REMOVE"u8, "PARTITIONING"u8) || AtBoth("UPGRADE"u8, "PARTITIONING"u8)
        || AtBoth("CONVERT"u8, "TABLE"u8)
        || (NextIs("PARTITION"u8) && (At("TRUNCATE"u8) || At("COALESCE"u8) || At("REORGANIZE"u8) || At("EXCHANGE"u8) || At("CONVERT"u8) || AtMaintenance));

    private readonly bool AtMaintenance => At("ANALYZE"u8) || At("CHECK"u8) || At("OPTIMIZE"u8) || At("REBUILD"u8) || At("REPAIR"u8) || At("DISCARD"u8) || At("IMPORT"u8);

    private AlterSpecification PartitionOperation()
    {
        if (AtBoth("PARTITION"u8, "BY"u8))
            return new PartitionBy(Partitioning());
        if (At("PARTITION"u8))
            return Other("PARTITION");
        if (TakeBoth("REMOVE"u8, "PARTITIONING"u8))
            return new RemovePartitioning();
        if (AtBoth("UPGRADE"u8, "PARTITIONING"u8))
            return Other("UPGRADE PARTITIONING");
        if (TakeBoth("CONVERT"u8, "TABLE"u8))
            return ConvertTable();
        if (AtMaintenance)
            return Maintenance();

        var operation = UpperWord("an operation");
        Advance();
        switch (operation)
        {
            case "TRUNCATE":
                TakeNoWriteToBinlog();
                return new TruncatePartition(PartitionNames());
            case "COALESCE":
                TakeNoWriteToBinlog();
                return new CoalescePartition(SmallNumber("a number of partitions"));
            case "REORGANIZE":
                return Reorganize();
            case "EXCHANGE":
                return Exchange();
            default:
                var name = Name("the name of a partition");
                Expect("TO"u8);
                Expect("TABLE"u8);
                return new ConvertPartitionToTable(name, Object(ReferenceRole.PartitionPartner));
        }
    }

    // A statement with it is in no binlog, but for that of MariaDB's partition operations.
    private void TakeNoWriteToBinlog()
    {
        if (!Take("NO_WRITE_TO_BINLOG"u8))
            Take("LOCAL"u8);
    }

    /// <summary>ALL, which gives an empty list, or names.</summary>
    private NodeList<string> PartitionNames() => Take("ALL"u8) ? [] : NameList("the name of a partition");

    /// <summary>From behind ADD PARTITION.</summary>
    private AddPartition AddPartition()
    {
        var ifNotExists = TakeIfNotExists();
        TakeNoWriteToBinlog();
        if (Take("PARTITIONS"u8))
            return new AddPartition { IfNotExists = ifNotExists, Count = SmallNumber("a number of partitions") };
        return new AddPartition { IfNotExists = ifNotExists, Partitions = PartitionList() };
    }

    private ReorganizePartition Reorganize()
    {
        TakeNoWriteToBinlog();
        if (AtStatementEnd || At(SqlTokenKind.Comma))
            return new ReorganizePartition([], []);
        var names = NameList("the name of a partition");
        Expect("INTO"u8);
        return new ReorganizePartition(names, PartitionList());
    }

    private ExchangePartition Exchange()
    {
        var name = Name("the name of a partition");
        Expect("WITH"u8);
        Expect("TABLE"u8);
        return new ExchangePartition(name, Object(ReferenceRole.PartitionPartner)) { HasValidation = Validation() };
    }

    private ConvertTableToPartition ConvertTable()
    {
        var table = Object(ReferenceRole.PartitionPartner);
        Expect("TO"u8);
        return new ConvertTableToPartition(table, Partition()) { HasValidation = Validation() };
    }

    private bool? Validation() => TakeBoth("WITH"u8, "VALIDATION"u8) ? true : TakeBoth("WITHOUT"u8, "VALIDATION"u8) ? false : null;

    private MaintainPartition Maintenance()
    {
        var operation = UpperWord("an operation");
        Advance();
        TakeNoWriteToBinlog();
        var names = PartitionNames();
        var tail = UpToComma();
        return new MaintainPartition(operation, names) { Tail = tail.Text.Length == 0 ? null : tail };
    }
}
