using System.Text.Json;
using TiFerry.Dm.Pb;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Metadata;

/// <summary>
/// A change of the cluster's state that is made whole or not at all. Every key that it touches, or relies on, must still be as it was in the state it was planned from.
/// </summary>
/// <param name="seen">The state that it was planned from.</param>
public sealed class ClusterChange(ClusterState seen)
{
    private readonly Dictionary<string, string?> _writes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _relied = new(StringComparer.Ordinal);

    /// <summary>The state that it was planned from.</summary>
    public ClusterState Seen => seen;

    /// <summary>Whether it changes nothing.</summary>
    public bool IsEmpty => _writes.Count == 0;

    /// <summary>The bindings that it changes, by worker: the new source, null for none.</summary>
    internal Dictionary<string, string?> BindingsAfter { get; } = new(StringComparer.Ordinal);

    /// <summary>New values by key; null deletes.</summary>
    internal IReadOnlyDictionary<string, string?> Writes => _writes;

    /// <summary>The keys that must be as they were, with the revision of their last change; 0 for those that must not be there.</summary>
    internal IEnumerable<(string Key, long ModRevision)> Expectations =>
        _writes.Keys.Union(_relied, StringComparer.Ordinal).Select(key => (key, seen.ModRevisionOf(key)));

    /// <summary>The change holds only as long as a worker lives, or is dead, as it was seen.</summary>
    public ClusterChange RelyOnKeepAlive(string worker)
    {
        _relied.Add(ClusterKeys.KeepAlive.Key(worker));
        return this;
    }

    /// <summary>The change holds only while a worker has, or has not, the source it was seen with.</summary>
    public ClusterChange RelyOnBinding(string worker)
    {
        _relied.Add(ClusterKeys.Binding.Key(worker));
        return this;
    }

    /// <summary>The change holds only while a source's configuration is as it was seen, or stays away.</summary>
    public ClusterChange RelyOnSource(string source)
    {
        _relied.Add(ClusterKeys.Source.Key(source));
        return this;
    }

    /// <summary>Binds a source to a living worker.</summary>
    public ClusterChange Bind(string source, string worker)
    {
        var binding = JsonSerializer.Serialize(new Binding(source, worker), ClusterJson.Default.Binding);
        BindingsAfter[worker] = source;
        Put(ClusterKeys.Binding.Key(worker), binding);
        Put(ClusterKeys.LastBinding.Key(worker), binding);
        return RelyOnKeepAlive(worker).RelyOnSource(source);
    }

    /// <summary>Takes the source away from a worker.</summary>
    public ClusterChange Unbind(string worker)
    {
        BindingsAfter[worker] = null;
        return Delete(ClusterKeys.Binding.Key(worker));
    }

    /// <summary>Registers a worker.</summary>
    public ClusterChange PutWorker(string name, string address) =>
        Put(ClusterKeys.Worker.Key(name), JsonSerializer.Serialize(new WorkerRecord(name, address), ClusterJson.Default.WorkerRecord));

    /// <summary>Forgets a worker, and the relay and the source that it had.</summary>
    public ClusterChange DeleteWorker(string name) =>
        Delete(ClusterKeys.Worker.Key(name)).Delete(ClusterKeys.RelayWorker.Key(name)).Delete(ClusterKeys.Binding.Key(name)).Delete(ClusterKeys.LastBinding.Key(name));

    /// <summary>Creates or changes a source.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="config">Its file's text, the password encrypted.</param>
    /// <param name="enableRelay">Whether the worker it is bound to pulls its relay log.</param>
    public ClusterChange PutSource(string id, string config, bool enableRelay) =>
        Put(ClusterKeys.Source.Key(id), JsonSerializer.Serialize(new SourceRecord(config, enableRelay), ClusterJson.Default.SourceRecord));

    /// <summary>Forgets a source and its relay stage.</summary>
    public ClusterChange DeleteSource(string id) => Delete(ClusterKeys.Source.Key(id)).DeleteRelayStage(id);

    /// <summary>A worker is to pull a source's relay log.</summary>
    public ClusterChange PutRelayWorker(string worker, string source) => Put(ClusterKeys.RelayWorker.Key(worker), source);

    /// <summary>A worker is to pull no relay log any more.</summary>
    public ClusterChange DeleteRelayWorker(string worker) => Delete(ClusterKeys.RelayWorker.Key(worker));

    /// <summary>Orders a stage for a relay.</summary>
    public ClusterChange PutRelayStage(string source, Stage stage) =>
        Put(ClusterKeys.RelayStage.Key(source), JsonSerializer.Serialize(new WantedStage(stage, source), ClusterJson.Default.WantedStage));

    /// <summary>There is no relay to order about any more.</summary>
    public ClusterChange DeleteRelayStage(string source) => Delete(ClusterKeys.RelayStage.Key(source));

    /// <summary>Keeps a task file's text, passwords encrypted.</summary>
    public ClusterChange PutTask(string task, string text) => Put(ClusterKeys.Task.Key(task), text);

    /// <summary>Forgets a task file's text.</summary>
    public ClusterChange DeleteTask(string task) => Delete(ClusterKeys.Task.Key(task));

    /// <summary>Creates or changes a subtask.</summary>
    /// <param name="id">The subtask.</param>
    /// <param name="config">Its configuration (JSON), passwords encrypted.</param>
    public ClusterChange PutSubTask(SubTaskId id, string config) => Put(ClusterKeys.SubTask.Key(id.Source, id.Task), config);

    /// <summary>Orders a stage for a subtask.</summary>
    public ClusterChange PutSubTaskStage(SubTaskId id, Stage stage) =>
        Put(ClusterKeys.SubTaskStage.Key(id.Source, id.Task), JsonSerializer.Serialize(new WantedStage(stage, id.Source, id.Task), ClusterJson.Default.WantedStage));

    /// <summary>Forgets a subtask with its stage, arguments and binlog operations. Where its dump files are stays known.</summary>
    public ClusterChange DeleteSubTask(SubTaskId id) =>
        Delete(ClusterKeys.SubTask.Key(id.Source, id.Task)).Delete(ClusterKeys.SubTaskStage.Key(id.Source, id.Task))
            .Delete(ClusterKeys.TaskArguments.Key(id.Task, id.Source)).Delete(ClusterKeys.BinlogOperations.Key(id.Task, id.Source));

    /// <summary>Keeps the arguments of <c>start-task</c> (JSON); null takes them away.</summary>
    public ClusterChange PutTaskArguments(SubTaskId id, string? arguments)
    {
        var key = ClusterKeys.TaskArguments.Key(id.Task, id.Source);
        return arguments is null ? Delete(key) : Put(key, arguments);
    }

    /// <summary>Notes which worker has the dump files of a subtask; null for none.</summary>
    public ClusterChange PutLoadTask(SubTaskId id, string? worker)
    {
        var key = ClusterKeys.LoadTask.Key(id.Task, id.Source);
        return worker is null ? Delete(key) : Put(key, JsonSerializer.Serialize(worker, ClusterJson.Default.String));
    }

    /// <summary>Keeps what is done about single statements of the binlog; nothing takes all away.</summary>
    public ClusterChange PutBinlogOperations(SubTaskId id, IReadOnlyList<BinlogOperation> operations)
    {
        var key = ClusterKeys.BinlogOperations.Key(id.Task, id.Source);
        if (operations.Count == 0)
            return Delete(key);
        var kept = operations.Select(o => new KeptOperation(o.Position.ToString(), o.Kind, [.. o.Statements])).ToArray();
        return Put(key, JsonSerializer.Serialize(kept, ClusterJson.Default.KeptOperationArray));
    }

    /// <summary>A master must not lead, or may again.</summary>
    public ClusterChange PutEvicted(string master, bool evicted)
    {
        var key = ClusterKeys.EvictedMaster.Key(master);
        return evicted ? Put(key, "{}") : Delete(key);
    }

    private ClusterChange Put(string key, string value)
    {
        _writes[key] = value;
        return this;
    }

    // What isn't there needs no deletion: it would be a transaction without a revision of its own.
    private ClusterChange Delete(string key)
    {
        if (seen.ModRevisionOf(key) != 0)
        {
            _writes[key] = null;
            return this;
        }
        _writes.Remove(key);
        _relied.Add(key);
        return this;
    }
}
