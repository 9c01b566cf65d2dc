using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Metadata;

/// <summary>Sees that all masters have the secret key that the cluster's passwords are encrypted with: a master with another one would hand out passwords that nobody can use.</summary>
public static class SecretKeyCheck
{
    private const string Known = "TiFerry";

    /// <summary>Looks at the key; the first master with a key sets it for the cluster.</summary>
    /// <param name="etcd">The way to etcd.</param>
    /// <param name="cipher">This master's key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TiFerryException">The cluster has another key, or a key where this master has none; or etcd can't be reached.</exception>
    public static async Task RunAsync(EtcdClient etcd, PasswordCipher cipher, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(etcd);
        ArgumentNullException.ThrowIfNull(cipher);
        if (cipher.HasKey)
        {
            await etcd.Txn().When(EtcdCompare.Missing(ClusterKeys.SecretKeyCheck)).Then(EtcdOp.Put(ClusterKeys.SecretKeyCheck, cipher.Encrypt(new Secret(Known)))).Repeatable()
                .CommitAsync(cancellationToken);
        }
        var kept = await etcd.GetAsync(ClusterKeys.SecretKeyCheck, cancellationToken);
        if (kept is null || (cipher.HasKey && cipher.Plain(new Secret(kept.Value)).Reveal() == Known))
            return;
        throw new TiFerryException(
            MetadataErrors.OtherSecretKey, ErrorScope.Internal, cipher.HasKey ? "the cluster was set up with another secret key than this master's" : "the cluster has a secret key, and this master has none",
            "let 'secret-key-path' of every dm-master name a file with the same key");
    }
}
