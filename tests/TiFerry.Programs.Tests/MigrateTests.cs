using TiFerry.TestServers;

namespace TiFerry.Programs.Tests;

public sealed class MigrateTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private const string Password = "Geheim99";
    private static readonly (string, string)[] Passwords = [("TIFERRY_FROM_PASSWORD", Password), ("TIFERRY_TO_PASSWORD", Password)];

    [Fact]
    public async Task It_copies_follows_verifies_and_says_what_it_did()
    {
        var (source, target, database) = await PrepareAsync();

        var (code, output, error) = await FerryProcess.RunAsync(Passwords, Arguments(source, target, database, "--stop-when", "caught-up", "--verify"));

        Assert.True(code == 0, output + error);
        Assert.Equal("", await DifferenceAsync(source, target, database));
        Assert.Contains("copied       1 of 1 table, 3 rows", output, StringComparison.Ordinal);
        Assert.Contains("position     applied ", output, StringComparison.Ordinal);
        Assert.Contains("not carried  1 trigger", output, StringComparison.Ordinal);
        Assert.Contains("verified     1 table, 3 rows: equal on both sides", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_found_by_verify_is_a_failure()
    {
        var (source, target, database) = await PrepareAsync();
        var arguments = Arguments(source, target, database, "--stop-when", "caught-up", "--verify");
        Assert.Equal(0, (await FerryProcess.RunAsync(Passwords, arguments)).Code);
        await target.RunAsync($"UPDATE {database}.t SET v = 'changed' WHERE id = 2");

        var (code, output, _) = await FerryProcess.RunAsync(Passwords, arguments);

        Assert.Equal(1, code);
        Assert.Contains("1 table of 1 NOT EQUAL", output, StringComparison.Ordinal);
        Assert.Contains(database, output[output.IndexOf("NOT EQUAL", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_it_prints_the_command_that_goes_on()
    {
        var (source, target, database) = await PrepareAsync();
        string[] arguments =
        [
            "migrate", "--from", $"mysql://ferry:{Password}@127.0.0.1:{source.Port}", $"--to=mysql://ferry:{Password}@127.0.0.1:{target.Port}",
            "--filter", $"{database}.*", "--task", database,
        ];
        string output;
        await using (var first = FerryProcess.Start([], arguments))
        {
            await first.WaitForOutputAsync("follow   begins");
            Assert.DoesNotContain(Password, await File.ReadAllTextAsync($"/proc/{first.Id}/cmdline"), StringComparison.Ordinal);
            first.Interrupt();
            Assert.Equal(130, await first.WaitAsync());
            output = first.Output;
            Assert.DoesNotContain(Password, output + first.Error, StringComparison.Ordinal);
        }
        var line = output.Split('\n').SkipWhile(l => !l.StartsWith("to go on, run:", StringComparison.Ordinal)).ElementAt(1).Trim();
        Assert.Contains($"mysql://ferry@127.0.0.1:{source.Port}", line, StringComparison.Ordinal);
        await source.RunAsync($"INSERT INTO {database}.t VALUES (4, 'four')");

        await using var second = FerryProcess.StartShell(line.Replace("******", Password, StringComparison.Ordinal) + " --stop-when caught-up");

        Assert.True(await second.WaitAsync() == 0, second.Output + second.Error);
        Assert.Contains($"resuming task '{database}'", second.Output, StringComparison.Ordinal);
        Assert.Equal("", await DifferenceAsync(source, target, database));
    }

    [Fact]
    public async Task A_target_that_holds_rows_is_left_alone()
    {
        var (source, target, database) = await PrepareAsync();
        await target.RunAsync($"CREATE DATABASE {database}", $"CREATE TABLE {database}.t (id INT PRIMARY KEY, v VARCHAR(20))", $"INSERT INTO {database}.t VALUES (9, 'mine')");

        var (code, _, error) = await FerryProcess.RunAsync(Passwords, Arguments(source, target, database, "--meta-schema", $"meta_{database}"));

        Assert.Equal(1, code);
        Assert.Contains($"ERROR    target tables: these already hold rows: `{database}`.`t`", error, StringComparison.Ordinal);
        Assert.Equal("9", (await target.QueryAsync($"SELECT id FROM {database}.t")).Single()[0]);
        Assert.Empty(await target.QueryAsync($"SHOW DATABASES LIKE 'meta_{database}'"));
    }

    [Fact]
    public async Task Passwords_come_from_files_too()
    {
        var (source, target, database) = await PrepareAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Password + "\n");
            var (code, output, error) = await FerryProcess.RunAsync(Arguments(source, target, database, "--mode", "full", "--from-password-file", file, "--to-password-file", file));
            Assert.True(code == 0, output + error);
            Assert.Equal("", await DifferenceAsync(source, target, database));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_wrong_password_names_the_side_and_not_the_password()
    {
        var (source, target, database) = await PrepareAsync();

        var (code, output, error) = await FerryProcess.RunAsync([("TIFERRY_FROM_PASSWORD", "Falsch77"), ("TIFERRY_TO_PASSWORD", Password)], Arguments(source, target, database));

        Assert.Equal(1, code);
        Assert.Contains($"source connection: ferry@127.0.0.1:{source.Port}", error, StringComparison.Ordinal);
        Assert.Contains("Access denied", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Falsch77", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_host_is_named()
    {
        var (source, _, database) = await PrepareAsync();

        var (code, _, error) = await FerryProcess.RunAsync(Passwords, "migrate", "--from", $"mysql://ferry@127.0.0.1:{source.Port}", "--to", "mysql://ferry@127.0.0.1:1", "--filter", $"{database}.*");

        Assert.Equal(1, code);
        Assert.Contains("target connection: ferry@127.0.0.1:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_and_target_must_not_be_one_server()
    {
        var (source, _, database) = await PrepareAsync();

        var (code, _, error) = await FerryProcess.RunAsync(Passwords, Arguments(source, source, database));

        Assert.Equal(1, code);
        Assert.Contains("are the same server", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_began_otherwise_is_wrong_usage()
    {
        var (source, target, database) = await PrepareAsync();
        Assert.Equal(0, (await FerryProcess.RunAsync(Passwords, Arguments(source, target, database, "--mode", "full"))).Code);

        var (code, _, error) = await FerryProcess.RunAsync(Passwords, Arguments(source, target, database, "--mode", "all"));

        Assert.Equal(2, code);
        Assert.Contains("began with mode 'full'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_changes_nothing_and_tells_by_its_exit_code()
    {
        var (source, target, database) = await PrepareAsync();

        var good = await FerryProcess.RunAsync(Passwords, ["check", .. Arguments(source, target, database)[1..]]);
        var bad = await FerryProcess.RunAsync(Passwords, ["check", .. Arguments(source, source, database)[1..]]);

        Assert.Equal((0, 1), (good.Code, bad.Code));
        Assert.Contains("0 errors", good.Output, StringComparison.Ordinal);
        Assert.Contains("way out:", bad.Output, StringComparison.Ordinal);
        Assert.Empty(await target.QueryAsync($"SHOW DATABASES LIKE '{database}'"));
    }

    [Fact]
    public async Task Rules_come_from_a_file()
    {
        var (source, target, database) = await PrepareAsync();
        await source.RunAsync($"CREATE TABLE {database}.left_out (id INT PRIMARY KEY)", $"CREATE TABLE {database}.kept (id INT PRIMARY KEY)", $"INSERT INTO {database}.kept VALUES (1)");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $$"""
                block-allow-list:
                  some:
                    ignore-tables: [{db-name: "{{database}}", tbl-name: "left_*"}]
                routes:
                  all: {schema-pattern: "{{database}}", target-schema: "{{database}}_new"}
                filters:
                  keep: {schema-pattern: "{{database}}", table-pattern: "kept", events: [delete], action: Ignore}
                """);
            string[] arguments = Arguments(source, target, database, "--rules", file, "--stop-when", "caught-up", "--verify");

            var check = await FerryProcess.RunAsync(Passwords, ["check", .. arguments[1..]]);
            var first = await FerryProcess.RunAsync(Passwords, arguments);
            await source.RunAsync($"DELETE FROM {database}.kept", $"INSERT INTO {database}.t VALUES (4, 'four')", $"ALTER TABLE {database}.t ADD COLUMN w INT DEFAULT 7");
            var second = await FerryProcess.RunAsync(Passwords, arguments);

            Assert.True(check.Code == 0, check.Output);
            Assert.Contains("2 tables and views get other names", check.Output, StringComparison.Ordinal);
            Assert.True(first.Code == 0, first.Output + first.Error);
            Assert.True(second.Code == 0, second.Output + second.Error);
            Assert.Contains($"`{database}`.`kept`: a binlog event filter that leaves out changes of rows", second.Output, StringComparison.Ordinal);
            Assert.Contains("verified     1 table, 4 rows: equal on both sides", second.Output, StringComparison.Ordinal);
            Assert.Equal("7", (await target.QueryAsync($"SELECT w FROM {database}_new.t WHERE id = 4"))[0][0]);
            Assert.Single(await target.QueryAsync($"SELECT * FROM {database}_new.kept"));
            Assert.Equal(2, (await target.QueryAsync($"SHOW TABLES FROM {database}_new")).Count);

            await File.WriteAllTextAsync(file, "routes: {}\nroute: {}\n");
            var wrong = await FerryProcess.RunAsync(Passwords, arguments);
            Assert.Equal(2, wrong.Code);
            Assert.Contains($"{file}:2:", wrong.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_log_goes_to_its_file_without_passwords()
    {
        var (source, target, database) = await PrepareAsync();
        var file = Path.Combine(Path.GetTempPath(), $"tiferry-log-{Guid.NewGuid():N}.log");
        try
        {
            var (code, output, error) = await FerryProcess.RunAsync("migrate", "--from", $"mysql://ferry:{Password}@127.0.0.1:{source.Port}", "--to", $"mysql://ferry:{Password}@127.0.0.1:{target.Port}",
                "--filter", $"{database}.*", "--task", database, "--mode", "full", "--log-file", file, "--log-level", "debug");
            Assert.True(code == 0, output + error);
            var log = await File.ReadAllTextAsync(file);
            Assert.Contains("[\"table copied\"]", log, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, log + output + error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, ServerKind.MariaDb)]
    [InlineData(ServerKind.MariaDb, ServerKind.MySql97)]
    [InlineData(ServerKind.MySql97, ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56, ServerKind.MariaDb)]
    public async Task The_documented_privileges_are_enough(ServerKind from, ServerKind to)
    {
        var source = await servers.SourceAsync(from);
        var target = await servers.TargetAsync(to);
        var database = ServerFixture.NewDatabaseName("priv");
        await source.RunAsync(
            $"CREATE DATABASE {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", $"CREATE TABLE {database}.p (id INT PRIMARY KEY, v VARCHAR(20))",
            $"CREATE TABLE {database}.c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES {database}.p (id) ON DELETE CASCADE)", $"CREATE TABLE {database}.nokey (v INT)",
            $"INSERT INTO {database}.p VALUES (1, 'one'), (2, 'two')", $"INSERT INTO {database}.c VALUES (1, 1), (2, 2)", $"INSERT INTO {database}.nokey VALUES (1), (1)",
            $"CREATE USER r_{database}@'%' IDENTIFIED BY '{Password}'", $"GRANT SELECT, SHOW VIEW, LOCK TABLES ON {database}.* TO r_{database}@'%'", $"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO r_{database}@'%'");
        await target.RunAsync(
            $"CREATE USER w_{database}@'%' IDENTIFIED BY '{Password}'", $"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE VIEW, SHOW VIEW, REFERENCES ON {database}.* TO w_{database}@'%'",
            $"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER ON meta_{database}.* TO w_{database}@'%'");
        string[] arguments =
        [
            "migrate", "--from", $"mysql://r_{database}@127.0.0.1:{source.Port}", "--to", $"mysql://w_{database}@127.0.0.1:{target.Port}", "--filter", $"{database}.*",
            "--meta-schema", $"meta_{database}", "--stop-when", "caught-up", "--verify",
        ];

        var first = await FerryProcess.RunAsync(Passwords, arguments);
        await source.RunAsync($"DELETE FROM {database}.p WHERE id = 1", $"INSERT INTO {database}.nokey VALUES (7)", $"ALTER TABLE {database}.c ADD COLUMN n INT", $"INSERT INTO {database}.c VALUES (3, 2, 3)");
        var second = await FerryProcess.RunAsync(Passwords, arguments);

        Assert.True(first.Code == 0, first.Output + first.Error);
        Assert.True(second.Code == 0, second.Output + second.Error);
        Assert.Equal("", await DifferenceAsync(source, target, database));
    }

    private static string[] Arguments(TestServer source, TestServer target, string database, params string[] more) =>
        ["migrate", "--from", $"mysql://ferry@127.0.0.1:{source.Port}", "--to", $"mysql://ferry@127.0.0.1:{target.Port}", "--filter", $"{database}.*", "--task", database, .. more];

    private static async Task<string> DifferenceAsync(TestServer source, TestServer target, string database) =>
        (await ServerContents.ReadAsync(source, database)).DifferenceFrom(await ServerContents.ReadAsync(target, database));

    private async Task<(TestServer Source, TestServer Target, string Database)> PrepareAsync()
    {
        var source = await servers.SourceAsync();
        var target = await servers.TargetAsync();
        foreach (var server in (TestServer[])[source, target])
            await server.RunAsync($"CREATE USER IF NOT EXISTS ferry@'%' IDENTIFIED BY '{Password}'", "GRANT ALL ON *.* TO ferry@'%'");
        var database = ServerFixture.NewDatabaseName("cli");
        await source.RunAsync(
            $"CREATE DATABASE {database}",
            $"CREATE TABLE {database}.t (id INT PRIMARY KEY, v VARCHAR(20))",
            $"INSERT INTO {database}.t VALUES (1, 'one'), (2, 'two'), (3, 'three')",
            $"CREATE TRIGGER {database}.tr BEFORE INSERT ON {database}.t FOR EACH ROW SET NEW.v = LOWER(NEW.v)");
        return (source, target, database);
    }
}
