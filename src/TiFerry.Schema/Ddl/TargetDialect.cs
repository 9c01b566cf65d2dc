using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Ddl.Targets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// Rewrites definitions of one server for another: the source's default collations are written out, character sets and collations that the target does
/// not have are replaced, and clauses that it does not know are said in its words (<see cref="TargetRules"/>).
/// </summary>
public sealed class TargetDialect
{
    private readonly SqlDialect _source;
    private readonly bool _isOtherFlavour;
    private readonly SortedSet<string> _approximations = new(StringComparer.Ordinal);

    private readonly TargetRewriter _rewriter;
    private readonly HashSet<string> _toldLosses = new(StringComparer.Ordinal);

    private TargetDialect(ServerInfo source, ServerInfo target, CollationMapping mapping, IReadOnlySet<string> engines)
    {
        _source = SqlDialect.Of(source);
        _rewriter = new TargetRewriter(source, target, engines);
        Mapping = mapping;
        _isOtherFlavour = source.Flavour != target.Flavour;
    }

    /// <summary>What stands for collations and character sets that the target lacks.</summary>
    public CollationMapping Mapping { get; }

    /// <summary>Collations that were replaced by one that does not order and compare exactly alike, each as <c>from -> to</c>.</summary>
    public IReadOnlyCollection<string> Approximations => _approximations;

    /// <summary>What the target does without, each as <c>clause: what is lost</c>; the rows are the same.</summary>
    public IReadOnlyCollection<string> Losses => _rewriter.Losses;

    /// <summary>Those of <see cref="Losses"/> that came since the last call: of what was rewritten then.</summary>
    public IReadOnlyList<string> TakeLosses() => [.. _rewriter.Losses.Where(_toldLosses.Add)];

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
        var engines = await target.QueryRowsAsync("SELECT UPPER(ENGINE) FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT')", ct);
        return new TargetDialect(source, target.Server, new CollationMapping(source.Flavour, target.Server.Flavour, known), engines.Select(r => r[0]!).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>A definition as SHOW CREATE prints it, or options of a database.</summary>
    /// <param name="definition">The text.</param>
    /// <returns>The text for the target, and whether a collation in it is only nearly the same there.</returns>
    /// <exception cref="TiFerryException">The target has nothing that means the same.</exception>
    public (string Text, bool IsApproximate) RewriteDefinition(string definition)
    {
        var isApproximate = false;
        var sql = Encoding.UTF8.GetBytes(definition);
        if (DdlParser.Read(sql, _source) is CreateTable table)
            sql = InTargetWords(sql, table, _source)[0];
        sql = DdlText.WithExplicitCollations(sql, _source, charset => Collations.DefaultOf(charset, _source));
        return (Encoding.UTF8.GetString(Replace(sql, _source, ref isApproximate)), isApproximate);
    }

    /// <summary>A statement from the binlog: what the source executed of it, no more and no less.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="mode">The sql_mode it ran under.</param>
    /// <param name="utf8mb4Collation">The number of the session's default_collation_for_utf8mb4 (MySQL 8.0); null where the event has none.</param>
    /// <returns>What the target has to run, one after another; mostly one statement, none where the target has nothing to do.</returns>
    /// <exception cref="TiFerryException">The target has nothing that means the same.</exception>
    public IReadOnlyList<byte[]> RewriteStatement(ReadOnlySpan<byte> sql, SqlMode mode, ushort? utf8mb4Collation = null)
    {
        var dialect = _source with { Mode = mode };
        var text = DdlText.WithoutStartTransaction(sql, dialect);
        if (_isOtherFlavour)
            text = DdlText.ResolveVersionComments(text, dialect);
        return [.. InTargetWords(text, DdlParser.Read(text, dialect), dialect).Select(t => WithCollations(t, dialect, utf8mb4Collation))];
    }

    private byte[] WithCollations(byte[] text, SqlDialect dialect, ushort? utf8mb4Collation)
    {
        var isApproximate = false;
        return Replace(DdlText.WithExplicitCollations(text, dialect, DefaultOf), dialect, ref isApproximate);

        string? DefaultOf(string charset) => charset == "utf8mb4" && utf8mb4Collation is { } id
            ? Collations.ById(id, dialect.Flavour)?.Name
            : Collations.DefaultOf(charset, dialect);
    }

    // Between flavours whatever was read in full is written anew: in the uniform spelling, which all of them read, without SET STATEMENT and without version comments
    // that the other takes differently.
    private IReadOnlyList<byte[]> InTargetWords(byte[] text, SqlStatement statement, SqlDialect dialect)
    {
        var rewritten = _rewriter.Rewrite(statement);
        var isKept = rewritten.Count == 1 && ReferenceEquals(rewritten[0], statement) && !(_isOtherFlavour && statement is not (ObjectStatement or OtherStatement or UnknownStatement));
        return isKept ? [text] : [.. rewritten.Select(s => DdlPrinter.Print(s, dialect))];
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
