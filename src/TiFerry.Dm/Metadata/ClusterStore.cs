using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Metadata;

/// <summary>Writes the cluster's state.</summary>
/// <param name="etcd">The way to etcd.</param>
public sealed class ClusterStore(EtcdClient etcd)
{
    /// <summary>Makes a change, if this process still leads and everything that the change touches or relies on is as it was seen.</summary>
    /// <param name="change">The change.</param>
    /// <param name="term">The leadership.</param>
    /// <param name="cancellationToken">Gives up; the change may have been made then.</param>
    /// <returns>The revision of the change; null where something was not as it was seen, so that nothing was written.</returns>
    /// <exception cref="TiFerryException">This process leads no longer, and nothing was written; or etcd can't be reached, and the change may have been made.</exception>
    public async Task<long?> CommitAsync(ClusterChange change, EtcdLeadership term, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(term);
        var result = await etcd.Txn()
            .When([term.Guard, .. change.Expectations.Select(e => EtcdCompare.ModRevision(e.Key, e.ModRevision))])
            .Then(Steps(change))
            .Else(EtcdOp.Get(term.Key))
            .CommitAsync(cancellationToken);
        if (result.Succeeded)
            return result.Revision;
        if (result.Reads[0]?.Single?.CreateRevision == term.CreateRevision)
            return null;
        throw new TiFerryException(
            MetadataErrors.LeadershipLost, ErrorScope.Internal, "another master has become the leader, nothing was changed", "Please repeat the command, it goes to the new leader.");
    }

    internal static IEnumerable<EtcdOp> Steps(ClusterChange change) => change.Writes.Select(w => w.Value is null ? EtcdOp.Delete(w.Key) : EtcdOp.Put(w.Key, w.Value));
}
