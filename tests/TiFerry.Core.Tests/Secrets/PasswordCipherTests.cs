using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;

namespace TiFerry.Core.Tests.Secrets;

public sealed class PasswordCipherTests : IDisposable
{
    // The key that DM had before version 8, with which its documents' examples are encrypted.
    private const string OldKey = "a529b7665997f043a30ac8fadcb51d6aa032c226ab5b7750530b12b8c1a16a48";

    private static readonly PasswordCipher Cipher = new(Convert.FromHexString(OldKey));

    private readonly string _directory = Directory.CreateTempSubdirectory("tiferry-key-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_dm_encrypted_can_be_decrypted() => Assert.Equal("123456", Cipher.Decrypt("VjX8cEeTX+qcvZ3bPaO4h0C80pe/1aU=").Reveal());

    [Fact]
    public void Whatever_is_encrypted_can_be_decrypted() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>>().Filter(s => s.Get.All(c => !char.IsSurrogate(c))),
        text => Assert.Equal(text.Get, Cipher.Decrypt(Cipher.Encrypt(new Secret(text.Get))).Reveal())));

    [Fact]
    public void The_same_password_is_encrypted_to_other_texts() => Assert.NotEqual(Cipher.Encrypt(new Secret("x")), Cipher.Encrypt(new Secret("x")));

    [Fact]
    public void The_layout_is_vector_sign_password()
    {
        var bytes = Convert.FromBase64String(Cipher.Encrypt(new Secret("seventeen letters")));

        Assert.Equal(16 + 1 + 17, bytes.Length);
        Assert.Equal((byte)'@', bytes[16]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=")]
    public void A_plain_password_stays(string password)
    {
        Assert.Equal(password, Cipher.Plain(new Secret(password)).Reveal());
        Assert.Equal(ConfigErrors.NotEncrypted, Assert.Throws<TiFerryException>(() => Cipher.Decrypt(password)).Code);
    }

    [Fact]
    public void A_plain_password_that_looks_encrypted_stays()
    {
        // The sign in the right place, and behind it what decrypts to no text.
        var password = Enumerable.Range(0, 256).Select(i => Convert.ToBase64String([.. new byte[16], (byte)'@', (byte)i, (byte)(255 - i), 1, 2, 3]))
            .First(p => Assert.ThrowsAny<Exception>(() => Cipher.Decrypt(p)) is TiFerryException);

        Assert.Equal(password, Cipher.Plain(new Secret(password)).Reveal());
    }

    [Fact]
    public void Encrypted_or_plain_is_protected_once()
    {
        var once = Cipher.Protected(new Secret("p"));

        Assert.NotEqual("p", once.Reveal());
        Assert.Equal(once, Cipher.Protected(once));
        Assert.Equal("p", Cipher.Plain(once).Reveal());
        Assert.True(Cipher.Protected(new Secret("")).IsEmpty);
    }

    [Fact]
    public void Without_a_key_passwords_stay_and_encrypting_says_what_to_do()
    {
        var encrypted = Cipher.Protected(new Secret("p"));

        Assert.Equal(encrypted, PasswordCipher.None.Plain(encrypted));
        Assert.Equal("p", PasswordCipher.None.Protected(new Secret("p")).Reveal());
        var error = Assert.Throws<TiFerryException>(() => PasswordCipher.None.Encrypt(new Secret("p")));
        Assert.Equal(ConfigErrors.NoSecretKey, error.Code);
        Assert.Contains("secret-key-path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_is_read()
    {
        var path = Path.Combine(_directory, "key");
        File.WriteAllText(path, OldKey.ToUpperInvariant() + "\n");

        Assert.Equal("123456", SecretKeyFile.Read(path).Decrypt("VjX8cEeTX+qcvZ3bPaO4h0C80pe/1aU=").Reveal());
        Assert.False(SecretKeyFile.Read("").HasKey);
    }

    [Theory]
    [InlineData("a529")]
    [InlineData(OldKey + "00")]
    [InlineData("z529b7665997f043a30ac8fadcb51d6aa032c226ab5b7750530b12b8c1a16a48")]
    [InlineData(null)]
    public void A_bad_key_file_is_refused(string? content)
    {
        var path = Path.Combine(_directory, "key");
        if (content is not null)
            File.WriteAllText(path, content);

        var error = Assert.Throws<TiFerryException>(() => SecretKeyFile.Read(path));

        Assert.Equal(ConfigErrors.BadSecretKey, error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        if (content is not null)
            Assert.DoesNotContain(content, error.Message, StringComparison.Ordinal);
    }
}
