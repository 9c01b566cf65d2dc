using Google.Protobuf;
using TiFerry.Dm.Metadata.Etcd.Pb;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>One step of a transaction. A transaction may not write the same key twice.</summary>
public sealed class EtcdOp
{
    private EtcdOp(RequestOp request) => Request = request;

    internal RequestOp Request { get; }

    /// <summary>Writes a key; with a lease it goes away with it.</summary>
    public static EtcdOp Put(string key, string value, long lease = 0) => new(new RequestOp
    {
        RequestPut = new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value), Lease = lease },
    });

    /// <summary>Deletes a key, if it exists.</summary>
    public static EtcdOp Delete(string key) => Delete(KeyRange.Of(key));

    /// <summary>Deletes all keys that begin so.</summary>
    public static EtcdOp DeletePrefix(string prefix) => Delete(KeyRange.Prefix(prefix));

    /// <summary>Reads a key.</summary>
    public static EtcdOp Get(string key) => Get(KeyRange.Of(key));

    /// <summary>Reads all keys that begin so.</summary>
    public static EtcdOp GetPrefix(string prefix) => Get(KeyRange.Prefix(prefix));

    private static EtcdOp Delete(KeyRange keys) => new(new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = keys.Key, RangeEnd = keys.End } });

    private static EtcdOp Get(KeyRange keys) => new(new RequestOp { RequestRange = new RangeRequest { Key = keys.Key, RangeEnd = keys.End } });
}
