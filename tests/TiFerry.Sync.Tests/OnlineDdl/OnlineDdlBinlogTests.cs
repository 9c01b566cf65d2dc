using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Source;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.OnlineDdl;

/// <summary>What both tools run, as real servers log it, leaves the target's table like the source's.</summary>
[Collection(Servers.Name)]
public sealed class OnlineDdlBinlogTests(ServerFixture servers)
{
    private const string Table = "CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT, `a` varchar(20) DEFAULT NULL, `b` int DEFAULT NULL, PRIMARY KEY (`id`), KEY `b` (`b`)) ENGINE=InnoDB DEFAULT CHARSET=latin1";

    // The statements of gh-ost 1.1, with its default cut-over.
    private static readonly string[] Ghost =
    [
        "drop /* gh-ost */ table if exists `{0}`.`_t_gho`",
        "drop /* gh-ost */ table if exists `{0}`.`_t_del`",
        "drop /* gh-ost */ table if exists `{0}`.`_t_ghc`",
        """
        create /* gh-ost */ table `{0}`.`_t_ghc` (
                id bigint unsigned auto_increment,
                last_update timestamp not null DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
                hint varchar(64) charset ascii not null,
                value varchar(4096) charset ascii not null,
                primary key(id),
                unique key hint_uidx(hint)
            ) auto_increment=256
        """,
        "create /* gh-ost */ table `{0}`.`_t_gho` like `{0}`.`t`",
        "alter /* gh-ost */ table `{0}`.`_t_gho` add column `new col` varchar(9) not null default 'x''\\\\y', drop key b, modify a varchar(30), add key (`new col`, a)",
        "alter /* gh-ost */ table `{0}`.`_t_gho` AUTO_INCREMENT=7",
        "insert /* gh-ost */ into `{0}`.`_t_ghc` (id, hint, value) values (NULL, 'state', 'Migrated')",
        "insert /* gh-ost */ ignore into `{0}`.`_t_gho` (`id`, `a`, `b`) (select `id`, `a`, `b` from `{0}`.`t` force index (`PRIMARY`) where id > 0)",
        "create /* gh-ost */ table `{0}`.`_t_del` (id int auto_increment primary key) engine=InnoDB comment='ghost-cut-over-sentry'",
        "drop /* gh-ost */ table `{0}`.`_t_del`",
        "rename /* gh-ost */ table `{0}`.`t` to `{0}`.`_t_del`, `{0}`.`_t_gho` to `{0}`.`t`",
        "drop /* gh-ost */ table if exists `{0}`.`_t_ghc`",
        "drop /* gh-ost */ table if exists `{0}`.`_t_del`",
    ];

    // The statements of pt-online-schema-change 3.
    private static readonly string[] PerconaToolkit =
    [
        "USE `{0}`",
        "CREATE TABLE `{0}`.`_t_new` (`id` int NOT NULL AUTO_INCREMENT, `a` varchar(20) DEFAULT NULL, `b` int DEFAULT NULL, PRIMARY KEY (`id`), KEY `b` (`b`)) ENGINE=InnoDB DEFAULT CHARSET=latin1",
        "ALTER TABLE `{0}`.`_t_new` add column c3 int after id, change b b2 bigint",
        "CREATE TRIGGER `pt_osc_t_del` AFTER DELETE ON `{0}`.`t` FOR EACH ROW DELETE IGNORE FROM `{0}`.`_t_new` WHERE `{0}`.`_t_new`.`id` <=> OLD.`id`",
        "INSERT LOW_PRIORITY IGNORE INTO `{0}`.`_t_new` (`id`, `a`, `b2`) SELECT `id`, `a`, `b` FROM `{0}`.`t` LOCK IN SHARE MODE /*pt-online-schema-change 3227 copy table*/",
        "ANALYZE TABLE `{0}`.`_t_new` /* pt-online-schema-change */",
        "RENAME TABLE `{0}`.`t` TO `{0}`.`_t_old`, `{0}`.`_t_new` TO `{0}`.`t`",
        "DROP TRIGGER IF EXISTS `{0}`.`pt_osc_t_del`",
        "DROP TABLE IF EXISTS `_t_old`",
    ];

    public static TheoryData<ServerKind, bool> Runs
    {
        get
        {
            var runs = new TheoryData<ServerKind, bool>();
            foreach (var kind in (ServerKind[])[ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97])
            {
                runs.Add(kind, false);
                runs.Add(kind, true);
            }

            return runs;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public async Task The_targets_table_becomes_the_sources(ServerKind kind, bool isPerconaToolkit)
    {
        var sourceServer = await servers.SourceAsync(kind);
        var targetServer = await servers.TargetAsync(kind);
        await using var source = await sourceServer.ConnectAsync();
        await using var target = await targetServer.ConnectAsync();
        var schema = ServerFixture.NewDatabaseName("osc");
        foreach (var side in (MySqlConnection[])[source, target])
            await side.ExecuteAsync($"CREATE DATABASE `{schema}`; USE `{schema}`; {Table}", default);
        await source.ExecuteAsync($"INSERT INTO t VALUES (1, 'x', 2), (2, 'y', 3)", default);
        var start = (await SourcePosition.ReadAsync(source, default)).Position;

        foreach (var statement in isPerconaToolkit ? PerconaToolkit : Ghost)
            await source.ExecuteAsync(statement.Replace("{0}", schema, StringComparison.Ordinal), default);
        await source.ExecuteAsync($"DROP DATABASE IF EXISTS end_of_{schema}", default);

        var options = new BinlogStreamOptions { Connection = sourceServer.ConnectionOptions, Start = BinlogStart.At(start), ServerId = 81_234 };
        await using var stream = await BinlogStream.OpenAsync(options, default);
        var made = await FollowAsync(stream, SqlDialect.Of(source.Server), target, schema);

        Assert.NotEqual(0, made);
        Assert.Equal("t", string.Join(',', (await target.QueryRowsAsync($"SHOW TABLES FROM `{schema}`", default)).Select(r => r[0])));
        Assert.Equal(await DefinitionAsync(source, schema), await DefinitionAsync(target, schema));
    }

    private static async Task<int> FollowAsync(BinlogStream stream, SqlDialect source, MySqlConnection target, string schema)
    {
        var changes = new OnlineSchemaChanges(new OnlineDdlTables([], []), new OnlineDdlStore("meta", "task", "s"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var made = 0;
        while (true)
        {
            if (await stream.ReadAsync(limit.Token) is not QueryEvent query)
                continue;
            var dialect = source with { Mode = (SqlMode)(query.SqlMode ?? 0) };
            var text = query.Sql.ToArray();
            var whole = DdlParser.Parse(text, dialect);
            if (whole is DropDatabase)
                return made;
            if (!whole.Kind.IsSchemaChange)
                continue;
            changes.Check(whole);
            foreach (var piece in DdlText.SplitTables(text, dialect))
            {
                var result = changes.Apply(new OnlineDdlPiece(DdlParser.Parse(piece, dialect), piece, query.Schema, dialect, stream.Position!.Value, ""));
                Assert.NotEqual(OnlineDdlDecision.AsItIs, result.Decision);
                foreach (var statement in result.Statements)
                {
                    await target.ExecuteAsync(Encoding.UTF8.GetString(statement.Text), default);
                    made++;
                }
            }
        }
    }

    private static async Task<string> DefinitionAsync(MySqlConnection side, string schema)
    {
        var text = (await side.QueryRowsAsync($"SHOW CREATE TABLE `{schema}`.t", default))[0][1]!;
        return System.Text.RegularExpressions.Regex.Replace(text, " AUTO_INCREMENT=[0-9]+", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
    }
}
