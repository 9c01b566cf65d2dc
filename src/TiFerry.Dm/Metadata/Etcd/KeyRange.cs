using Google.Protobuf;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>One key, or all that begin alike, as etcd wants them.</summary>
internal readonly record struct KeyRange(ByteString Key, ByteString End, string Text)
{
    private static readonly ByteString ToTheEnd = ByteString.CopyFrom(0);

    public static KeyRange Of(string key) => new(ByteString.CopyFromUtf8(key), ByteString.Empty, key);

    public static KeyRange Prefix(string prefix)
    {
        var key = ByteString.CopyFromUtf8(prefix);
        return key.IsEmpty ? new KeyRange(ToTheEnd, ToTheEnd, prefix) : new KeyRange(key, After(key), prefix);
    }

    /// <summary>The first key behind all that begin with <paramref name="prefix"/>: UTF-8 has no byte 0xff, so the last one can be raised.</summary>
    private static ByteString After(ByteString prefix)
    {
        var end = prefix.ToByteArray();
        end[^1]++;
        return UnsafeByteOperations.UnsafeWrap(end);
    }
}
