namespace TiFerry.MySql.Tests;

public sealed class ServerInfoTests
{
    [Theory]
    [InlineData("5.6.51-log", ServerFlavour.MySql, "5.6.51", null)]
    [InlineData("8.0.36-28", ServerFlavour.MySql, "8.0.36", null)]
    [InlineData("8.4.3", ServerFlavour.MySql, "8.4.3", null)]
    [InlineData("9.7.0-1+b1", ServerFlavour.MySql, "9.7.0", null)]
    [InlineData("8.0-proxy", ServerFlavour.MySql, "8.0.0", null)]
    [InlineData("5.5.5-10.11.6-MariaDB-0+deb12u1-log", ServerFlavour.MariaDb, "10.11.6", null)]
    [InlineData("11.4.2-MariaDB-ubu2404", ServerFlavour.MariaDb, "11.4.2", null)]
    [InlineData("5.5.68-MariaDB", ServerFlavour.MariaDb, "5.5.68", null)]
    [InlineData("5.7.25-TiDB-v6.5.0", ServerFlavour.TiDb, "5.7.25", "6.5.0")]
    [InlineData("8.0.11-TiDB-v8.5.1-serverless", ServerFlavour.TiDb, "8.0.11", "8.5.1")]
    [InlineData("8.0.11-TiDB-None", ServerFlavour.TiDb, "8.0.11", "0.0.0")]
    public void Versions_of_every_family_are_read(string text, ServerFlavour flavour, string version, string? tidbVersion)
    {
        var server = ServerInfo.Parse(text);
        Assert.Equal((flavour, Version.Parse(version), tidbVersion is null ? null : Version.Parse(tidbVersion)), (server.Flavour, server.Version, server.TiDbVersion));
    }

    [Fact]
    public void Versions_are_compared()
    {
        var server = ServerInfo.Parse("8.0.11-TiDB-v7.5.1");
        Assert.True(server.IsAtLeast(8, 0, 11));
        Assert.True(server.IsAtLeast(5, 7));
        Assert.False(server.IsAtLeast(8, 0, 12));
        Assert.True(server.IsTiDbAtLeast(7, 5, 1));
        Assert.False(server.IsTiDbAtLeast(7, 5, 2));
        Assert.False(ServerInfo.Parse("8.0.11").IsTiDbAtLeast(0, 0));
    }

    [Fact]
    public void Tidb_version_has_the_last_word()
    {
        var server = ServerInfo.Parse("8.0.11-TiDB-custom").WithTiDbVersion("Release Version: v8.1.0\nEdition: Community\nGit Commit Hash: 945d07c5d5c7a1ae212f6013adfb187f2de24b23");
        Assert.Equal(new Version(8, 1, 0), server.TiDbVersion);
    }
}
