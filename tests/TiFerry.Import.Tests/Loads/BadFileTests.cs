using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.Import.Tests.Loads;

/// <summary>Files that can't be loaded stop the load with their name, and rows that don't fit with file, line and table.</summary>
[Collection(Servers.Name)]
public sealed class BadFileTests(ServerFixture servers)
{
    [Theory]
    [InlineData("bad.t.000000000.csv", "1,2\n", "only SQL files")]
    [InlineData("bad.t.000000000.sql.gz", "x", "only SQL files")]
    [InlineData("bad.t.00000.00001.sql", "INSERT INTO `t` VALUES (1,2);\n", "its name does not tell what it holds")]
    [InlineData("everything.sql", "INSERT INTO `t` VALUES (1,2);\n", "its name does not tell what it holds")]
    [InlineData("bad.%74-schema.sql", "CREATE TABLE `t` (`a` INT);\n", "defines the same table")]
    [InlineData("bad.nowhere.000000000.sql", "INSERT INTO `nowhere` VALUES (1);\n", "has rows of table `bad`.`nowhere` and no file bad.nowhere-schema.sql")]
    [InlineData("bad.t.000000000.sql", "INSERT INTO `other` VALUES (1,2);\n", "line 1, table `bad`.`t`: the statement is about table other")]
    [InlineData("bad.t.000000000.sql", "INSERT INTO `t` (`a`,`nothing`) VALUES (1,2);\n", "column `nothing` is only in the dump")]
    [InlineData("bad.t.000000000.sql", "INSERT INTO `t` VALUES (1,2);\nINSERT INTO `t` VALUES (2,'x'),(3,3);\n", "statement from line 2 on: the target refuses rows for table `bad`.`t`")]
    [InlineData("bad.t.000000000.sql", "INSERT INTO `t` VALUES (1,2);\nINSERT INTO `t` VALUES (1,3);\n", "statement from line 2 on: the target refuses rows for table `bad`.`t`")]
    [InlineData("bad.t.000000000.sql", "INSERT INTO `t` VALUES (1,2,3);\n", "statement from line 1 on")]
    [InlineData("bad.t.000000000.sql", "INSERT INTO `t` VALUES (1,2),(2,", "ends in the middle")]
    [InlineData("bad.u-schema.sql", "CREATE TABLE `v` (a INT);\n", "it creates `v`, and its name says `bad`.`u`")]
    [InlineData("bad.u-schema.sql", "CREATE TABLE `u` (a INT", "bad.u-schema.sql can't be loaded: line 1")]
    [InlineData("bad.u-schema.sql", "SELECT 1;\n", "it has no statement of the kind CreateTable")]
    [InlineData("bad.u-schema.sql", "CREATE TABLE `u` (a INT DEFAULT 'x');\n", "the target can't create table `bad`.`u`")]
    [InlineData("bad.v-schema-view.sql", "CREATE VIEW `v` AS SELECT * FROM `bad`.`gone`;\n", "the target can't create view `bad`.`v`")]
    public async Task A_bad_file_is_named(string name, string text, string message)
    {
        var target = await servers.TargetAsync();
        await target.RunAsync("DROP DATABASE IF EXISTS bad");
        using var folder = new DumpFolder();
        folder.WriteMetadata();
        folder.Write("bad.t-schema.sql", "CREATE TABLE `t` (`a` INT PRIMARY KEY, `b` INT);\n");
        folder.Write(name, text);
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, ServerFixture.NewDatabaseName("bad"), o => o with { OnDuplicate = DuplicateRows.Error }));
        Assert.Contains(message, error.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definitions_that_are_not_UTF8_are_refused()
    {
        var target = await servers.TargetAsync();
        using var folder = new DumpFolder();
        folder.WriteMetadata();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "bad.t-schema.sql"), [.. "CREATE TABLE `t` (a INT COMMENT '"u8, 0xFF, .. "');"u8]);
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "utf8"));
        Assert.Equal(LoadErrors.BadDefinitionFile, error.Code);
        Assert.Contains("not UTF-8", error.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_without_a_finished_dump_are_refused()
    {
        var target = await servers.TargetAsync();
        using var folder = new DumpFolder();
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "unfinished"));
        Assert.Contains("no finished dump", error.Summary, StringComparison.Ordinal);
        folder.Write("metadata", "Started dump at: 2026-11-21 06:00:00\n");
        await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "unfinished"));
        error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "unfinished", o => o with { Directory = "/nowhere/at/all" }));
        Assert.Equal(LoadErrors.NoDirectory, error.Code);
    }

    [Theory]
    [InlineData(DuplicateRows.Replace, "2,30")]
    [InlineData(DuplicateRows.Ignore, "2,3")]
    public async Task Rows_that_are_there_give_way_or_stay(DuplicateRows mode, string second)
    {
        var target = await servers.TargetAsync();
        await target.RunAsync("DROP DATABASE IF EXISTS dup", "CREATE DATABASE dup", "CREATE TABLE dup.t (a INT PRIMARY KEY, b INT)", "INSERT INTO dup.t VALUES (1, 1), (2, 3)");
        using var folder = new DumpFolder();
        folder.WriteMetadata();
        folder.Write("dup.t-schema.sql", "CREATE TABLE `t` (`a` INT PRIMARY KEY, `b` INT);\n");
        folder.Write("dup.t.0.sql", "INSERT INTO `t` VALUES (2,30),(4,5);\n");
        await folder.LoadAsync(target, $"dup{mode}", o => o with { OnDuplicate = mode });
        Assert.Equal(["1,1", second, "4,5"], (await target.QueryAsync("SELECT CONCAT(a, ',', b) FROM dup.t ORDER BY a")).Select(r => r[0]));
        // Leaving rows out must not let wrong values in.
        folder.Write("dup.t.1.sql", "INSERT INTO `t` VALUES (5,'x');\n");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, $"dup2{mode}", o => o with { OnDuplicate = mode }));
        Assert.Equal(LoadErrors.WriteFailed, error.Code);
    }

    [Fact]
    public async Task A_row_beyond_the_targets_packet_is_told()
    {
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Target(ServerKind.MariaDb), "--max-allowed-packet=1M"]);
        using var folder = new DumpFolder();
        folder.WriteMetadata();
        folder.Write("big.t-schema.sql", "CREATE TABLE `t` (`a` LONGTEXT);\n");
        // Many rows in one statement are split; a single row can't be.
        folder.Write("big.t.0.sql", $"INSERT INTO `t` VALUES {string.Join(",\n", Enumerable.Repeat($"('{new string('x', 400_000)}')", 5))};\n");
        await folder.LoadAsync(target, "big");
        Assert.Equal("5", (await target.QueryAsync("SELECT COUNT(*) FROM big.t WHERE LENGTH(a) = 400000"))[0][0]);
        folder.Write("big.t.1.sql", $"INSERT INTO `t` VALUES ('{new string('x', 1_100_000)}');\n");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "big2"));
        Assert.Equal(SyncErrors.PacketTooLarge, error.Code);
    }

    [Fact]
    public async Task An_interrupted_load_into_a_table_without_transactions_and_key_is_not_repeated()
    {
        var target = await servers.TargetAsync();
        await target.RunAsync("DROP DATABASE IF EXISTS loose", "CREATE DATABASE loose", "CREATE TABLE loose.t (a INT) ENGINE = MyISAM");
        using var folder = new DumpFolder();
        folder.WriteMetadata();
        folder.Write("loose.t-schema.sql", "CREATE TABLE `t` (`a` INT);\n");
        folder.Write("loose.t.0.sql", "INSERT INTO `t` VALUES (1);\nINSERT INTO `t` VALUES ('x');\n");
        await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "loose"));
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "loose"));
        Assert.Contains("was interrupted", error.Summary, StringComparison.Ordinal);
    }
}
