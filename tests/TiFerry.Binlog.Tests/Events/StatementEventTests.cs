using System.Text;
using TiFerry.Binlog.Events;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>Events around statements, as real servers write them.</summary>
public sealed class StatementEventTests
{
    public static TheoryData<ServerKind> Kinds => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Statements_carry_their_session(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(kind);
        await log.ExecuteAsync(
            "CREATE DATABASE d DEFAULT CHARACTER SET latin1",
            "USE d",
            "SET NAMES koi8r",
            "SET collation_database = greek_general_ci",
            "SET time_zone = '+03:00', sql_mode = 'ANSI_QUOTES', foreign_key_checks = 0, auto_increment_increment = 3, auto_increment_offset = 2, lc_time_names = 'de_DE'",
            "CREATE TABLE t (id INT)");
        var seen = 0;
        await log.ReadAsync(e =>
        {
            if (e is not QueryEvent query || !query.Sql.StartsWith("CREATE TABLE"u8))
                return;
            seen++;
            Assert.Equal("d", query.Schema);
            Assert.Equal(0, query.ErrorCode);
            Assert.True(query.ThreadId > 0);
            Assert.Equal(4ul, query.SqlMode);
            Assert.False(query.ForeignKeyChecks);
            Assert.Equal((ushort)7, query.ClientCollation);
            Assert.Equal((ushort)7, query.ConnectionCollation);
            Assert.Equal((ushort)25, query.CharsetDatabase);
        });
        Assert.Equal(1, seen);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Statement_format_brings_variables_seeds_and_files(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(kind, "--local-infile=1", "--binlog-format=STATEMENT");
        await log.ExecuteAsync(
            "CREATE DATABASE d",
            "USE d",
            "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(100), r DOUBLE) CHARSET=utf8",
            "SET time_zone = '+03:00', timestamp = 1700000000",
            "SET @s = _latin1 'text', @i = -5, @u = 18446744073709551615, @d = 1.50, @f = 2.5e0, @n = NULL",
            "INSERT INTO t (v, r) VALUES (CONCAT(@s, @i, @u, @d, @f, IFNULL(@n, 'null'), NOW()), RAND())");
        await log.Connection.LoadLocalAsync("LOAD DATA LOCAL INFILE 'x' INTO TABLE d.t (v)", new MemoryStream("one\ntwo\n"u8.ToArray()), default);
        var variables = new Dictionary<string, string>();
        var insertIds = new List<ulong>();
        var seeds = 0;
        var file = new StringBuilder();
        string? load = null;
        string? timeZone = null;
        await log.ReadAsync(e =>
        {
            switch (e)
            {
                case UserVarEvent v:
                    variables[v.Name] = v.IsNull ? "NULL" : $"{v.ValueType} {v.IsUnsigned} {Convert.ToHexString(v.Value)}";
                    break;
                case IntVarEvent { IsInsertId: true } insertId:
                    insertIds.Add(insertId.Value);
                    break;
                case RandEvent rand:
                    seeds++;
                    Assert.NotEqual(0ul, rand.Seed1 + rand.Seed2);
                    break;
                case LoadDataBlockEvent block:
                    file.Append(Encoding.UTF8.GetString(block.Data));
                    break;
                case QueryEvent { LoadFileId: not null } query:
                    load = Encoding.UTF8.GetString(query.Sql);
                    break;
                case QueryEvent query when query.Sql.StartsWith("INSERT"u8):
                    timeZone = query.TimeZone;
                    break;
                default:
                    break;
            }
        });
        Assert.Equal("String False 74657874", variables["s"]);
        Assert.Equal("Integer False FBFFFFFFFFFFFFFF", variables["i"]);
        Assert.Equal("Integer True FFFFFFFFFFFFFFFF", variables["u"]);
        Assert.StartsWith("Decimal False 0302", variables["d"], StringComparison.Ordinal);
        Assert.Equal("Real False 0000000000000440", variables["f"]);
        Assert.Equal("NULL", variables["n"]);
        Assert.Contains(1ul, insertIds);
        Assert.Equal(1, seeds);
        Assert.Equal("+03:00", timeZone);
        Assert.Equal("one\ntwo\n", file.ToString());
        Assert.StartsWith("LOAD DATA", load, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Xa_transactions(ServerKind kind)
    {
        await using var log = await ServerLog.StartAsync(kind);
        await log.ExecuteAsync(
            "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "XA START 'global', 'branch', 5", "INSERT INTO d.t VALUES (1)", "XA END 'global', 'branch', 5",
            "XA PREPARE 'global', 'branch', 5", "XA COMMIT 'global', 'branch', 5");
        var prepared = 0;
        var committed = 0;
        await log.ReadAsync(e =>
        {
            if (e is XaPrepareEvent xa)
            {
                prepared++;
                Assert.False(xa.IsOnePhase);
                Assert.Equal(5u, xa.FormatId);
                Assert.Equal("global", Encoding.ASCII.GetString(xa.GlobalId));
                Assert.Equal("branch", Encoding.ASCII.GetString(xa.BranchId));
            }

            committed += e is QueryEvent query && query.Sql.StartsWith("XA COMMIT"u8) ? 1 : 0;
        });
        Assert.Equal(1, prepared);
        Assert.Equal(1, committed);
    }

    [SkippableFact]
    public async Task MariaDb_annotates_compresses_and_logs_alter_in_two_phases()
    {
        await using var log = await ServerLog.StartAsync(ServerKind.MariaDb, "--log-bin-compress=ON", "--log-bin-compress-min-len=10", "--binlog-alter-two-phase=ON");
        await log.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v TEXT)", "INSERT INTO d.t VALUES (1, REPEAT('x', 5000))", "ALTER TABLE d.t ADD c INT");
        var types = new HashSet<EventType>();
        var phases = new List<MariaDbAlterPhase>();
        var started = 0ul;
        var queries = new List<string>();
        await log.ReadAsync(e =>
        {
            types.Add(e.Type);
            if (e is MariaDbGtidEvent gtid)
            {
                if (gtid.AlterPhase == MariaDbAlterPhase.Start)
                    started = gtid.Gtid.Sequence;
                if (gtid.AlterPhase != MariaDbAlterPhase.None)
                    phases.Add(gtid.AlterPhase);
                if (gtid.AlterPhase == MariaDbAlterPhase.Commit)
                    Assert.Equal(started, gtid.AlterSequence);
            }

            if (e is RowsQueryEvent annotation)
                queries.Add(Encoding.UTF8.GetString(annotation.Sql));
        });
        Assert.Superset(
            new HashSet<EventType>
            {
                EventType.MariaDbQueryCompressed, EventType.MariaDbWriteRowsCompressedV1, EventType.MariaDbAnnotateRows, EventType.MariaDbGtid, EventType.MariaDbGtidList,
                EventType.MariaDbBinlogCheckpoint, EventType.FormatDescription, EventType.Rotate, EventType.Xid,
            },
            types);
        Assert.Equal([MariaDbAlterPhase.Start, MariaDbAlterPhase.Commit], phases);
        Assert.Equal(["INSERT INTO d.t VALUES (1, REPEAT('x', 5000))"], queries);
    }

    [SkippableFact]
    public async Task MySql_tags_gtids_and_compresses_transactions()
    {
        await using var log = await ServerLog.StartAsync(
            ServerKind.MySql97, "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--binlog-transaction-compression=ON", "--binlog-rows-query-log-events=ON");
        await log.ExecuteAsync(
            "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v TEXT)", "SET gtid_next = 'AUTOMATIC:night_shift'", "INSERT INTO d.t VALUES (1, REPEAT('x', 5000))");
        var executed = Binlog.Gtid.MySqlGtidSet.Parse((await log.Connection.QueryScalarAsync("SELECT @@global.gtid_executed", default))!);
        var seen = new Binlog.Gtid.MySqlGtidSet();
        var tagged = 0;
        var inner = new List<EventType>();
        var queries = new List<string>();
        await log.ReadAsync(e =>
        {
            if (e is GtidEvent gtid)
            {
                Assert.True(seen.Add(gtid.Gtid));
                Assert.True(gtid.ImmediateCommitTimestamp > 1_600_000_000_000_000);
                Assert.True(gtid.ImmediateServerVersion >= 90_700);
                tagged += gtid.Gtid.Tag == "night_shift" ? 1 : 0;
            }

            if (e.IsFromPayload)
                inner.Add(e.Type);
            if (e is RowsQueryEvent query)
                queries.Add(Encoding.UTF8.GetString(query.Sql));
        });
        Assert.Equal(executed.ToString(), seen.ToString());
        Assert.Equal(1, tagged);
        Assert.Equal([EventType.Query, EventType.RowsQuery, EventType.TableMap, EventType.WriteRows, EventType.Xid], inner);
        Assert.Equal(["INSERT INTO d.t VALUES (1, REPEAT('x', 5000))"], queries);
    }
}
