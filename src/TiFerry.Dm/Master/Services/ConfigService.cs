using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Services;

/// <summary>config and encrypt: what is configured, for people to look at, and for an export.</summary>
internal static class ConfigService
{
    public static async Task<GetCfgResponse> GetAsync(LeaderContext leader, GetCfgRequest request, CancellationToken cancellationToken) => new()
    {
        Cfg = request.Type switch
        {
            CfgType.TaskType => leader.State.Tasks.TryGetValue(request.Name, out var task) ? TaskConfig.Parse(request.Name, task.Text).WithoutSecrets().ToYaml() : throw ServiceErrors.Refused("task not found"),
            CfgType.SourceType => leader.State.Sources.TryGetValue(request.Name, out var source) ? SourceService.ReadKept(source).WithoutSecrets().ToYaml() : throw ServiceErrors.Refused("source not found"),
            CfgType.WorkerType => await OfWorkerAsync(leader, request.Name, cancellationToken),
            CfgType.MasterType => (await leader.Masters.CallAsync(request.Name, MasterMethods.GetMasterCfg, new GetMasterCfgRequest(), cancellationToken)).Cfg,
            CfgType.TaskTemplateType => throw ServiceErrors.Refused("task not found"),
            _ => throw ServiceErrors.Refused($"invalid config op '{request.Type}'"),
        },
        Result = true,
    };

    public static GetSubTaskCfgResponse GetSubTasks(LeaderContext leader, GetSubTaskCfgRequest request)
    {
        var state = leader.State;
        var sources = state.SourcesOf(request.Name);
        if (sources.Count == 0)
            throw ServiceErrors.Refused("task not found");
        var response = new GetSubTaskCfgResponse { Result = true };
        foreach (var source in sources)
            response.Cfgs.Add(SubTaskConfig.FromJson(state.SubTasks[new SubTaskId(request.Name, source)].Text).WithoutSecrets().ToToml());
        return response;
    }

    public static ListTaskConfigsResponse ListTasks(LeaderContext leader)
    {
        var response = new ListTaskConfigsResponse { Result = true };
        foreach (var (name, task) in leader.State.Tasks)
            response.TaskConfigs.Add(name, task.Text);
        return response;
    }

    public static EncryptResponse Encrypt(LeaderContext leader, EncryptRequest request) => new() { Result = true, Ciphertext = leader.Cipher.Encrypt(new Secret(request.Plaintext)) };

    private static async Task<string> OfWorkerAsync(LeaderContext leader, string name, CancellationToken cancellationToken) => leader.State.Workers.ContainsKey(name)
        ? (await leader.Workers.CallAsync(name, WorkerMethods.GetWorkerCfg, new GetWorkerCfgRequest(), cancellationToken)).Cfg
        : throw ServiceErrors.Refused("worker not found");
}
