using TiFerry.Core.Secrets;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Master.Workers;
using TiFerry.Dm.Metadata;

namespace TiFerry.Dm.Master.Services;

/// <summary>What a request is served with while this master leads.</summary>
/// <param name="Scheduler">The cluster's state and the way to change it.</param>
/// <param name="Workers">The workers.</param>
/// <param name="Masters">The masters.</param>
/// <param name="Cipher">Encrypts and decrypts passwords.</param>
/// <param name="Databases">What is asked of the databases themselves.</param>
internal sealed record LeaderContext(Scheduler Scheduler, WorkerClients Workers, MasterMembers Masters, PasswordCipher Cipher, DatabaseAccess Databases)
{
    /// <summary>The cluster's state at this moment.</summary>
    public ClusterState State => Scheduler.State;

    /// <summary>Waits for what comes of an order.</summary>
    public OrderFollower Orders { get; } = new(Scheduler, Workers);

    /// <summary>One at a time who starts a task or takes its checkpoints away.</summary>
    public TaskLatch Latch { get; } = new();
}
