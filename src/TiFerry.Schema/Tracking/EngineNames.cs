namespace TiFerry.Schema.Tracking;

/// <summary>How servers spell the storage engines.</summary>
internal static class EngineNames
{
    private static readonly string[] Known =
    [
        "InnoDB", "MyISAM", "MEMORY", "Aria", "CSV", "ARCHIVE", "BLACKHOLE", "ROCKSDB", "MRG_MyISAM", "FEDERATED", "ndbcluster", "CONNECT", "SPIDER", "S3",
        "ColumnStore", "Mroonga", "TokuDB", "SEQUENCE", "SphinxSE", "OQGRAPH", "EXAMPLE",
    ];

    /// <summary>The spelling of <c>information_schema.TABLES.ENGINE</c>.</summary>
    public static string Spell(string engine) => engine.ToUpperInvariant() switch
    {
        "HEAP" => "MEMORY",
        "MERGE" => "MRG_MyISAM",
        "NDB" => "ndbcluster",
        "MARIA" => "Aria",
        _ => Array.Find(Known, k => k.Equals(engine, StringComparison.OrdinalIgnoreCase)) ?? engine,
    };
}
