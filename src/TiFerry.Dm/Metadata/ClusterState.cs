using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Metadata;

/// <summary>
/// Everything that is in etcd about the cluster, as of one revision. It never changes: <see cref="With"/> makes the next one. Whoever reads it sees bindings, stages and
/// configurations that belong together.
/// </summary>
public sealed class ClusterState
{
    /// <summary>A cluster in which nothing has happened.</summary>
    public static readonly ClusterState Empty = new();

    private ImmutableDictionary<string, long> _modRevisions = ImmutableDictionary.Create<string, long>(StringComparer.Ordinal);

    private ClusterState()
    {
    }

    /// <summary>The revision up to which all changes are in it.</summary>
    public long Revision { get; private init; }

    /// <summary>The workers that have registered, by name.</summary>
    public ImmutableSortedDictionary<string, WorkerRecord> Workers { get; private set; } = ByName<WorkerRecord>();

    /// <summary>The workers that live, by name. A name may be here that has not registered.</summary>
    public ImmutableSortedDictionary<string, KeepAlive> KeepAlives { get; private set; } = ByName<KeepAlive>();

    /// <summary>The sources, by name.</summary>
    public ImmutableSortedDictionary<string, SourceRecord> Sources { get; private set; } = ByName<SourceRecord>();

    /// <summary>Which source each worker has, by worker.</summary>
    public ImmutableSortedDictionary<string, Binding> Bindings { get; private set; } = ByName<Binding>();

    /// <summary>Which source each worker had last, by worker.</summary>
    public ImmutableSortedDictionary<string, Binding> LastBindings { get; private set; } = ByName<Binding>();

    /// <summary>The source whose relay log a worker pulls by order, by worker.</summary>
    public ImmutableSortedDictionary<string, string> RelayWorkers { get; private set; } = ByName<string>();

    /// <summary>Wanted stages of relays, by source.</summary>
    public ImmutableSortedDictionary<string, WantedStage> RelayStages { get; private set; } = ByName<WantedStage>();

    /// <summary>The texts of task files, passwords encrypted, by task.</summary>
    public ImmutableSortedDictionary<string, KeptText> Tasks { get; private set; } = ByName<KeptText>();

    /// <summary>Configurations of subtasks (JSON), passwords encrypted.</summary>
    public ImmutableDictionary<SubTaskId, KeptText> SubTasks { get; private set; } = ImmutableDictionary<SubTaskId, KeptText>.Empty;

    /// <summary>Wanted stages of subtasks.</summary>
    public ImmutableDictionary<SubTaskId, WantedStage> SubTaskStages { get; private set; } = ImmutableDictionary<SubTaskId, WantedStage>.Empty;

    /// <summary>Arguments of <c>start-task</c> (JSON).</summary>
    public ImmutableDictionary<SubTaskId, KeptText> TaskArguments { get; private set; } = ImmutableDictionary<SubTaskId, KeptText>.Empty;

    /// <summary>Which worker has the dump files of a subtask.</summary>
    public ImmutableDictionary<SubTaskId, string> LoadTasks { get; private set; } = ImmutableDictionary<SubTaskId, string>.Empty;

    /// <summary>What is done about single statements of the binlog.</summary>
    public ImmutableDictionary<SubTaskId, IReadOnlyList<BinlogOperation>> BinlogOperations { get; private set; } = ImmutableDictionary<SubTaskId, IReadOnlyList<BinlogOperation>>.Empty;

    /// <summary>The masters that must not lead.</summary>
    public ImmutableSortedSet<string> EvictedMasters { get; private set; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The masters that stand for election, by their keys.</summary>
    public ImmutableSortedDictionary<string, Candidate> Candidates { get; private set; } = ByName<Candidate>();

    /// <summary>The master that leads; null where none does.</summary>
    public Candidate? Leader => Candidates.Values.MinBy(c => c.CreateRevision);

    /// <summary>The revision of a key's last change; 0 where there is no such key.</summary>
    public long ModRevisionOf(string key) => _modRevisions.GetValueOrDefault(key);

    /// <summary>The state after some changes.</summary>
    /// <param name="revision">The revision up to which all changes are known then.</param>
    /// <param name="changes">The changes, in the order in which they happened.</param>
    /// <exception cref="TiFerryException">A value can't be read; the text names its key.</exception>
    public ClusterState With(long revision, IEnumerable<KeyChange> changes)
    {
        var next = CopyAt(revision);
        foreach (var change in changes)
            next.Apply(change);
        return next;
    }

    /// <summary>The source that is bound to a worker; null for none.</summary>
    public string? SourceOf(string worker) => Bindings.GetValueOrDefault(worker)?.Source;

    /// <summary>The worker that has a source; null for none.</summary>
    public string? WorkerOf(string source) => Bindings.Values.FirstOrDefault(b => b.Source == source)?.Worker;

    /// <summary>The workers that pull a source's relay log by order.</summary>
    public IReadOnlyList<string> RelayWorkersOf(string source) => [.. RelayWorkers.Where(w => w.Value == source).Select(w => w.Key)];

    /// <summary>The sources of a task, sorted.</summary>
    public IReadOnlyList<string> SourcesOf(string task) => [.. SubTasks.Keys.Where(id => id.Task == task).Select(id => id.Source).Order(StringComparer.Ordinal)];

    /// <summary>The tasks of a source, sorted.</summary>
    public IReadOnlyList<string> TasksOf(string source) => [.. SubTasks.Keys.Where(id => id.Source == source).Select(id => id.Task).Order(StringComparer.Ordinal)];

    private static ImmutableSortedDictionary<string, T> ByName<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    private ClusterState CopyAt(long revision) => new()
    {
        Revision = revision,
        _modRevisions = _modRevisions,
        Workers = Workers,
        KeepAlives = KeepAlives,
        Sources = Sources,
        Bindings = Bindings,
        LastBindings = LastBindings,
        RelayWorkers = RelayWorkers,
        RelayStages = RelayStages,
        Tasks = Tasks,
        SubTasks = SubTasks,
        SubTaskStages = SubTaskStages,
        TaskArguments = TaskArguments,
        LoadTasks = LoadTasks,
        BinlogOperations = BinlogOperations,
        EvictedMasters = EvictedMasters,
        Candidates = Candidates,
    };

    private void Apply(KeyChange change)
    {
        var (key, value, _, modRevision) = change;
        _modRevisions = value is null ? _modRevisions.Remove(key) : _modRevisions.SetItem(key, modRevision);
        if (ClusterKeys.Worker.TryRead(key, out var names))
            Workers = Set(Workers, names[0], Read(change, ClusterJson.Default.WorkerRecord));
        else if (ClusterKeys.KeepAlive.TryRead(key, out names))
            KeepAlives = Set(KeepAlives, names[0], Read(change, ClusterJson.Default.KeepAlive) is { } k ? k with { CreateRevision = change.CreateRevision } : null);
        else if (ClusterKeys.Source.TryRead(key, out names))
            Sources = Set(Sources, names[0], Read(change, ClusterJson.Default.SourceRecord) is { } s ? s with { Id = names[0], ModRevision = modRevision } : null);
        else if (ClusterKeys.Binding.TryRead(key, out names))
            Bindings = Set(Bindings, names[0], Read(change, ClusterJson.Default.Binding) is { } b ? b with { ModRevision = modRevision } : null);
        else if (ClusterKeys.LastBinding.TryRead(key, out names))
            LastBindings = Set(LastBindings, names[0], Read(change, ClusterJson.Default.Binding) is { } b ? b with { ModRevision = modRevision } : null);
        else if (ClusterKeys.RelayWorker.TryRead(key, out names))
            RelayWorkers = Set(RelayWorkers, names[0], value);
        else if (ClusterKeys.RelayStage.TryRead(key, out names))
            RelayStages = Set(RelayStages, names[0], Read(change, ClusterJson.Default.WantedStage) is { } s ? s with { ModRevision = modRevision } : null);
        else if (ClusterKeys.Task.TryRead(key, out names))
            Tasks = value is null ? Tasks.Remove(names[0]) : Tasks.SetItem(names[0], new KeptText(value, modRevision));
        else if (ClusterKeys.EvictedMaster.TryRead(key, out names))
            EvictedMasters = value is null ? EvictedMasters.Remove(names[0]) : EvictedMasters.Add(names[0]);
        else if (key.StartsWith(ClusterKeys.Leader + "/", StringComparison.Ordinal))
            Candidates = Set(Candidates, key, Read(change, ClusterJson.Default.Candidate) is { } c ? c with { CreateRevision = change.CreateRevision } : null);
        else
            ApplyToSubTask(change);
    }

    private void ApplyToSubTask(KeyChange change)
    {
        var (key, value, _, modRevision) = change;
        if (ClusterKeys.SubTask.TryRead(key, out var names))
            SubTasks = Set(SubTasks, new SubTaskId(names[1], names[0]), value, modRevision);
        else if (ClusterKeys.SubTaskStage.TryRead(key, out names))
            SubTaskStages = Set(SubTaskStages, new SubTaskId(names[1], names[0]), Read(change, ClusterJson.Default.WantedStage) is { } s ? s with { ModRevision = modRevision } : null);
        else if (ClusterKeys.TaskArguments.TryRead(key, out names))
            TaskArguments = Set(TaskArguments, new SubTaskId(names[0], names[1]), value, modRevision);
        else if (ClusterKeys.LoadTask.TryRead(key, out names))
            LoadTasks = Set(LoadTasks, new SubTaskId(names[0], names[1]), Read(change, ClusterJson.Default.String));
        else if (ClusterKeys.BinlogOperations.TryRead(key, out names))
            BinlogOperations = Set<IReadOnlyList<BinlogOperation>>(BinlogOperations, new SubTaskId(names[0], names[1]), ReadOperations(change));
    }

    private static ImmutableSortedDictionary<string, T> Set<T>(ImmutableSortedDictionary<string, T> all, string name, T? value)
        where T : class => value is null ? all.Remove(name) : all.SetItem(name, value);

    private static ImmutableDictionary<SubTaskId, T> Set<T>(ImmutableDictionary<SubTaskId, T> all, SubTaskId id, T? value)
        where T : class => value is null ? all.Remove(id) : all.SetItem(id, value);

    private static ImmutableDictionary<SubTaskId, KeptText> Set(ImmutableDictionary<SubTaskId, KeptText> all, SubTaskId id, string? text, long modRevision) =>
        text is null ? all.Remove(id) : all.SetItem(id, new KeptText(text, modRevision));

    private static BinlogOperation[]? ReadOperations(KeyChange change) =>
        Read(change, ClusterJson.Default.KeptOperationArray) is not { } kept ? null
            : Array.ConvertAll(kept, o => new BinlogOperation(BinlogPosition.Parse(o.Position), o.Kind, o.Statements));

    private static T? Read<T>(KeyChange change, JsonTypeInfo<T> type)
        where T : class
    {
        if (change.Value is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize(change.Value, type) ?? throw new JsonException("the value is null");
        }
        catch (JsonException e)
        {
            throw new TiFerryException(
                MetadataErrors.InvalidValue, ErrorScope.Internal, $"the value of key {change.Key} in etcd can't be read", "look whether it was changed by hand, or by a program of another version", e);
        }
    }
}
