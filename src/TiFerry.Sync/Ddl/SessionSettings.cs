using TiFerry.Binlog.Events;
using TiFerry.MySql;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.Ddl;

/// <summary>Makes a target session understand a statement as the source's session did: sql_mode, character sets, time zone, checks.</summary>
/// <param name="source">The source.</param>
/// <param name="target">The target.</param>
/// <param name="mapping">What stands for collations that the target lacks.</param>
internal sealed class SessionSettings(ServerInfo source, ServerInfo target, CollationMapping mapping)
{
    /// <summary>The SET statement for an event.</summary>
    public string For(QueryEvent query)
    {
        var from = TargetDialect.DialectOf(source);
        var to = TargetDialect.DialectOf(target);
        var mode = SqlModes.For((SqlMode)(query.SqlMode ?? 0), from.Flavour, to.Flavour, to.Version);
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
        // A statement's bytes are in the character set of its client; without that information they are UTF-8.
        var client = NameOf(query.ClientCollation, out var clientCharset) is null ? "utf8mb4" : mapping.Charset(clientCharset) ?? clientCharset;
        settings.Add($"character_set_client = {client}");
        if (NameOf(query.ConnectionCollation, out _) is { } connection)
            settings.Add($"collation_connection = {mapping.Collation(connection).Name}");
        if (NameOf(query.ServerCollation, out _) is { } server)
            settings.Add($"collation_server = {mapping.Collation(server).Name}");
    }

    private static string? NameOf(ushort? id, out string charset)
    {
        charset = "";
        if (id is not { } known || Collations.Find(known) is not { } collation)
            return null;
        charset = collation.Charset;
        return collation.Name;
    }

    // MySQL 5.6 has it for the whole server only.
    private bool CanSetTimestampDefaults => target.Flavour switch
    {
        ServerFlavour.MySql => target.IsAtLeast(8, 0),
        ServerFlavour.MariaDb => target.IsAtLeast(10, 8),
        _ => false,
    };
}
