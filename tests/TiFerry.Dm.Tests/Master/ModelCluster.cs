using System.Text.Json;
using TiFerry.Dm.Metadata;

namespace TiFerry.Dm.Tests.Master;

/// <summary>A cluster's state without etcd: takes changes as etcd would, expectations included.</summary>
internal sealed class ModelCluster
{
    private readonly Dictionary<string, KeyChange> _keys = new(StringComparer.Ordinal);

    public ClusterState State { get; private set; } = ClusterState.Empty;

    public bool TryCommit(ClusterChange change)
    {
        if (change.Expectations.Any(e => (_keys.TryGetValue(e.Key, out var key) ? key.ModRevision : 0) != e.ModRevision))
            return false;
        Write([.. change.Writes.Select(w => (w.Key, w.Value))]);
        return true;
    }

    public void Commit(ClusterChange change) => Assert.True(TryCommit(change), "the change was planned from another state");

    public void Join(string worker) =>
        Write((ClusterKeys.KeepAlive.Key(worker), JsonSerializer.Serialize(new KeepAlive(worker, DateTimeOffset.UnixEpoch), ClusterJson.Default.KeepAlive)));

    public void Leave(string worker) => Write((ClusterKeys.KeepAlive.Key(worker), null));

    public void Write(params (string Key, string? Value)[] writes)
    {
        var revision = State.Revision + 1;
        var changes = new List<KeyChange>();
        foreach (var (key, value) in writes)
        {
            var created = _keys.TryGetValue(key, out var known) ? known.CreateRevision : revision;
            var change = new KeyChange(key, value, created, revision);
            if (value is null)
                _keys.Remove(key);
            else
                _keys[key] = change;
            changes.Add(change);
        }
        State = State.With(revision, changes);
        // What the changes led to is what a reader who comes now sees.
        Assert.Equal(Describe(State), Describe(ClusterState.Empty.With(revision, _keys.Values)));
    }

    private static string Describe(ClusterState s) => string.Join('\n', [
        string.Join(',', s.Bindings.Values), string.Join(',', s.LastBindings.Values), string.Join(',', s.KeepAlives.Values), string.Join(',', s.Workers.Values), string.Join(',', s.Sources.Values),
        string.Join(',', s.RelayWorkers), string.Join(',', s.RelayStages.Values), string.Join(',', s.SubTasks.OrderBy(t => t.Key.ToString())), string.Join(',', s.SubTaskStages.OrderBy(t => t.Key.ToString()))]);
}
