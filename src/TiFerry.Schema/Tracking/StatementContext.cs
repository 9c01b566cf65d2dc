using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tracking;

/// <summary>The session variables that decide what a DDL statement means, as its query event carries them. Null where the event doesn't tell.</summary>
public sealed record StatementContext
{
    /// <summary>A session with an empty sql_mode and nothing else known.</summary>
    public static readonly StatementContext Default = new();

    /// <summary>The session's sql_mode.</summary>
    public SqlMode Mode { get; init; }

    /// <summary>The session's <c>collation_server</c>, for CREATE DATABASE without a character set.</summary>
    public string? ServerCollation { get; init; }

    /// <summary>The collation of the default database (<c>collation_database</c>), for tables in a database that the tracker wasn't told about.</summary>
    public string? DatabaseCollation { get; init; }

    /// <summary>The session's <c>explicit_defaults_for_timestamp</c>.</summary>
    public bool? ExplicitDefaultsForTimestamp { get; init; }

    /// <summary>MySQL 8.0: the session's <c>default_collation_for_utf8mb4</c>.</summary>
    public string? DefaultCollationForUtf8mb4 { get; init; }

    /// <summary>MariaDB 11.2: the session's <c>character_set_collations</c>, default collations by character set.</summary>
    public IReadOnlyDictionary<string, string>? CharsetCollations { get; init; }

    /// <summary>
    /// MySQL 8.0.30: whether a table without a primary key gets the column <c>my_row_id</c> (<c>sql_generate_invisible_primary_key</c>). False for statements of
    /// a binlog, which has the column written out.
    /// </summary>
    public bool GeneratesInvisiblePrimaryKey { get; init; }

    /// <summary>Whether values out of range are errors rather than changed.</summary>
    internal bool IsStrict => (Mode & (SqlMode.StrictTransTables | SqlMode.StrictAllTables)) != SqlMode.None;
}
