using TiFerry.Dm.Metadata.Etcd.Pb;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>A key and what etcd knows of it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; empty in the event of a deletion.</param>
/// <param name="CreateRevision">The revision that created it; 0 in the event of a deletion.</param>
/// <param name="ModRevision">The revision that wrote or deleted it last.</param>
/// <param name="Version">How often it was written since its creation; 0 in the event of a deletion.</param>
/// <param name="Lease">The lease that it goes away with; 0 for none.</param>
public sealed record EtcdKeyValue(string Key, string Value, long CreateRevision, long ModRevision, long Version, long Lease)
{
    internal static EtcdKeyValue Of(KeyValue kv) => new(kv.Key.ToStringUtf8(), kv.Value.ToStringUtf8(), kv.CreateRevision, kv.ModRevision, kv.Version, kv.Lease);
}

/// <summary>What a read found, and at which revision of the store.</summary>
/// <param name="Revision">The store's revision; a watch from the next one misses nothing.</param>
/// <param name="Items">In the keys' order.</param>
public sealed record EtcdRange(long Revision, IReadOnlyList<EtcdKeyValue> Items)
{
    /// <summary>The only item of a read of one key; null when it doesn't exist.</summary>
    public EtcdKeyValue? Single => Items.Count == 0 ? null : Items[0];

    internal static EtcdRange Of(RangeResponse response) => new(response.Header.Revision, [.. response.Kvs.Select(EtcdKeyValue.Of)]);
}

/// <summary>One change of one key.</summary>
/// <param name="IsDelete">Whether it was deleted.</param>
/// <param name="Item">The key as it is now.</param>
/// <param name="Previous">As it was before; null when it is new, or when etcd doesn't remember.</param>
public sealed record EtcdEvent(bool IsDelete, EtcdKeyValue Item, EtcdKeyValue? Previous)
{
    /// <summary>The key.</summary>
    public string Key => Item.Key;

    internal static EtcdEvent Of(Event e) => new(e.Type == Event.Types.EventType.Delete, EtcdKeyValue.Of(e.Kv), e.PrevKv is null ? null : EtcdKeyValue.Of(e.PrevKv));
}

/// <summary>Changes that come together: all those of one or more revisions, never a part of one.</summary>
/// <param name="Revision">The last of these revisions.</param>
/// <param name="Events">In their order.</param>
public sealed record EtcdBatch(long Revision, IReadOnlyList<EtcdEvent> Events);
