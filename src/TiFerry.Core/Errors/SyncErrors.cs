namespace TiFerry.Core.Errors;

/// <summary>Errors while changes are applied to the target. DM's class <c>sync-unit</c> (36000 to 36999) where the meaning is the same, else own numbers.</summary>
public static class SyncErrors
{
    /// <summary>A row image does not hold all columns.</summary>
    public static readonly ErrorCode PartialRowImage = new(90301, "sync-unit", "high");

    /// <summary>A row event and the target's table differ in columns.</summary>
    public static readonly ErrorCode ColumnMismatch = new(36027, "sync-unit", "high");

    /// <summary>A change was logged as a statement, not as rows.</summary>
    public static readonly ErrorCode StatementFormat = new(36014, "sync-unit", "high");

    /// <summary>The target has no such table.</summary>
    public static readonly ErrorCode TargetTableMissing = new(90302, "sync-unit", "high");

    /// <summary>A statement failed on the target.</summary>
    public static readonly ErrorCode ApplyFailed = new(10006, "database", "high");

    /// <summary>A row is larger than the target takes.</summary>
    public static readonly ErrorCode PacketTooLarge = new(90303, "database", "high");

    /// <summary>Another process works on the same task.</summary>
    public static readonly ErrorCode TaskTaken = new(90304, "sync-unit", "high");

    /// <summary>The checkpoint on the target can't be used.</summary>
    public static readonly ErrorCode CheckpointUnusable = new(90305, "sync-unit", "high");

    /// <summary>The source reports lost events.</summary>
    public static readonly ErrorCode Incident = new(90306, "binlog-op", "high");

    /// <summary>A kind of transaction or event that can't be applied.</summary>
    public static readonly ErrorCode UnsupportedTransaction = new(90307, "sync-unit", "high");

    /// <summary>Values that the target's column does not hold unchanged.</summary>
    public static readonly ErrorCode ValueChanged = new(90308, "sync-unit", "high");

    /// <summary>A definition statement failed on the target.</summary>
    public static readonly ErrorCode DdlFailed = new(90309, "sync-unit", "high");

    /// <summary>The source writes no binlog.</summary>
    public static readonly ErrorCode NoBinlog = new(90310, "binlog-op", "high");

    /// <summary>The relay log does not follow the server that the source is.</summary>
    public static readonly ErrorCode OtherRelayedServer = new(90311, "sync-unit", "high");

    /// <summary>A successor works on the task: this process has lost it.</summary>
    public static readonly ErrorCode Superseded = new(90312, "sync-unit", "high");

    /// <summary>The record of an online schema change on the target can't be read.</summary>
    public static readonly ErrorCode OnlineDdlRecordUnusable = new(36039, "sync-unit", "high");

    /// <summary>A table becomes an online schema change tool's shadow table.</summary>
    public static readonly ErrorCode RenameToShadowTable = new(36044, "sync-unit", "high");

    /// <summary>An online schema change tool's table gets a name that it can't be followed to.</summary>
    public static readonly ErrorCode RenameOfShadowTable = new(36045, "sync-unit", "high");

    /// <summary>A shadow table takes a table's place and the changes that were made to it are not known.</summary>
    public static readonly ErrorCode NoOnlineDdl = new(36046, "sync-unit", "high");

    /// <summary>A statement of a binlog operation names a table without its database.</summary>
    public static readonly ErrorCode OperationWithoutSchema = new(36024, "sync-unit", "low");

    /// <summary>A statement of a binlog operation is no schema change.</summary>
    public static readonly ErrorCode OperationNotDdl = new(36064, "sync-unit", "high");

    /// <summary>There is no binlog operation at a position, or no statement to operate on.</summary>
    public static readonly ErrorCode OperationMissing = new(36065, "sync-unit", "low");

    /// <summary>A binlog event filter with action Error meets an event.</summary>
    public static readonly ErrorCode EventFiltered = new(36030, "sync-unit", "high");

    /// <summary>An expression of the expression filter can't be used.</summary>
    public static readonly ErrorCode BadExpression = new(90330, "sync-unit", "high");

    /// <summary>An expression of the expression filter has no value for a row.</summary>
    public static readonly ErrorCode ExpressionOutOfRange = new(90331, "sync-unit", "high");
}
