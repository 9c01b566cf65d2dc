using TiFerry.Core.Errors;

namespace TiFerry.Dm.Master;

/// <summary>Errors of dm-master itself. DM's class <c>dm-master</c> (38001 to 38999) and own numbers from 90821.</summary>
public static class MasterErrors
{
    /// <summary>A worker's answer to a call did not come.</summary>
    public static readonly ErrorCode WorkerCallFailed = new(38008, "dm-master", "high");

    /// <summary>The member of etcd can't be started.</summary>
    public static readonly ErrorCode CannotStartEtcd = new(38038, "dm-master", "high");

    /// <summary>An existing cluster can't be joined.</summary>
    public static readonly ErrorCode CannotJoin = new(38040, "dm-master", "high");

    /// <summary>The operation is none for this kind of object.</summary>
    public static readonly ErrorCode InvalidOperation = new(38041, "dm-master", "medium");

    /// <summary>There is no leader to hand the request to.</summary>
    public static readonly ErrorCode NoLeader = new(38043, "dm-master", "high");

    /// <summary>The worker has not come to the wanted stage in time.</summary>
    public static readonly ErrorCode NotAsExpected = new(38045, "dm-master", "medium");

    /// <summary>No master has the name.</summary>
    public static readonly ErrorCode NoSuchMaster = new(38048, "dm-master", "low");

    /// <summary>A member is neither master nor worker.</summary>
    public static readonly ErrorCode InvalidMemberType = new(38049, "dm-master", "low");

    /// <summary>A source's worker can't be asked.</summary>
    public static readonly ErrorCode NoWorkerOfSource = new(38029, "dm-master", "high");

    /// <summary>A worker tells of errors.</summary>
    public static readonly ErrorCode WorkerReportsErrors = new(38032, "dm-master", "high");

    /// <summary>A task can't be started.</summary>
    public static readonly ErrorCode CannotStartTask = new(38058, "dm-master", "high");

    /// <summary>What is asked for comes with a later version.</summary>
    public static readonly ErrorCode NotYet = new(90821, "dm-master", "low");

    /// <summary>A source can't be used as it is.</summary>
    public static readonly ErrorCode UnusableSource = new(90822, "dm-master", "high");
}
