using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Dm.Tests.Deploy;

/// <summary>Whether the programs take what the containers give them.</summary>
public class DeployConfigTests
{
    [Fact]
    public void Commands_of_the_compose_file_are_understood()
    {
        var services = (YamlMappingNode)DeployFiles.Yaml(DeployFiles.Path("docker", "compose.yml")).At("services");
        var commands = services.Children.Values.Cast<YamlMappingNode>().SelectMany(s => s.Children).Where(e => e.Key.Text() == "command").Select(e => e.Value).OfType<YamlScalarNode>()
            .Select(c => c.Value!.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).ToList();

        var masters = commands.Where(c => c[0] == "dm-master").Select(c => MasterConfig.FromArguments(c[1..]).Config!).ToList();
        var workers = commands.Where(c => c[0] == "dm-worker").Select(c => WorkerConfig.FromArguments(c[1..]).Config!).ToList();

        Assert.Equal(["master1:8261", "master2:8261", "master3:8261"], masters.Select(m => m.AdvertiseAddr));
        Assert.Equal("http://master1:8291", masters[0].AdvertisePeerUrls);
        Assert.Single(masters.Select(m => m.InitialCluster).Distinct());
        Assert.Equal(["worker1:8262", "worker2:8262", "worker3:8262"], workers.Select(w => w.AdvertiseAddr));
    }

    [Fact]
    public void The_task_and_its_source_are_understood()
    {
        var (source, task) = (DeployFiles.Path("docker", "tasks", "source.yaml"), DeployFiles.Path("docker", "tasks", "task.yaml"));

        var subTask = Assert.Single(TaskConfig.Read(task).SubTasks(new Dictionary<string, SourceConfig> { ["mariadb-01"] = SourceConfig.Read(source) }));

        Assert.Equal(("shop", "mariadb-01", TaskMode.All), (subTask.Name, subTask.SourceId, subTask.Mode));
        Assert.True(subTask.Rules.CompileSelector()!.MatchTable("shop", "t"));
    }
}
