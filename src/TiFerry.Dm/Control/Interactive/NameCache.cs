using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Interactive;

/// <summary>Names of the cluster for completion: asked at most every few seconds, and never long waited for.</summary>
/// <param name="master">The cluster.</param>
internal sealed class NameCache(MasterClient master)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ClusterNames, (long At, IReadOnlyList<string> Names)> _known = [];

    /// <summary>The names of some kinds; none where the cluster doesn't answer.</summary>
    public async Task<IReadOnlyList<string>> GetAsync(ClusterNames kinds)
    {
        if (_known.TryGetValue(kinds, out var known) && Environment.TickCount64 - known.At < Lifetime.TotalMilliseconds)
            return known.Names;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var names = await AskAsync(kinds, patience.Token);
            _known[kinds] = (Environment.TickCount64, names);
            return names;
        }
        catch (Exception e) when (e is MasterCallException or OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<string>> AskAsync(ClusterNames kinds, CancellationToken stop)
    {
        var names = new List<string>();
        if ((kinds & (ClusterNames.Tasks | ClusterNames.Sources)) != ClusterNames.None)
        {
            var status = await master.CallAsync(MasterMethods.QueryStatus, new QueryStatusListRequest(), stop);
            if (kinds.HasFlag(ClusterNames.Tasks))
                names.AddRange(status.Sources.SelectMany(source => source.SubTaskStatus).Select(subtask => subtask.Name));
            if (kinds.HasFlag(ClusterNames.Sources))
                names.AddRange(status.Sources.Select(source => source.SourceStatus?.Source ?? ""));
        }
        if ((kinds & (ClusterNames.Workers | ClusterNames.Masters)) != ClusterNames.None)
        {
            var members = (await master.CallAsync(MasterMethods.ListMember, new ListMemberRequest(), stop)).Members;
            if (kinds.HasFlag(ClusterNames.Workers))
                names.AddRange(members.SelectMany(member => member.Worker?.Workers ?? []).Select(worker => worker.Name));
            if (kinds.HasFlag(ClusterNames.Masters))
                names.AddRange(members.SelectMany(member => member.Master?.Masters ?? []).Select(one => one.Name));
        }
        return [.. names.Where(name => name.Length > 0)];
    }
}
