using TiFerry.Core.Errors;

namespace TiFerry.Core.Secrets;

/// <summary>The file that <c>secret-key-path</c> names: an AES-256 key as 64 hexadecimal digits.</summary>
public static class SecretKeyFile
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>Reads a key.</summary>
    /// <param name="path">The file; empty for <see cref="PasswordCipher.None"/>.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadSecretKey"/>: the file can't be read, or holds something else.</exception>
    public static PasswordCipher Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
            return PasswordCipher.None;
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TiFerryException(ConfigErrors.BadSecretKey, ErrorScope.Internal, $"the secret key file '{path}' can't be read", "check 'secret-key-path' and the file's permissions", e);
        }

        if (text.Length != 2 * KeyBytes || !text.All(char.IsAsciiHexDigit))
            throw new TiFerryException(ConfigErrors.BadSecretKey, ErrorScope.Internal, $"the secret key file '{path}' holds no key of 64 hexadecimal digits", "write one with: head -n 256 /dev/urandom | sha256sum | cut -c1-64");
        return new PasswordCipher(Convert.FromHexString(text));
    }
}
