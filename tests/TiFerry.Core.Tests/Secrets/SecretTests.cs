using TiFerry.Core.Secrets;

namespace TiFerry.Core.Tests.Secrets;

public class SecretTests
{
    [Fact]
    public void A_secret_does_not_print()
    {
        var secret = new Secret("hush");
        Assert.Equal("******", secret.ToString());
        Assert.Equal("******", $"{secret}");
        Assert.Equal("hush", secret.Reveal());
        Assert.Equal(secret, new Secret("hush"));
        Assert.NotEqual(secret, new Secret("other"));
        Assert.True(new Secret("").IsEmpty);
    }

    [Theory]
    [InlineData("mysql://root:hush@host:3306/db", "mysql://root:******@host:3306/db")]
    [InlineData("mysql://root:hu@s:h/?#'@host/", "mysql://root:******@host/")]
    [InlineData("mysql://root:hush hush@host/", "mysql://root:******@host/")]
    [InlineData("mysql://root:@host/", "mysql://root:******@host/")]
    [InlineData("mysql://root@host:3306/", "mysql://root@host:3306/")]
    [InlineData("mysql://host:3306/?user=a&password=hush&x=y", "mysql://host:3306/?user=a&password=******&x=y")]
    [InlineData("mysql://root:hush@host/?ssl-password=hush", "mysql://root:******@host/?ssl-password=******")]
    [InlineData("not a url", "not a url")]
    public void Urls(string url, string expected) => Assert.Equal(expected, SecretText.MaskUrl(url));

    [Theory]
    [InlineData("cannot connect to mysql://root:hush@host:3306/ now", "cannot connect to mysql://root:******@host:3306/ now")]
    [InlineData("mysql://u:it's/h@x@host and https://host/", "mysql://u:******@host and https://host/")]
    [InlineData("dsn root:hush@tcp(127.0.0.1:3306)/db", "dsn root:******@tcp(127.0.0.1:3306)/db")]
    [InlineData("CREATE USER 'a'@'b' IDENTIFIED BY 'hush'", "CREATE USER 'a'@'b' IDENTIFIED BY '******'")]
    [InlineData("identified by \"hush\" require ssl", "identified by '******' require ssl")]
    [InlineData("IDENTIFIED BY PASSWORD '*HASH'", "IDENTIFIED BY PASSWORD '******'")]
    [InlineData("IDENTIFIED WITH mysql_native_password AS 'hush'", "IDENTIFIED WITH mysql_native_password AS '******'")]
    [InlineData("IDENTIFIED WITH caching_sha2_password BY 'hu''s\\'h' REPLACE 'old'", "IDENTIFIED WITH caching_sha2_password BY '******' REPLACE '******'")]
    [InlineData("IDENTIFIED VIA ed25519 USING PASSWORD('hush')", "IDENTIFIED VIA ed25519 USING PASSWORD('******')")]
    [InlineData("near IDENTIFIED BY 'hus", "near IDENTIFIED BY '******'")]
    [InlineData("SET PASSWORD FOR 'a'@'b' = 'hush'", "SET PASSWORD FOR 'a'@'b' = ******")]
    [InlineData("CHANGE MASTER TO MASTER_PASSWORD='hush', MASTER_PORT=1", "CHANGE MASTER TO MASTER_PASSWORD=******, MASTER_PORT=1")]
    [InlineData("SOURCE_PASSWORD = \"hush\"", "SOURCE_PASSWORD = ******")]
    [InlineData("{\"user\":\"a\",\"password\":\"hush\"}", "{\"user\":\"a\",\"password\":******}")]
    [InlineData("--password=hush --host=x", "--password=****** --host=x")]
    [InlineData("secret-access-key=hush access-key=a", "secret-access-key=****** access-key=******")]
    [InlineData("Access denied for user 'a'@'b' (using password: YES)", "Access denied for user 'a'@'b' (using password: YES)")]
    [InlineData("--from-password-file /etc/pw", "--from-password-file /etc/pw")]
    [InlineData("SELECT BY 'x' FROM t", "SELECT BY 'x' FROM t")]
    public void Free_text(string text, string expected) => Assert.Equal(expected, SecretText.Mask(text));

    [Theory]
    [InlineData("SET PASSWORD = PASSWORD('hush')")]
    [InlineData("SET PASSWORD FOR a@b = PASSWORD('hush')")]
    [InlineData("ALTER USER a IDENTIFIED BY 'hush' RETAIN CURRENT PASSWORD")]
    [InlineData("GRANT ALL ON *.* TO a IDENTIFIED BY \n 'hush' WITH GRANT OPTION")]
    [InlineData("CREATE USER a IDENTIFIED BY 'hush', b IDENTIFIED BY 'hush'")]
    [InlineData("CREATE SERVER s OPTIONS (USER 'a', PASSWORD 'hush') -- identified")]
    [InlineData("CREATE SERVER s OPTIONS (USER 'a', PASSWORD 'hush')")]
    [InlineData("password: hush")]
    [InlineData("Pwd=hush;Uid=a")]
    public void Statements_leak_nothing(string text) => Assert.DoesNotContain("hush", SecretText.Mask(text), StringComparison.Ordinal);
}
