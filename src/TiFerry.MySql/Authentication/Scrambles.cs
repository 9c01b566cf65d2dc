using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace TiFerry.MySql.Authentication;

/// <summary>The answers that prove knowledge of a password without sending it.</summary>
internal static class Scrambles
{
    /// <summary>Bytes of a scramble, without the zero byte that servers put behind it.</summary>
    public const int Length = 20;

    /// <summary>mysql_native_password: SHA1(password) XOR SHA1(scramble + SHA1(SHA1(password))).</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The server's account defines the algorithm.")]
    public static byte[] Native(ReadOnlySpan<byte> password, ReadOnlySpan<byte> scramble)
    {
        if (password.IsEmpty)
            return [];
        var once = SHA1.HashData(password);
        var twice = SHA1.HashData(once);
        return Xor(once, SHA1.HashData([.. scramble, .. twice]));
    }

    /// <summary>caching_sha2_password, cached path: SHA256(password) XOR SHA256(SHA256(SHA256(password)) + scramble).</summary>
    public static byte[] CachingSha2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> scramble)
    {
        if (password.IsEmpty)
            return [];
        var once = SHA256.HashData(password);
        var twice = SHA256.HashData(once);
        return Xor(once, SHA256.HashData([.. twice, .. scramble]));
    }

    /// <summary>sha256_password and the full path of caching_sha2_password without TLS: the password and a zero byte, XOR the scramble, under the server's RSA key (OAEP).</summary>
    [SuppressMessage("Security", "CA5350", Justification = "OAEP with SHA1 is what the server decrypts.")]
    public static byte[] Rsa(ReadOnlySpan<byte> password, ReadOnlySpan<byte> scramble, string publicKeyPem)
    {
        var secret = new byte[password.Length + 1];
        password.CopyTo(secret);
        for (var i = 0; i < secret.Length; i++)
            secret[i] ^= scramble[i % scramble.Length];
        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKeyPem);
        return rsa.Encrypt(secret, RSAEncryptionPadding.OaepSHA1);
    }

    private static byte[] Xor(byte[] left, byte[] right)
    {
        for (var i = 0; i < left.Length; i++)
            left[i] ^= right[i];
        return left;
    }
}
