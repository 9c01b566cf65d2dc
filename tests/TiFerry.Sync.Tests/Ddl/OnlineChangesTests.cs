using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Tests.Proof;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Ddl;

/// <summary>
/// Online schema changes as their tools make them: the statements of gh-ost's and pt-online-schema-change's own sequences, with rows that are written meanwhile.
/// </summary>
[Collection(Servers.Name)]
public class OnlineChangesTests(ServerFixture servers)
{
    private static readonly string[] First = ["CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), n INT)", "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)"];

    private static readonly string[] GhostCopy =
    [
        "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_gho`", "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_ghc`",
        "CREATE /* gh-ost */ TABLE `{db}`.`_t_ghc` (id BIGINT AUTO_INCREMENT, last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, hint VARCHAR(64) CHARSET ascii NOT NULL, value VARCHAR(4096) CHARSET ascii NOT NULL, PRIMARY KEY (id), UNIQUE KEY hint_uidx (hint)) AUTO_INCREMENT=256",
        "CREATE /* gh-ost */ TABLE `{db}`.`_t_gho` LIKE `{db}`.`t`",
        "ALTER /* gh-ost */ TABLE `{db}`.`_t_gho` ADD COLUMN added INT NOT NULL DEFAULT 5 AFTER id, DROP COLUMN n, ADD KEY v (v)",
        "INSERT /* gh-ost */ INTO `{db}`.`_t_ghc` (id, hint, value) VALUES (NULLIF(2, 0), 'state', 'GhostTableMigrated') ON DUPLICATE KEY UPDATE last_update = NOW(), value = VALUES(value)",
        "INSERT /* gh-ost `{db}`.`t` */ IGNORE INTO `{db}`.`_t_gho` (`id`, `v`) (SELECT `id`, `v` FROM `{db}`.`t` FORCE INDEX (`PRIMARY`) WHERE `id` >= 1 AND `id` <= 3 LOCK IN SHARE MODE)",
        "UPDATE `{db}`.`t` SET v = 'written', n = 9 WHERE id = 2", "REPLACE /* gh-ost */ INTO `{db}`.`_t_gho` (`id`, `v`) VALUES (2, 'written')",
        "INSERT INTO `{db}`.`t` VALUES (4, 'd', 4)", "REPLACE /* gh-ost */ INTO `{db}`.`_t_gho` (`id`, `v`) VALUES (4, 'd')",
        "DELETE FROM `{db}`.`t` WHERE id = 1", "DELETE /* gh-ost */ FROM `{db}`.`_t_gho` WHERE id = 1",
    ];

    private static readonly string[] Afterwards = ["INSERT INTO `{db}`.`t` (id, added, v) VALUES (7, 7, 'later')", "UPDATE `{db}`.`t` SET added = id WHERE id < 4"];

    /// <summary>By name: what the tool does, from its first statement to its last.</summary>
    private static Dictionary<string, string[]> Sequences { get; } = new()
    {
        ["gh-ost"] =
        [
            .. GhostCopy,
            "CREATE /* gh-ost */ TABLE `{db}`.`_t_del` (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB COMMENT='ghost-cut-over-sentry'", "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_del`",
            "RENAME /* gh-ost */ TABLE `{db}`.`t` TO `{db}`.`_t_del`, `{db}`.`_t_gho` TO `{db}`.`t`",
            .. Afterwards,
            "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_ghc`", "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_del`",
        ],
        ["gh-ost, two-step"] =
        [
            .. GhostCopy,
            "ALTER /* gh-ost */ TABLE `{db}`.`t` RENAME `_t_del`", "ALTER /* gh-ost */ TABLE `{db}`.`_t_gho` RENAME `t`",
            .. Afterwards,
            "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_ghc`", "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_del`",
        ],
        ["gh-ost, given up and done again"] =
        [
            .. GhostCopy,
            "ALTER /* gh-ost */ TABLE `{db}`.`t` RENAME `_t_del`", "ALTER /* gh-ost */ TABLE `{db}`.`_t_del` RENAME `t`", "UPDATE `{db}`.`t` SET n = 77 WHERE id = 3",
            "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_gho`", "DROP /* gh-ost */ TABLE IF EXISTS `{db}`.`_t_ghc`",
            .. GhostCopy.Where(s => !s.StartsWith("INSERT INTO", StringComparison.Ordinal)),
            "REPLACE /* gh-ost */ INTO `{db}`.`_t_gho` (`id`, `v`) VALUES (4, 'd')",
            "RENAME /* gh-ost */ TABLE `{db}`.`t` TO `{db}`.`_t_del`, `{db}`.`_t_gho` TO `{db}`.`t`",
            .. Afterwards,
        ],
        ["pt-online-schema-change"] =
        [
            "CREATE TABLE `{db}`.`_t_new` (\n  `id` int(11) NOT NULL,\n  `v` varchar(20) DEFAULT NULL,\n  `n` int(11) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n)",
            "ALTER TABLE `{db}`.`_t_new` ADD COLUMN added INT NOT NULL DEFAULT 5 AFTER id, DROP COLUMN n, ADD KEY v (v)",
            "CREATE TRIGGER `pt_osc_{db}_t_del` AFTER DELETE ON `{db}`.`t` FOR EACH ROW DELETE IGNORE FROM `{db}`.`_t_new` WHERE `{db}`.`_t_new`.`id` <=> OLD.`id`",
            "CREATE TRIGGER `pt_osc_{db}_t_upd` AFTER UPDATE ON `{db}`.`t` FOR EACH ROW BEGIN DELETE IGNORE FROM `{db}`.`_t_new` WHERE !(OLD.`id` <=> NEW.`id`) AND `{db}`.`_t_new`.`id` <=> OLD.`id`; REPLACE INTO `{db}`.`_t_new` (`id`, `v`) VALUES (NEW.`id`, NEW.`v`); END",
            "CREATE TRIGGER `pt_osc_{db}_t_ins` AFTER INSERT ON `{db}`.`t` FOR EACH ROW REPLACE INTO `{db}`.`_t_new` (`id`, `v`) VALUES (NEW.`id`, NEW.`v`)",
            "UPDATE `{db}`.`t` SET v = 'written', n = 9 WHERE id = 2",
            "INSERT LOW_PRIORITY IGNORE INTO `{db}`.`_t_new` (`id`, `v`) SELECT `id`, `v` FROM `{db}`.`t` LOCK IN SHARE MODE /*pt-online-schema-change 4711 copy table*/",
            "INSERT INTO `{db}`.`t` VALUES (4, 'd', 4)", "DELETE FROM `{db}`.`t` WHERE id = 1", "UPDATE `{db}`.`t` SET id = 33 WHERE id = 3",
            "ANALYZE TABLE `{db}`.`_t_new` /* pt-online-schema-change */",
            "RENAME TABLE `{db}`.`t` TO `{db}`.`_t_old`, `{db}`.`_t_new` TO `{db}`.`t`",
            .. Afterwards,
            "DROP TABLE IF EXISTS `{db}`.`_t_old`",
            "DROP TRIGGER IF EXISTS `{db}`.`pt_osc_{db}_t_del`", "DROP TRIGGER IF EXISTS `{db}`.`pt_osc_{db}_t_upd`", "DROP TRIGGER IF EXISTS `{db}`.`pt_osc_{db}_t_ins`",
        ],
    };

    public static TheoryData<ServerKind, string, Pace> Runs
    {
        get
        {
            var runs = new TheoryData<ServerKind, string, Pace>();
            foreach (var sequence in Sequences.Keys)
            {
                runs.Add(ServerKind.MariaDb, sequence, Pace.LostAfterEach);
                runs.Add(ServerKind.MySql56, sequence, Pace.InOneGo);
                runs.Add(ServerKind.MySql97, sequence, Pace.StoppedAfterEach);
            }
            return runs;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public async Task The_change_arrives_and_the_tool_s_tables_don_t(ServerKind kind, string sequence, Pace pace)
    {
        var followed = await Followed.CreateAsync(servers, kind, First);
        followed.Options = followed.Options with { OnlineTables = new OnlineDdlTables([], []) };
        await followed.StepAsync(pace, Sequences[sequence]);

        await followed.AssertRowsAsync("SELECT id, added, v FROM {db}.t", "SELECT * FROM {db}.t");
        await followed.AssertRowsAsync(ColumnsAndKeys, ColumnsAndKeys);
        Assert.Equal(["t"], (await followed.TargetRowsAsync("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{db}'")).Select(r => r[0]));
        Assert.Empty(await followed.TargetRowsAsync("SELECT 1 FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = '{db}'"));
        Assert.Equal(0, followed.Progress.UnmatchedRows);
    }

    // The list names the real table only: the tool's tables belong to it.
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "gh-ost")]
    [InlineData(ServerKind.MariaDb, "gh-ost, two-step")]
    [InlineData(ServerKind.MySql97, "pt-online-schema-change")]
    public async Task The_change_goes_to_the_routed_table(ServerKind kind, string sequence)
    {
        var followed = await Followed.CreateAsync(servers, kind, First);
        await followed.OnTargetAsync("RENAME TABLE {db}.t TO {db}.people");
        followed.Options = followed.Options with
        {
            OnlineTables = new OnlineDdlTables([], []),
            Filter = TableFilter.Parse([followed.Named("{db}.t")]),
            Router = new TableRouter([new RouteRule { Name = "people", SchemaPattern = followed.Database, TablePattern = "t", TargetSchema = followed.Database, TargetTable = "people" }]),
        };
        await followed.StepAsync(Pace.LostAfterEach, Sequences[sequence]);

        await followed.AssertRowsAsync("SELECT id, added, v FROM {db}.t", "SELECT * FROM {db}.people");
        Assert.Equal(["people"], (await followed.TargetRowsAsync("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{db}'")).Select(r => r[0]));
    }

    private const string ColumnsAndKeys = """
        SELECT COLUMN_NAME, ORDINAL_POSITION, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, COLUMN_KEY FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 't'
        """;
}
