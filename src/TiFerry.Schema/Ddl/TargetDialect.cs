using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// Rewrites definitions of one server for another: the source's default collations are written out, and character sets and
/// collations that the target does not have are replaced.
/// </summary>
public sealed class TargetDialect
{
    private readonly SqlDialect _source;
    private readonly bool _isOtherFlavour;
    private readonly SortedSet<string> _approximations = new(StringComparer.Ordinal);

    private TargetDialect(ServerInfo source, ServerInfo target, CollationMapping mapping)
    {
        _source = SqlDialect.Of(source);
        Mapping = mapping;
        _isOtherFlavour = source.Flavour != target.Flavour;
    }

    /// <summary>What stands for collations and character sets that the target lacks.</summary>
    public CollationMapping Mapping { get; }

    /// <summary>Collations that were replaced by one that does not order and compare exactly alike, each as <c>from -> to</c>.</summary>
    public IReadOnlyCollection<string> Approximations => _approximations;

    /// <summary>Learns what the target has.</summary>
    /// <param name="source">The server that writes the definitions.</param>
    /// <param name="target">A session on the server that gets them.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<TargetDialect> CreateAsync(ServerInfo source, MySqlConnection target, CancellationToken ct)
    {
        // MariaDB lists a collation of several character sets once, with a NULL character set; its full name is what SHOW COLLATION leaves out.
        var names = await target.QueryRowsAsync("SELECT COLLATION_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY", ct);
        var full = target.Server is { Flavour: ServerFlavour.MariaDb } server && server.IsAtLeast(10, 10)
            ? await target.QueryRowsAsync("SELECT FULL_COLLATION_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY", ct)
            : [];
        var known = names.Concat(full).Select(r => r[0]!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new TargetDialect(source, target.Server, new CollationMapping(source.Flavour, target.Server.Flavour, known));
    }

    /// <summary>A definition as SHOW CREATE prints it; its version comments are the servers' own way to leave out what another does not know.</summary>
    /// <param name="definition">The text.</param>
    /// <returns>The text for the target, and whether a collation in it is only nearly the same there.</returns>
    public (string Text, bool IsApproximate) RewriteDefinition(string definition)
    {
        var isApproximate = false;
        var explicitText = DdlText.WithExplicitCollations(Encoding.UTF8.GetBytes(definition), _source, charset => Collations.DefaultOf(charset, _source));
        var bytes = Replace(explicitText, _source, ref isApproximate);
        return (Encoding.UTF8.GetString(bytes), isApproximate);
    }

    /// <summary>A statement from the binlog: what the source executed of it, no more and no less.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="mode">The sql_mode it ran under.</param>
    /// <param name="utf8mb4Collation">The number of the session's default_collation_for_utf8mb4 (MySQL 8.0); null where the event has none.</param>
    public byte[] RewriteStatement(ReadOnlySpan<byte> sql, SqlMode mode, ushort? utf8mb4Collation = null)
    {
        var dialect = _source with { Mode = mode };
        var isApproximate = false;
        var text = DdlText.WithoutStartTransaction(sql, dialect);
        if (_isOtherFlavour)
            text = DdlText.ResolveVersionComments(text, dialect);
        text = DdlText.WithExplicitCollations(text, dialect, DefaultOf);
        return Replace(text, dialect, ref isApproximate);

        string? DefaultOf(string charset) => charset == "utf8mb4" && utf8mb4Collation is { } id
            ? Collations.ById(id, dialect.Flavour)?.Name
            : Collations.DefaultOf(charset, dialect);
    }

    private byte[] Replace(byte[] sql, SqlDialect dialect, ref bool isApproximate)
    {
        var approximate = false;
        var result = DdlText.ReplaceCollations(sql, dialect, name => Choose(name, Mapping.Collation(name)), name => Choose(name, Mapping.Charset(name)));
        isApproximate |= approximate;
        return result;

        string Choose(string name, CollationChoice choice)
        {
            if (!choice.IsExact)
            {
                approximate = true;
                _approximations.Add($"{name} -> {choice.Name}: {choice.Difference}");
            }
            return choice.Name;
        }
    }
}
