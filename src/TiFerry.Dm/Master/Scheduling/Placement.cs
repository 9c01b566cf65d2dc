using TiFerry.Dm.Metadata;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>
/// Says which worker each source belongs to. A function of the cluster's state alone: called again and again until it has no change to propose, whatever happened in between and whoever leads.
/// A source keeps its worker as long as that lives. One without a worker goes, of the workers that wait, to the one that has its dump files, its relay log, had it last, or to any.
/// </summary>
internal sealed class Placement
{
    // A transaction of etcd has a limited number of operations, 128 by default.
    private const int MovesAtOnce = 16;

    private readonly ClusterState _state;
    private readonly ClusterChange _change;
    private readonly Dictionary<string, string> _sourceOf;
    private readonly Dictionary<string, string> _workerOf = [];
    private int _moves;

    private Placement(ClusterState state)
    {
        _state = state;
        _change = new ClusterChange(state);
        _sourceOf = state.Bindings.Values.ToDictionary(b => b.Worker, b => b.Source);
    }

    /// <summary>The next change to make; an empty one where all is as it should be.</summary>
    public static ClusterChange Plan(ClusterState state)
    {
        var placement = new Placement(state);
        placement.ReleaseLost();
        placement.BindUnbound();
        placement.FollowDumpFiles();
        return placement._change;
    }

    private void ReleaseLost()
    {
        foreach (var (worker, source) in _sourceOf.ToList())
        {
            var relayed = _state.RelayWorkers.GetValueOrDefault(worker);
            var lost = !_state.KeepAlives.ContainsKey(worker) || !_state.Workers.ContainsKey(worker) || !_state.Sources.ContainsKey(source) || (relayed is not null && relayed != source);
            if (!lost && _workerOf.TryAdd(source, worker))
                continue;
            _sourceOf.Remove(worker);
            _change.Unbind(worker).RelyOnKeepAlive(worker);
            _moves++;
        }
    }

    private void BindUnbound()
    {
        BindWhere((source, worker) => _state.LoadTasks.Any(l => l.Key.Source == source && l.Value == worker));
        BindWhere((source, worker) => _state.RelayWorkers.ContainsKey(worker) && HadLast(source, worker));
        BindWhere((source, worker) => _state.RelayWorkers.ContainsKey(worker));
        BindWhere(HadLast);
        BindWhere((_, _) => true);
    }

    private bool HadLast(string source, string worker) => _state.LastBindings.GetValueOrDefault(worker)?.Source == source;

    private void BindWhere(Func<string, string, bool> fits)
    {
        foreach (var source in _state.Sources.Keys.Where(s => !_workerOf.ContainsKey(s)))
        {
            if (_moves >= MovesAtOnce)
                return;
            // Of several that had it, the last.
            var worker = _state.Workers.Keys.Where(w => Waits(w) && MayHave(w, source) && fits(source, w)).MaxBy(w => HadLast(source, w) ? _state.LastBindings[w].ModRevision : 0);
            if (worker is not null)
                Bind(source, worker);
        }
    }

    // The files are on one machine, and the load can go on nowhere else. The source comes to them as soon as their worker is there and has nothing to load itself.
    private void FollowDumpFiles()
    {
        foreach (var (id, worker) in _state.LoadTasks.OrderBy(l => l.Key.Source, StringComparer.Ordinal).ThenBy(l => l.Key.Task, StringComparer.Ordinal))
        {
            if (_moves >= MovesAtOnce)
                return;
            if (!_state.SubTasks.ContainsKey(id) || !_workerOf.TryGetValue(id.Source, out var holder) || holder == worker || HasDumpFiles(holder, id.Source))
                continue;
            if (!_state.KeepAlives.ContainsKey(worker) || !_state.Workers.ContainsKey(worker) || !MayHave(worker, id.Source))
                continue;
            if (!_sourceOf.TryGetValue(worker, out var other))
                Move(id.Source, holder, worker);
            else if (!HasDumpFiles(worker, other) && MayHave(holder, other))
                Swap(id.Source, holder, other, worker);
        }
    }

    private bool Waits(string worker) => _state.KeepAlives.ContainsKey(worker) && !_sourceOf.ContainsKey(worker);

    // A worker pulls the relay log of one source only, and has no other.
    private bool MayHave(string worker, string source) => _state.RelayWorkers.GetValueOrDefault(worker, source) == source;

    private bool HasDumpFiles(string worker, string source) => _state.LoadTasks.Any(l => l.Value == worker && l.Key.Source == source && _state.SubTasks.ContainsKey(l.Key));

    private void Move(string source, string from, string to)
    {
        _sourceOf.Remove(from);
        _change.Unbind(from);
        Bind(source, to);
    }

    private void Swap(string source, string worker, string other, string otherWorker)
    {
        Bind(source, otherWorker);
        Bind(other, worker);
    }

    private void Bind(string source, string worker)
    {
        _sourceOf[worker] = source;
        _workerOf[source] = worker;
        _change.Bind(source, worker);
        if (_state.Sources[source].EnableRelay && !_state.RelayStages.ContainsKey(source))
            _change.PutRelayStage(source, Pb.Stage.Running);
        _moves++;
    }
}
