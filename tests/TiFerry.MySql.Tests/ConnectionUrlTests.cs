using TiFerry.Core.Errors;

namespace TiFerry.MySql.Tests;

public sealed class ConnectionUrlTests
{
    [Fact]
    public void Every_part_is_read_and_decoded()
    {
        var options = MySqlConnectionOptions.FromUrl(
            "mysql://us%40er:p%3Aa%2Fs%25s@db.example:3307/my%20db?ssl-mode=verify-identity&ssl-ca=/ca.pem&ssl-cert=/c.pem&ssl-key=/k.pem" +
            "&compress=true&connect-timeout=3&read-timeout=500ms&write-timeout=2m&program-name=x&allow-public-key-retrieval=false&enable-cleartext-plugin=1");

        Assert.Equal(
            new MySqlConnectionOptions
            {
                Host = "db.example",
                Port = 3307,
                User = "us@er",
                Password = "p:a/s%s",
                Database = "my db",
                Tls = TlsMode.VerifyIdentity,
                SslCa = "/ca.pem",
                SslCert = "/c.pem",
                SslKey = "/k.pem",
                Compress = true,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                ReadTimeout = TimeSpan.FromMilliseconds(500),
                WriteTimeout = TimeSpan.FromMinutes(2),
                ProgramName = "x",
                AllowPublicKeyRetrieval = false,
                AllowCleartextPassword = true,
                InitStatements = options.InitStatements,
            },
            options);
    }

    [Theory]
    [InlineData("mysql://", "127.0.0.1", 3306, "root", "", null)]
    [InlineData("MySQL://h", "h", 3306, "root", "", null)]
    [InlineData("mariadb://u@h/", "h", 3306, "u", "", null)]
    [InlineData("mysql://u:@h:1", "h", 1, "u", "", null)]
    [InlineData("mysql://u:p:q@h", "h", 3306, "u", "p:q", null)]
    [InlineData("mysql://u:p@q@h/d", "h", 3306, "u", "p@q", "d")]
    [InlineData("mysql://u:p#+ @h/d", "h", 3306, "u", "p#+ ", "d")]
    [InlineData("mysql://u@[::1]:4000/d", "::1", 4000, "u", "", "d")]
    [InlineData("mysql://u@[fe80::1]", "fe80::1", 3306, "u", "", null)]
    public void Parts_may_be_left_out(string url, string host, int port, string user, string password, string? database)
    {
        var options = MySqlConnectionOptions.FromUrl(url);
        Assert.Equal((host, port, user, password, database), (options.Host, options.Port, options.User, options.Password, options.Database));
    }

    [Fact]
    public void A_socket_takes_the_place_of_the_host()
    {
        var options = MySqlConnectionOptions.FromUrl("mysql://u@/d?socket=/run/my%20sql.sock");
        Assert.Equal(("/run/my sql.sock", "d"), (options.UnixSocket, options.Database));
        Assert.Equal("u@/run/my sql.sock/d", options.ToString());
    }

    [Theory]
    [InlineData("mysql://h?ssl-ca=/ca.pem", TlsMode.VerifyCa)]
    [InlineData("mysql://h?ssl-ca=/ca.pem&ssl-mode=REQUIRED", TlsMode.Required)]
    [InlineData("mysql://h?ssl-mode=VERIFY_CA", TlsMode.VerifyCa)]
    [InlineData("mysql://h?ssl-mode=disabled", TlsMode.Disabled)]
    [InlineData("mysql://h", TlsMode.Preferred)]
    public void An_authority_alone_means_that_it_is_checked(string url, TlsMode mode) => Assert.Equal(mode, MySqlConnectionOptions.FromUrl(url).Tls);

    [Theory]
    [InlineData("http://h", "does not start with mysql://")]
    [InlineData("h:3306", "does not start with mysql://")]
    [InlineData("mysql://h:0", "port")]
    [InlineData("mysql://h:65536", "port")]
    [InlineData("mysql://[::1", "']'")]
    [InlineData("mysql://[::1]x", "']'")]
    [InlineData("mysql://::1", "brackets")]
    [InlineData("mysql://u:p%zz@h", "the password in the connection URL has a '%'")]
    [InlineData("mysql://h?ssl=on", "accepted keys: socket, ssl-mode")]
    [InlineData("mysql://h?ssl-mode=maybe", "verify-identity")]
    [InlineData("mysql://h?compress=perhaps", "compress")]
    [InlineData("mysql://h?read-timeout=-1", "read-timeout")]
    [InlineData("mysql://h?read-timeout=1000h", "20 days")]
    [InlineData("mysql://h?socket=", "socket")]
    [InlineData("mysql://h?ssl-ca=/a&ssl-ca=/b", "twice")]
    [InlineData("mysql://h?ssl-key=/k", "ssl-cert")]
    public void What_is_wrong_is_named(string url, string part)
    {
        var error = Assert.Throws<TiFerryException>(() => MySqlConnectionOptions.FromUrl(url));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(MySqlErrors.ConnectionOptions, error.Code);
    }

    [Theory]
    [InlineData("mysql://user:se/cret@h:3306/d")]
    [InlineData("mysql://user:1/cret@h:3306/d")]
    [InlineData("mysql://user:1?cret@h:3306/d")]
    [InlineData("mysql://user:se?cret@h:3306/d")]
    [InlineData("mysql://user:cret%@h:3306/d")]
    [InlineData("user:secret@h:3306/d")]
    public void No_part_of_a_password_is_shown_however_the_url_is_cut(string url) =>
        Assert.DoesNotContain("cret", Assert.Throws<TiFerryException>(() => MySqlConnectionOptions.FromUrl(url)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Options_never_show_the_password()
    {
        var options = new MySqlConnectionOptions { Host = "::1", User = "u", Password = "secret", Database = "d" };
        Assert.Equal("u@[::1]:3306/d", options.ToString());
    }
}
