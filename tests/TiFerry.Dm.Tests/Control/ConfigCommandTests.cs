using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

/// <summary>Commands about configurations and secrets.</summary>
public sealed class ConfigCommandTests : MasterTest
{
    private const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Theory]
    [InlineData("config task", CfgType.TaskType)]
    [InlineData("config source", CfgType.SourceType)]
    [InlineData("config master", CfgType.MasterType)]
    [InlineData("config worker", CfgType.WorkerType)]
    [InlineData("config task-template", CfgType.TaskTemplateType)]
    [InlineData("get-config task", CfgType.TaskType)]
    [InlineData("get-config source", CfgType.SourceType)]
    [InlineData("get-config master", CfgType.MasterType)]
    [InlineData("get-config worker", CfgType.WorkerType)]
    [InlineData("get-task-config", CfgType.TaskType)]
    public async Task A_configuration_is_shown_or_written(string command, CfgType type)
    {
        Master.Answer(MasterMethods.GetCfg, new GetCfgResponse { Result = true, Cfg = "name: x\n" });
        var words = command.Split(' ');
        (await Master.RunAsync([.. words, "x"])).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\",\n    \"cfg\": \"name: x\\n\"\n}");
        Assert.Equal(new GetCfgRequest { Type = type, Name = "x" }, Master.Only<GetCfgRequest>());

        var path = Files.Path("out.yaml");
        var flag = words[0] == "config" ? "--path" : "--file";
        (await Master.RunAsync([.. words, "x", flag, path])).AssertPrinted($"{{\n    \"result\": true,\n    \"msg\": \"write config to file {path} succeed\",\n    \"cfg\": \"\"\n}}");
        Assert.Equal("name: x\n", File.ReadAllText(path));
        Assert.True(TemporaryFiles.IsPrivate(path));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_written()
    {
        Master.Answer(MasterMethods.GetCfg, new GetCfgResponse { Msg = "task not found" });
        (await Master.RunAsync("config", "task", "x", "-p", Files.Path("out"))).AssertPrinted("{\n    \"result\": false,\n    \"msg\": \"task not found\",\n    \"cfg\": \"\"\n}");
        Assert.False(File.Exists(Files.Path("out")));
        Master.Answer(MasterMethods.GetCfg, new GetCfgResponse { Result = true });
        var result = await Master.RunAsync("config", "task", "x", "-p", "/nowhere/out");
        Assert.Equal("can not write config to file /nowhere/out\n", result.Output);
        Assert.Equal(1, result.Code);
    }

    [Fact]
    public async Task Config_refuses()
    {
        (await Master.RunAsync("config")).AssertHelp("config [command]");
        (await Master.RunAsync("config", "hihi", "haha")).AssertHelp("config [command]");
        foreach (var kind in new[] { "task", "source", "master", "worker", "task-template" })
            (await Master.RunAsync("config", kind)).AssertHelp($"config {kind} [");
        (await Master.RunAsync("config", "task", "update", "x")).AssertFailed("this function will be supported later");
        (await Master.RunAsync("config", "source", "update", "x")).AssertFailed("this function will be supported later");
        (await Master.RunAsync("get-config", "haha")).AssertUsage("get-config <task | master | worker | source> <name> [--file filename]");
        (await Master.RunAsync("get-task-config", "haha", "hihi")).AssertUsage("get-config <task | master | worker | source> <name> [--file filename]");
        (await Master.RunAsync("get-config", "haha", "hihi")).AssertRefused("invalid config type 'haha'");
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task What_is_exported_can_be_imported()
    {
        Master.Answer(MasterMethods.ListSourceConfigs, new ListSourceConfigsResponse { Result = true, SourceConfigs = { ["s2"] = "source-id: s2\n", ["s1"] = "source-id: s1\n" } });
        Master.Answer(MasterMethods.ListTaskConfigs, new ListTaskConfigsResponse { Result = true, TaskConfigs = { ["t"] = "name: t\n" } });
        Master.State[ClusterKeys.RelayWorker.Key("worker2")] = "s1";
        Master.State[ClusterKeys.RelayWorker.Key("worker1")] = "s1";
        var directory = Files.Path("saved/configs");
        (await Master.RunAsync("config", "export", "--path", directory)).AssertPrinted($"export configs to directory `{directory}` succeed");
        Assert.Equal("source-id: s1\n", File.ReadAllText(Path.Combine(directory, "sources/s1.yaml")));
        Assert.Equal("name: t\n", File.ReadAllText(Path.Combine(directory, "tasks/t.yaml")));
        Assert.True(TemporaryFiles.IsPrivate(Path.Combine(directory, "sources/s2.yaml")));
        Assert.Equal("""{"s1":["worker1","worker2"]}""", File.ReadAllText(Path.Combine(directory, "relay_workers.json")));
        File.Delete(Path.Combine(directory, "relay_workers.json"));

        Master.Asked.Clear();
        Master.Answer(MasterMethods.OperateSource, new OperateSourceResponse { Msg = "source config with ID s1 already exists" });
        (await Master.RunAsync("config", "import", "-d", directory)).AssertPrinted($"start creating sources\nstart creating tasks\nimport configs from directory `{directory}` succeed");
        Assert.Equal(
            [
                new OperateSourceRequest { Op = SourceOp.StartSource, Config = { "source-id: s1\n" } },
                new OperateSourceRequest { Op = SourceOp.StartSource, Config = { "source-id: s2\n" } },
                new StartTaskRequest { Task = "name: t\n" },
            ],
            Master.Asked.Select(asked => asked.Request));
    }

    [Fact]
    public async Task An_import_stops_at_the_first_refusal()
    {
        Files.Write("configs/sources/s.yaml", "source-id: s\n");
        Files.Write("configs/tasks/t.yaml", "name: t\n");
        Files.Write("configs/relay_workers.json", """{"s":["worker1"]}""");
        var directory = Files.Path("configs");
        Assert.Contains($"The original relay workers have been exported to `{directory}/relay_workers.json`.\n", (await Master.RunAsync("config", "import", "--path", directory)).Output, StringComparison.Ordinal);

        Master.Asked.Clear();
        Master.Answer(MasterMethods.OperateSource, new OperateSourceResponse { Msg = "wrong password" });
        var result = await Master.RunAsync("config", "import", "--path", directory);
        Assert.Contains("wrong password", result.Output, StringComparison.Ordinal);
        result.AssertFailed("fail to create sources");
        Assert.Single(Master.Asked);
        (await Master.RunAsync("config", "import", "--path", "/nowhere")).AssertFailed("config directory `/nowhere` not exists");

        Files.Write("configs/relay_workers.json", "[");
        Assert.StartsWith("fail to unmarshal relay workers config", (await Master.RunAsync("config", "import", "--path", directory)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_the_master_refuses_writes_nothing()
    {
        Master.Answer(MasterMethods.ListTaskConfigs, new ListTaskConfigsResponse { Msg = "no" });
        (await Master.RunAsync("config", "export", "--path", Files.Path("x"))).AssertFailed("no");
        Assert.False(Directory.Exists(Files.Path("x")));
    }

    [Theory]
    [InlineData("encrypt")]
    [InlineData("-encrypt")]
    [InlineData("--encrypt")]
    public async Task Masters_encrypt(string command)
    {
        Master.Answer(MasterMethods.Encrypt, new EncryptResponse { Result = true, Ciphertext = "QUJD" });
        (await Master.RunAsync(command, "secret")).AssertPrinted("QUJD");
        Assert.Equal("secret", Master.Only<EncryptRequest>().Plaintext);
        (await ControlResult.WithInputAsync("from input\n", "--master-addr", Master.Address, command, "-")).AssertPrinted("QUJD");
        Assert.Equal("from input", ((EncryptRequest)Master.Asked.Last().Request).Plaintext);

        Master.Answer(MasterMethods.Encrypt, new EncryptResponse { Msg = "secret key not initialized" });
        (await Master.RunAsync(command, "secret")).AssertFailed("secret key not initialized");
        (await Master.RunAsync("encrypt")).AssertHelp("encrypt <plain-text> [flags]");
    }

    [Fact]
    public async Task With_the_key_both_ways_work_without_a_master()
    {
        var key = Files.Write("key", Key);
        var encrypted = (await ControlResult.OfAsync("encrypt", "--secret-key-path", key, "geheim ß")).Output.TrimEnd();
        (await ControlResult.OfAsync("decrypt", "--secret-key-path", key, encrypted)).AssertPrinted("geheim ß");
        (await ControlResult.OfAsync("--secret-key-path", key, "-decrypt", encrypted)).AssertFailed("unknown flag: --secret-key-path");
        (await ControlResult.OfAsync("-decrypt", encrypted, "--secret-key-path", key)).AssertPrinted("geheim ß");
        (await ControlResult.OfAsync("decrypt")).AssertHelp("decrypt <cipher-text> --secret-key-path <file> [flags]");
        (await ControlResult.OfAsync("decrypt", "QUJD")).AssertFailed("decrypt needs the cluster's secret key: name its file with --secret-key-path; masters don't decrypt for anyone");
        var wrong = await ControlResult.OfAsync("decrypt", "QUJD", "--secret-key-path", key);
        Assert.Contains("[code=11048:", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(1, wrong.Code);
    }
}
