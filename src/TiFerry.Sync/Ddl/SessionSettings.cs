using TiFerry.Binlog.Events;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.Ddl;

/// <summary>Makes a target session understand a statement as the source's session did: sql_mode, character sets, time zone, checks.</summary>
/// <param name="source">The source.</param>
/// <param name="target">The target.</param>
/// <param name="mapping">What stands for collations that the target lacks.</param>
internal sealed class SessionSettings(ServerInfo source, ServerInfo target, CollationMapping mapping)
{
    // What makes a text mean something else; the rest makes a change mean something else.
    private const SqlMode Grammar = SqlMode.PipesAsConcat | SqlMode.AnsiQuotes | SqlMode.IgnoreSpace | SqlMode.NoBackslashEscapes | SqlMode.HighNotPrecedence | SqlMode.RealAsFloat
        | SqlMode.Ansi | SqlMode.Oracle | SqlMode.PostgreSql | SqlMode.MsSql | SqlMode.Db2 | SqlMode.MaxDb;

    /// <summary>The SET statement for an event.</summary>
    public string For(QueryEvent query) => For(query, (SqlMode)(query.SqlMode ?? 0));

    /// <summary>The SET statement for statements that a person wrote to stand in an event's place: the event's settings, with the plain grammar.</summary>
    public string ForPlainText(QueryEvent query) => For(query, (SqlMode)(query.SqlMode ?? 0) & ~Grammar);

    private string For(QueryEvent query, SqlMode sourceMode)
    {
        var from = SqlDialect.Of(source);
        var to = SqlDialect.Of(target);
        var mode = SqlModes.For(sourceMode, from.Flavour, to.Flavour, to.Version);
        var settings = new List<string>
        {
            $"sql_mode = '{SqlModes.ToNames(mode, to.Flavour)}'",
            $"foreign_key_checks = 0",
        };
        AddCharsets(settings, query);
        if (query.TimeZone is { Length: > 0 } zone)
            settings.Add($"time_zone = '{zone.Replace("'", "''", StringComparison.Ordinal)}'");
        if (query.ExplicitDefaultsForTimestamp is { } isExplicit && CanSetTimestampDefaults)
            settings.Add($"explicit_defaults_for_timestamp = {(isExplicit ? 1 : 0)}");
        return $"SET {string.Join(", ", settings)}";
    }

    private void AddCharsets(List<string> settings, QueryEvent query)
    {
        settings.Add("character_set_client = utf8mb4");
        Add("collation_connection", query.ConnectionCollation);
        Add("collation_server", query.ServerCollation);

        void Add(string variable, ushort? id)
        {
            if (Find(id) is { } collation)
                settings.Add($"{variable} = {mapping.Collation(collation.Name).Name}");
        }
    }

    private Collation? Find(ushort? id) => id is { } known ? Collations.ById(known, source.Flavour) : null;

    // MySQL 5.6 has it for the whole server only.
    private bool CanSetTimestampDefaults => target.Flavour switch
    {
        ServerFlavour.MySql => target.IsAtLeast(8, 0),
        ServerFlavour.MariaDb => target.IsAtLeast(10, 8),
        _ => false,
    };
}
