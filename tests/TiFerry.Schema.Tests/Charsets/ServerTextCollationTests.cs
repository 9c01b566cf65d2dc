using System.Text;
using TiFerry.Schema.Charsets;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Charsets;

/// <summary>Comparisons, LIKE and letter case against what the servers make of the same texts.</summary>
[Collection(Servers.Name)]
public sealed class ServerTextCollationTests(ServerFixture servers)
{
    private static readonly string[] Alphabet =
    [
        "a", "A", "b", "B", "z", "e", "\u00e9", "\u00c9", "\u00df", "s", "ss", " ", "  ", "-", "_", "%", "1", "9", "\t", "\u0301", "\u0306", "\u0438", "\u0439", "\u0418", "\u4e2d", "\u4e00", "\u30a2", "\u3042", "\uff71", "\uac00", "\u1100", "\u0e40", "\u0e01",
        "l", "\u00b7", "\u0130", "\u0131", "\u00e6", "ae", "\u0153", "\U0001F600", "\U0001F601", "\U00020000", "\u2460", "\ufb01", "fi", "\u00aa", "\u0001", "\u00a0", "\u03c3", "\u03c2", "\u03a3", "\u0627", "\u0653", "\u0622", "\u212a", "k", "\u0cc6", "\u0cc2", "\u0cd5",
    ];

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Texts_compare_as_on_the_server(ServerKind kind)
    {
        const int Pairs = 120;
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync("SET NAMES utf8mb4");
        var random = new Random(20_260_131);
        var faults = new List<string>();
        var compared = 0;
        foreach (var collation in await KnownAsync(connection))
        {
            var texts = Enumerable.Range(0, Pairs).Select(_ => (Left: Text(random, collation), Right: Text(random, collation))).ToList();
            var asked = texts.Select(t => $"STRCMP({Literal(t.Left, collation)}, {Literal(t.Right, collation)}), {Literal(t.Left, collation)} LIKE {Literal(t.Right, collation)}");
            var answers = (await connection.QueryRowsAsync($"SELECT {string.Join(", ", asked)}", CancellationToken.None))[0];
            for (var i = 0; i < texts.Count; i++)
            {
                compared++;
                var (left, right) = (Encoding.UTF8.GetBytes(texts[i].Left), Encoding.UTF8.GetBytes(texts[i].Right));
                var mine = $"{Math.Sign(collation.Compare(left, right))} {(collation.Matches(left, right, '\\') ? 1 : 0)}";
                var theirs = $"{answers[2 * i]} {answers[(2 * i) + 1]}";
                if (mine != theirs)
                    faults.Add($"{collation.Name}: {Escaped(texts[i].Left)} and {Escaped(texts[i].Right)}: {mine}, on the server {theirs}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
        Assert.True(compared >= 1000, $"only {compared} compared");
    }

    [Theory]
    [InlineData("utf8mb4_czech_ci")]
    [InlineData("utf8mb4_0900_as_cs")]
    [InlineData("gbk_chinese_ci")]
    [InlineData("latin1_german2_ci")]
    [InlineData("no_such_ci")]
    public void What_is_not_known_exactly_is_not_found(string name) => Assert.Null(TextCollation.Find(name, MySql.ServerFlavour.MySql));

    private static async Task<List<TextCollation>> KnownAsync(MySql.MySqlConnection connection)
    {
        var names = await connection.QueryRowsAsync("SELECT COLLATION_NAME FROM information_schema.COLLATIONS", CancellationToken.None);
        if (connection.Server.Flavour == MySql.ServerFlavour.MariaDb)
            names = await connection.QueryRowsAsync("SELECT FULL_COLLATION_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY", CancellationToken.None);
        return [.. names.Select(row => TextCollation.Find(row[0]!, connection.Server.Flavour)).OfType<TextCollation>().Where(c => !c.IsBinary)];
    }

    private static string Text(Random random, TextCollation collation)
    {
        var fitting = Alphabet.Where(t => collation.CanHold(Encoding.UTF8.GetBytes(t))).ToList();
        // Few letters, so that texts are often equal.
        var few = Enumerable.Range(0, 3).Select(_ => fitting[random.Next(fitting.Count)]).ToList();
        return string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(4) == 0 ? "a" : few[random.Next(few.Count)]));
    }

    private static string Literal(string text, TextCollation collation) =>
        $"CONVERT(_utf8mb4 x'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}' USING {(collation.Charset == "utf8mb3" ? "utf8" : collation.Charset)}) COLLATE {collation.Name.Replace("utf8mb3_", "utf8_", StringComparison.Ordinal)}";

    private static string Escaped(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"<{(int)c:X4}>"));
}
