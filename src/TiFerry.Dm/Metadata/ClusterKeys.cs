namespace TiFerry.Dm.Metadata;

/// <summary>
/// The keys of the cluster's state. Paths are DM's (dm/common/common.go) where DM has one; <see cref="Task"/>, <see cref="BinlogOperations"/>, <see cref="EvictedMaster"/> and
/// <see cref="SecretKeyCheck"/> are TiFerry's own.
/// </summary>
public static class ClusterKeys
{
    /// <summary>What all keys of the cluster begin with; one watch over it sees everything.</summary>
    public const string All = "/dm-";

    /// <summary>What the keys of the masters that stand for election begin with.</summary>
    public const string Leader = "/dm-master/leader";

    /// <summary>A text encrypted with the cluster's secret key, so that a master with another key is noticed.</summary>
    public const string SecretKeyCheck = "/dm-cluster/secret-key-check";

    /// <summary>The cluster's number, 8 bytes, big endian.</summary>
    public const string ClusterId = "/dm-cluster/id";

    /// <summary>Worker: its registration.</summary>
    public static readonly KeyFamily Worker = new("/dm-worker/r/", 1);

    /// <summary>Worker: it lives. The key is under the worker's lease.</summary>
    public static readonly KeyFamily KeepAlive = new("/dm-worker/a/", 1);

    /// <summary>Source: its configuration.</summary>
    public static readonly KeyFamily Source = new("/dm-master/v2/upstream/config/", 1);

    /// <summary>Worker: the source that is bound to it.</summary>
    public static readonly KeyFamily Binding = new("/dm-master/bound-worker/", 1);

    /// <summary>Worker: the source that was bound to it last.</summary>
    public static readonly KeyFamily LastBinding = new("/dm-master/last-bound-worker/", 1);

    /// <summary>Worker: the source whose relay log it pulls by order.</summary>
    public static readonly KeyFamily RelayWorker = new("/dm-master/relay-worker/", 1);

    /// <summary>Source: the wanted stage of its relay.</summary>
    public static readonly KeyFamily RelayStage = new("/dm-master/v2/stage/relay/", 1);

    /// <summary>Task: its file's text.</summary>
    public static readonly KeyFamily Task = new("/dm-master/task/", 1);

    /// <summary>Source and task: the subtask's configuration.</summary>
    public static readonly KeyFamily SubTask = new("/dm-master/upstream/subtask/", 2);

    /// <summary>Source and task: the wanted stage of the subtask.</summary>
    public static readonly KeyFamily SubTaskStage = new("/dm-master/stage/subtask/", 2);

    /// <summary>Task and source: arguments of start-task that hold until the subtask's first checkpoint.</summary>
    public static readonly KeyFamily TaskArguments = new("/dm-master/task-cli-args/", 2);

    /// <summary>Task and source: the worker that has the subtask's dump files.</summary>
    public static readonly KeyFamily LoadTask = new("/dm-master/load-task/", 2);

    /// <summary>Task and source: what is done about single statements of the binlog.</summary>
    public static readonly KeyFamily BinlogOperations = new("/dm-master/binlog-operation/", 2);

    /// <summary>Master: it must not lead.</summary>
    public static readonly KeyFamily EvictedMaster = new("/dm-master/evicted/", 1);
}
