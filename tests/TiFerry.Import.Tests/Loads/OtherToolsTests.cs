using TiFerry.TestServers;

namespace TiFerry.Import.Tests.Loads;

/// <summary>Dumps of other tools are loaded as they are meant.</summary>
[Collection(Servers.Name)]
public sealed class OtherToolsTests(ServerFixture servers)
{
    [SkippableFact]
    public async Task A_dump_by_mydumper()
    {
        Skip.IfNot(File.Exists("/usr/bin/mydumper"), "mydumper is not installed");
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        var database = ServerFixture.NewDatabaseName("my");
        await source.RunAsync(
            $"CREATE DATABASE {database}",
            $"USE {database}",
            "SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = ''",
            "CREATE TABLE t (id INT PRIMARY KEY, l VARCHAR(20) CHARACTER SET latin1, u TEXT CHARACTER SET utf8mb4, b BLOB, ts TIMESTAMP NULL, d DATE, f DOUBLE, e ENUM('a', 'ü'), n DECIMAL(30, 10))",
            "INSERT INTO t VALUES (1, 'Ä''ö\\\\', '漢\\n\\0😀', 0x00FF275C0A, '2026-03-29 01:30:00', '0000-00-00', 1.5e300, 'ü', -12345678901234567890.0987654321), (2, '', '', '', NULL, NULL, NULL, NULL, NULL)",
            "CREATE TABLE g (id INT PRIMARY KEY, v INT AS (id * 2) STORED, w INT)",
            "INSERT INTO g (id, w) VALUES (1, 5), (2, NULL)",
            "CREATE TABLE empty (id INT)",
            "CREATE VIEW v AS SELECT id FROM t");
        using var folder = new DumpFolder();
        await PlainClient.RunProgramAsync("mydumper", ["-h", "127.0.0.1", "-P", $"{source.Port}", "-u", "root", "-B", database, "-o", folder.Path, "-r", "1"]);
        var metadata = await folder.LoadAsync(target, "mydumper");
        Assert.NotNull(metadata.Position);
        var here = await ServerContents.ReadAsync(source, [database]);
        Assert.Equal(3, here.Tables.Count);
        Assert.Equal("", here.DifferenceFrom(await ServerContents.ReadAsync(target, [database])).Trim());
        Assert.Equal("2", (await target.QueryAsync($"SELECT COUNT(*) FROM {database}.v"))[0][0]);
    }

    [Fact]
    public async Task Texts_in_files_by_Dumpling_are_UTF8()
    {
        var target = await servers.TargetAsync();
        await target.RunAsync("DROP DATABASE IF EXISTS dumpling");
        using var folder = new DumpFolder();
        folder.Write("metadata", "Started dump at: 2026-11-21 06:00:00\nSHOW MASTER STATUS:\n\tLog: bin.000001\n\tPos: 4\n\tGTID:\n\nFinished dump at: 2026-11-21 06:00:01\n");
        folder.Write("dumpling-schema-create.sql", "/*!40101 SET NAMES binary*/;\nCREATE DATABASE `dumpling` /*!40100 DEFAULT CHARACTER SET latin1 */;\n");
        folder.Write("dumpling.t-schema.sql", "/*!40101 SET NAMES binary*/;\nCREATE TABLE `t` (\n  `l` varchar(10) CHARACTER SET latin1 DEFAULT NULL,\n  `b` blob\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n");
        folder.Write("dumpling.t.000000000.sql", "/*!40014 SET FOREIGN_KEY_CHECKS=0*/;\n/*!40101 SET NAMES binary*/;\nINSERT INTO `t` (`l`,`b`) VALUES\n('ä',x'00ff');\n");
        await folder.LoadAsync(target, "dumpling");
        Assert.Equal("E4 00FF", (await target.QueryAsync("SELECT CONCAT(HEX(l), ' ', HEX(b)) FROM dumpling.t"))[0][0]);
    }
}
