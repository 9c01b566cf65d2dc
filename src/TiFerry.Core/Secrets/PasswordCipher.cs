using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Secrets;

/// <summary>
/// Encrypts the passwords of configuration files as DM does: AES-256 in CFB mode with a random initialisation vector; the text is Base64 of the vector,
/// the sign <c>@</c> and the encrypted password (https://docs.pingcap.com/tidb/stable/dm-customized-secret-key). It keeps passwords from being read, and doesn't tell whether they were changed.
/// </summary>
public sealed class PasswordCipher
{
    private const int BlockBytes = 16;
    private const byte Separator = (byte)'@';

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _key;

    /// <summary>A cipher with this key.</summary>
    /// <param name="key">32 bytes.</param>
    public PasswordCipher(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, SecretKeyFile.KeyBytes);
        _key = key.ToArray();
    }

    private PasswordCipher() => _key = [];

    /// <summary>No key: passwords stay as they are.</summary>
    public static PasswordCipher None { get; } = new();

    /// <summary>Whether there is a key.</summary>
    public bool HasKey => _key.Length > 0;

    /// <summary>The key, to be handed to the workers of a cluster; empty for none.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>Encrypts a password. Each time the text is another.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.NoSecretKey"/>: there is no key.</exception>
    public string Encrypt(Secret password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var vector = RandomNumberGenerator.GetBytes(BlockBytes);
        return Convert.ToBase64String([.. vector, Separator, .. Apply(vector, Encoding.UTF8.GetBytes(password.Reveal()), encrypts: true)]);
    }

    /// <summary>Decrypts what <see cref="Encrypt"/> gave.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.NoSecretKey"/>, or <see cref="ConfigErrors.NotEncrypted"/>: it is nothing that this key encrypted.</exception>
    public Secret Decrypt(string text) => TryDecrypt(text) ?? throw new TiFerryException(
        ConfigErrors.NotEncrypted, ErrorScope.Internal, "this is no text that was encrypted with the cluster's secret key",
        "give the text as 'dmctl encrypt' printed it, and look whether 'secret-key-path' names the key that it was encrypted with");

    /// <summary>The password itself, whether a file has it encrypted or plain.</summary>
    public Secret Plain(Secret given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return HasKey ? TryDecrypt(given.Reveal()) ?? given : given;
    }

    /// <summary>The password encrypted, whether a file has it encrypted or plain; without a key, and where it is empty, as it is.</summary>
    public Secret Protected(Secret given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return !HasKey || given.IsEmpty || TryDecrypt(given.Reveal()) is not null ? given : new Secret(Encrypt(given));
    }

    // A plain password can look encrypted by chance; what it would decrypt to is hardly ever a text.
    private Secret? TryDecrypt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!HasKey)
            throw NoKey();
        if (!Base64.IsValid(text, out var length) || length <= BlockBytes)
            return null;
        var bytes = Convert.FromBase64String(text);
        if (bytes[BlockBytes] != Separator)
            return null;
        try
        {
            return new Secret(StrictUtf8.GetString(Apply(bytes[..BlockBytes], bytes[(BlockBytes + 1)..], encrypts: false)));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private byte[] Apply(byte[] vector, byte[] text, bool encrypts)
    {
        if (!HasKey)
            throw NoKey();
        using var aes = Aes.Create();
        aes.Key = _key;
        // The platform wants whole blocks; a stream cipher's first bytes don't depend on what follows.
        var blocks = new byte[(text.Length + BlockBytes - 1) / BlockBytes * BlockBytes];
        text.CopyTo(blocks, 0);
        const int FeedbackBits = BlockBytes * 8;
        var result = encrypts ? aes.EncryptCfb(blocks, vector, PaddingMode.None, FeedbackBits) : aes.DecryptCfb(blocks, vector, PaddingMode.None, FeedbackBits);
        return result[..text.Length];
    }

    private static TiFerryException NoKey() => new(
        ConfigErrors.NoSecretKey, ErrorScope.Internal, "there is no secret key to encrypt and decrypt passwords with",
        "write a key of 64 hexadecimal digits to a file (head -n 256 /dev/urandom | sha256sum), name the file by 'secret-key-path' in the configuration of every dm-master, and restart them");
}
