using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Charsets;

/// <summary>The table of collations against the servers' own.</summary>
[Collection(Servers.Name)]
public class ServerCollationsTests(ServerFixture servers)
{
    public static TheoryData<ServerKind> Kinds => Servers.All;

    public static TheoryData<ServerKind, ServerKind> Pairs
    {
        get
        {
            var pairs = new TheoryData<ServerKind, ServerKind>();
            foreach (var source in Enum.GetValues<ServerKind>())
            {
                foreach (var target in Enum.GetValues<ServerKind>())
                    pairs.Add(source, target);
            }

            return pairs;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Numbers_names_and_sets_are_the_servers(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        var flavour = connection.Server.Flavour;
        var rows = await connection.QueryRowsAsync(
            flavour == ServerFlavour.MariaDb
                ? "SELECT ID, FULL_COLLATION_NAME, CHARACTER_SET_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
                : "SELECT ID, COLLATION_NAME, CHARACTER_SET_NAME FROM information_schema.COLLATIONS",
            CancellationToken.None);
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var known = Collations.ById(int.Parse(row[0]!), flavour);
            Assert.NotNull(known);
            Assert.Equal(known, Collations.ByName(row[1]!, flavour));
            Assert.True(Collations.IsCharset(row[2]!));
            Assert.Equal(known.Charset, row[2] == "utf8" ? "utf8mb3" : row[2]);
        }

        if (kind != ServerKind.MySql56)
            Assert.Equal(rows.Count, Collations.All(flavour).Count());
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Default_collations_are_the_servers(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        var dialect = SqlDialect.Of(connection.Server);
        foreach (var row in await connection.QueryRowsAsync("SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS", CancellationToken.None))
        {
            var expected = Collations.ByName(row[1]!, dialect.Flavour)!.Name;
            Assert.Equal((row[0], expected), (row[0], Collations.DefaultOf(row[0]!, dialect)));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task Every_mapped_collation_works_on_the_target(ServerKind source, ServerKind target)
    {
        ServerFixture.SkipUnlessInstalled(source);
        var server = await servers.SourceAsync(target);
        await using var connection = await server.ConnectAsync();
        var from = source == ServerKind.MariaDb ? ServerFlavour.MariaDb : ServerFlavour.MySql;
        var names = await connection.QueryRowsAsync("SELECT COLLATION_NAME FROM information_schema.COLLATIONS", CancellationToken.None);
        var mapping = new CollationMapping(from, connection.Server.Flavour, names.Select(n => n[0]!));
        var database = ServerFixture.NewDatabaseName("collations");
        await connection.ExecuteAsync($"CREATE DATABASE {database}", CancellationToken.None);

        // The quotes are for "binary", which MySQL 5.6 takes for a keyword. utf8mb3_tolower_ci is MySQL's own, for its dictionary.
        foreach (var pair in Collations.All(from).Select(c => (Set: mapping.Charset(c.Charset).Name, Name: mapping.Collation(c.Name).Name)).Distinct().Where(p => p.Name != "utf8mb3_tolower_ci"))
            await connection.ExecuteAsync($"ALTER DATABASE {database} CHARACTER SET {pair.Set} COLLATE '{pair.Name}'", CancellationToken.None);
    }
}
