using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config.Programs;

/// <summary>Errors in the programs' own configuration, with DM's codes (dm/errors.toml).</summary>
public static class ProgramErrors
{
    /// <summary>A key in dm-master's file is unknown.</summary>
    public static readonly ErrorCode MasterUnknownKey = new(38011, "dm-master", "medium");

    /// <summary>An argument of dm-master is unknown.</summary>
    public static readonly ErrorCode MasterBadFlag = new(38012, "dm-master", "medium");

    /// <summary>dm-master's file can't be used.</summary>
    public static readonly ErrorCode MasterBadFile = new(38013, "dm-master", "medium");

    /// <summary>dm-master's <c>rpc-timeout</c> is no duration.</summary>
    public static readonly ErrorCode MasterBadTimeout = new(38014, "dm-master", "medium");

    /// <summary>dm-master's <c>master-addr</c> is no address.</summary>
    public static readonly ErrorCode MasterBadAddress = new(38035, "dm-master", "high");

    /// <summary>dm-master's <c>advertise-addr</c> is no address that others can reach.</summary>
    public static readonly ErrorCode MasterBadAdvertiseAddress = new(38042, "dm-master", "high");

    /// <summary>dm-master's <c>advertise-peer-urls</c> or <c>peer-urls</c> are no URLs.</summary>
    public static readonly ErrorCode MasterBadPeerUrls = new(38050, "dm-master", "high");

    /// <summary>An argument of dm-worker is unknown.</summary>
    public static readonly ErrorCode WorkerBadFlag = new(40002, "dm-worker", "medium");

    /// <summary>dm-worker's file can't be used.</summary>
    public static readonly ErrorCode WorkerBadFile = new(40003, "dm-worker", "medium");

    /// <summary>A key in dm-worker's file is unknown.</summary>
    public static readonly ErrorCode WorkerUnknownKey = new(40004, "dm-worker", "medium");

    /// <summary>dm-worker's <c>worker-addr</c> or <c>advertise-addr</c> is no address.</summary>
    public static readonly ErrorCode WorkerBadAddress = new(40069, "dm-worker", "high");
}
