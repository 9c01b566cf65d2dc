namespace TiFerry.Schema.Tracking;

/// <summary>What the tracker has to know about the source server as a whole.</summary>
public sealed record TrackerSettings
{
    /// <summary>
    /// The source's <c>lower_case_table_names</c>: 0 tells names apart by letter case, 1 stores them in lower case, 2 stores them as written and finds
    /// them in any letter case (MySQL manual, "Identifier Case Sensitivity").
    /// </summary>
    public int LowerCaseTableNames { get; init; }

    /// <summary>The source's <c>collation_server</c>: what a new database gets that names no character set; null takes the compiled-in one of its version.</summary>
    public string? ServerCollation { get; init; }

    /// <summary>The source's <c>explicit_defaults_for_timestamp</c>, where the statement's context doesn't tell.</summary>
    public bool ExplicitDefaultsForTimestamp { get; init; } = true;

    /// <summary>The source's <c>default_storage_engine</c>.</summary>
    public string DefaultEngine { get; init; } = "InnoDB";
}
