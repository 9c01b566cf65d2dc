using TiFerry.Core.Errors;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>Errors of the cluster's memory. DM's classes <c>ha</c> (42501 on) and <c>dm-master</c> (38000 on).</summary>
public static class EtcdErrors
{
    /// <summary>A read or a write failed.</summary>
    public static readonly ErrorCode CallFailed = new(42501, "ha", "high");

    /// <summary>A watch failed.</summary>
    public static readonly ErrorCode WatchFailed = new(42503, "ha", "high");

    /// <summary>A lease could not be had.</summary>
    public static readonly ErrorCode LeaseFailed = new(42504, "ha", "high");

    /// <summary>A lease ran out or could not be renewed in time.</summary>
    public static readonly ErrorCode LeaseLost = new(42505, "ha", "high");

    /// <summary>The settings of the etcd member can't be used.</summary>
    public static readonly ErrorCode BadMemberSettings = new(38037, "dm-master", "high");

    /// <summary>The etcd member can't be started or kept running.</summary>
    public static readonly ErrorCode MemberFailed = new(38038, "dm-master", "high");

    /// <summary>The etcd member can't join the cluster.</summary>
    public static readonly ErrorCode JoinFailed = new(38040, "dm-master", "high");

    internal const string CheckMasters = "Please check dm-master's node status and the network between this node and dm-master";
}
