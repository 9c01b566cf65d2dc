using TiFerry.Migration;
using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>DM's checks and those of this program, in the order in which they are shown.</summary>
internal static class TaskCheckList
{
    /// <summary>All but those that look at several sources at once.</summary>
    public static readonly IReadOnlyList<TaskCheck> Checks =
    [
        new(Items.Version, "mysql_version", "check whether versions of source and target are known", CheckPlace.Source, Always, From(ServerVersionCheck.RunAsync)),
        new(Items.ConnNumber, "dumper_conn_number_checker", "check if connection concurrency exceeds database's maximum connection limit", CheckPlace.Source,
            c => !c.SubTask.LoadsFiles, ConnectionNumberRule.OfSourceAsync),
        new(Items.DumpPrivilege, "source db dump privilege checker", "check dump privileges of source DB", CheckPlace.Source,
            c => c.IsNew && !c.SubTask.LoadsFiles && !c.SubTask.DumpsFiles, From(CopyPrivilegeCheck.RunAsync)),
        new(Items.DumpPrivilege, "source db dump privilege checker", "check dump privileges of source DB", CheckPlace.Source,
            c => c.SubTask.DumpsFiles, FileDumpPrivilegeRule.RunAsync),
        new(Items.MetaPosition, "meta position check", "check whether meta position is valid for db", CheckPlace.Source,
            c => c.IsNew && c.SubTask is { ReadsBinlog: true, UsesRelay: false, StartTime: null, Options.Mode: MigrationMode.Incremental }, From(BinlogStartCheck.RunAsync)),
        new(Items.MetaPosition, "meta position check", "check whether the checkpoint's position is valid for db", CheckPlace.Source,
            c => !c.IsNew && c.SubTask is { ReadsBinlog: true, UsesRelay: false, StartTime: null }, From(CheckpointReachCheck.RunAsync)),
        new(Items.MetaPosition, "meta position check", "check whether the binlog of db reaches back to the start time", CheckPlace.Source, c => c.SubTask.StartTime is not null, StartTimeRule.RunAsync),
        new(Items.ServerId, "mysql_server_id", "check whether mysql server_id has been greater than 0", CheckPlace.Source, ReadsBinlog, From(ServerIdCheck.RunAsync)),
        new(Items.BinlogEnable, "mysql_binlog_enable", "check whether mysql binlog is enabled", CheckPlace.Source, ReadsBinlog,
            From(BinlogEnabledCheck.RunAsync), From(BinlogRetentionCheck.RunAsync), From(ReplicaLogCheck.RunAsync)),
        new(Items.BinlogFormat, "mysql_binlog_format", "check whether mysql binlog_format is ROW", CheckPlace.Source, ReadsBinlog, From(BinlogFormatCheck.RunAsync)),
        new(Items.BinlogRowImage, "mysql_binlog_row_image", "check whether mysql binlog_row_image is FULL", CheckPlace.Source, ReadsBinlog, From(RowImageCheck.RunAsync)),
        new(Items.ReplicationPrivilege, "source db replication privilege checker", "check replication privileges of source DB", CheckPlace.Source,
            ReadsBinlog, From(ReplicationPrivilegeCheck.RunAsync)),
        new(Items.OnlineDdl, "online ddl checker", "check if in online ddl phase", CheckPlace.Source, c => c.IsNew && ReadsBinlog(c), From(OnlineDdlCheck.RunAsync)),
        new(Items.BinlogDb, "binlog_do_db/binlog_ignore_db check", "check whether migrated dbs are in binlog_do_db/binlog_ignore_db", CheckPlace.Source, ReadsBinlog, From(BinlogFilterCheck.RunAsync)),
        new(Items.MetaPosition, "gtid_mode", "check whether the source has GTIDs where enable-gtid asks for them", CheckPlace.Source, c => c.SubTask.NeedsGtid && ReadsBinlog(c), GtidModeRule.RunAsync),
        new(Items.TargetPrivilege, "target db privilege checker", "check privileges of target DB", CheckPlace.Task, c => c.IsNew && c.SubTask.WritesTarget, From(TargetPrivilegeCheck.RunAsync)),
        new(Items.TargetPrivilege, "target settings checker", "check settings of the target that writing depends on", CheckPlace.Task, c => c.SubTask.WritesTarget,
            From(SameServerCheck.RunAsync), OfNew(TargetSettingsCheck.RunAsync), OfNew(NameCaseCheck.RunAsync), OfNew(TargetTriggerCheck.RunAsync)),
        new(Items.TableSchema, "table structure compatibility check", "check compatibility of table structure", CheckPlace.Task, c => c.IsNew,
            From(ScopeCheck.RunAsync), From(RouteCheck.RunAsync), From(ObjectKindCheck.RunAsync), From(UncarriedCheck.RunAsync), From(TableKeyCheck.RunAsync),
            OfTarget(EngineCheck.RunAsync), OfTarget(TypeCheck.RunAsync), OfTarget(CollationCheck.RunAsync), From(ForeignKeyCheck.RunAsync), OfTarget(TargetTableCheck.RunAsync)),
        new(Items.TargetTableEmpty, "downstream_table_empty", "check whether the tables of the target are empty", CheckPlace.Task,
            c => c.IsNew && c.SubTask.CopiesTables && c.SubTask.WritesTarget, From(TargetRowsCheck.RunAsync)),
    ];

    /// <summary>Asked only where someone asks for it (DM's additional items).</summary>
    public static readonly TaskCheck PrimaryKey = new(Items.PrimaryKey, "primary key existence check", "check existence of primary key in upstream tables", CheckPlace.Task, Always, PrimaryKeyRule.RunAsync);

    private static bool Always(SubTaskContext context) => true;

    private static bool ReadsBinlog(SubTaskContext context) => context.SubTask.ReadsBinlog;

    private static Rule From(Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>> check) => (context, ct) => check(context.Servers, ct);

    private static Rule OfNew(Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>> check) =>
        (context, ct) => context.IsNew ? check(context.Servers, ct) : AsyncEnumerable.Empty<CheckResult>();

    private static Rule OfTarget(Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>> check) =>
        (context, ct) => context.SubTask.WritesTarget ? check(context.Servers, ct) : AsyncEnumerable.Empty<CheckResult>();
}
