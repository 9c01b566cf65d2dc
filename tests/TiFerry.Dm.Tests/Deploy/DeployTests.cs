using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Dm.Tests.Deploy;

/// <summary>Whether what is in <c>deploy/</c> can be read, and fits the programs.</summary>
public class DeployTests
{
    [Fact]
    public void Every_file_can_be_read()
    {
        Assert.Single(DeployFiles.All(".json"));
        Assert.All(DeployFiles.All(".json"), path => DeployFiles.Json(path));
        Assert.InRange(DeployFiles.All(".yml").Concat(DeployFiles.All(".yaml")).Count(), 7, 20);
        Assert.All(DeployFiles.All(".yml").Concat(DeployFiles.All(".yaml")), path => DeployFiles.Yaml(path));
    }

    [Fact]
    public void Alerts_have_the_names_that_people_know()
    {
        string[] known =
        [
            "DM_master_all_down", "DM_remain_storage_of_relay_log", "DM_relay_process_exits_with_error", "DM_relay_log_data_corruption", "DM_fail_to_read_binlog_from_master", "DM_fail_to_write_relay_log",
            "DM_dump_process_exists_with_error", "DM_load_process_exists_with_error", "DM_sync_process_exists_with_error", "DM_task_state", "DM_binlog_file_gap_between_master_relay",
            "DM_binlog_file_gap_between_master_syncer", "DM_binlog_file_gap_between_relay_syncer", "DM_worker_offline", "DM_pending_DDL", "DM_DDL_error",
        ];

        Assert.Equal(known.Order(), DeployFiles.Alerts().Keys.Order());
    }

    [Fact]
    public void Panels_have_places_and_sources_of_their_own()
    {
        var dashboard = DeployFiles.Json(DeployFiles.Path("grafana", "dm.json"));
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        var cells = panels.SelectMany(Cells).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, c => Assert.InRange(c.X, 0, 23));
        Assert.All(panels.Where(p => p.GetProperty("type").GetString() != "row"), panel =>
        {
            Assert.NotEqual("", panel.GetProperty("title").GetString());
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength());
        });
        var variables = dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Select(v => v.GetProperty("name").GetString()).ToHashSet();
        Assert.Equal(["datasource", "instance", "source", "task"], variables.Order());
    }

    [Fact]
    public void Rules_and_scrapes_speak_of_the_same_jobs()
    {
        var jobs = DeployFiles.Yaml(DeployFiles.Path("prometheus", "prometheus.yml")).At("scrape_configs").Items().Select(j => j.At("job_name").Text()).ToList();
        var services = ((YamlMappingNode)DeployFiles.Yaml(DeployFiles.Path("docker", "compose.yml")).At("services")).Children;

        Assert.Equal(["dm_master", "dm_worker"], jobs.Order());
        foreach (var job in DeployFiles.Yaml(DeployFiles.Path("prometheus", "prometheus.yml")).At("scrape_configs").Items())
        {
            var targets = job.At("static_configs").Items().SelectMany(s => s.At("targets").Items()).Select(t => t.Text()).ToList();
            Assert.Equal(3, targets.Count);
            Assert.All(targets, t => Assert.Contains(new YamlScalarNode(t.Split(':')[0]), services.Keys));
        }
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        int Of(string name) => place.GetProperty(name).GetInt32();
        return from x in Enumerable.Range(Of("x"), Of("w")) from y in Enumerable.Range(Of("y"), Of("h")) select (x, y);
    }
}
