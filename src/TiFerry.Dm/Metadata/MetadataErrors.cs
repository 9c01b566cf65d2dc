using TiFerry.Core.Errors;

namespace TiFerry.Dm.Metadata;

/// <summary>Errors about the cluster's state in etcd. DM's class <c>ha</c> (42501 to 42999) and own numbers from 90801.</summary>
public static class MetadataErrors
{
    /// <summary>A transaction failed.</summary>
    public static readonly ErrorCode TransactionFailed = new(42501, "ha", "high");

    /// <summary>A value in etcd can't be read.</summary>
    public static readonly ErrorCode InvalidValue = new(42502, "ha", "high");

    /// <summary>This master leads no longer.</summary>
    public static readonly ErrorCode LeadershipLost = new(90801, "ha", "high");

    /// <summary>This worker's keep-alive key is not its own any more.</summary>
    public static readonly ErrorCode KeepAliveLost = new(90802, "ha", "high");

    /// <summary>The cluster was set up with another secret key.</summary>
    public static readonly ErrorCode OtherSecretKey = new(90803, "ha", "high");
}
