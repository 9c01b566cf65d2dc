namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>A watch wants changes that etcd has forgotten: read everything again and watch from there.</summary>
/// <param name="compactRevision">The first revision that etcd remembers.</param>
public sealed class EtcdCompactedException(long compactRevision) : Exception($"etcd has forgotten the changes before revision {compactRevision}")
{
    /// <summary>The first revision that etcd remembers.</summary>
    public long CompactRevision { get; } = compactRevision;
}
