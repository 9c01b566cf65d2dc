using Google.Protobuf;
using TiFerry.Dm.Metadata.Etcd.Pb;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>One condition of a transaction.</summary>
public sealed class EtcdCompare
{
    private EtcdCompare(Compare compare) => Compare = compare;

    internal Compare Compare { get; }

    /// <summary>The key doesn't exist.</summary>
    public static EtcdCompare Missing(string key) => CreateRevision(key, 0);

    /// <summary>The key exists.</summary>
    public static EtcdCompare Exists(string key) =>
        new(new Compare { Key = ByteString.CopyFromUtf8(key), Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Greater, CreateRevision = 0 });

    /// <summary>The key was created by that revision and not deleted since.</summary>
    public static EtcdCompare CreateRevision(string key, long revision) =>
        new(new Compare { Key = ByteString.CopyFromUtf8(key), Target = Compare.Types.CompareTarget.Create, CreateRevision = revision });

    /// <summary>The key was last written by that revision; 0 for a key that doesn't exist.</summary>
    public static EtcdCompare ModRevision(string key, long revision) =>
        new(new Compare { Key = ByteString.CopyFromUtf8(key), Target = Compare.Types.CompareTarget.Mod, ModRevision = revision });

    /// <summary>The key was written so often since its creation.</summary>
    public static EtcdCompare Version(string key, long version) =>
        new(new Compare { Key = ByteString.CopyFromUtf8(key), Target = Compare.Types.CompareTarget.Version, Version = version });

    /// <summary>The key exists and has that value.</summary>
    public static EtcdCompare Value(string key, string value) =>
        new(new Compare { Key = ByteString.CopyFromUtf8(key), Target = Compare.Types.CompareTarget.Value, Value = ByteString.CopyFromUtf8(value) });
}
