using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>An entry of <c>mysql-instances</c>: one source, and which of the file's rules are for it.</summary>
public sealed record TaskInstance
{
    /// <summary><c>source-id</c>.</summary>
    public required string SourceId { get; init; }

    /// <summary><c>meta</c>; null for none.</summary>
    public BinlogMeta? Meta { get; init; }

    /// <summary><c>filter-rules</c>: names in <c>filters</c>.</summary>
    public IReadOnlyList<string> FilterRules { get; init; } = [];

    /// <summary><c>route-rules</c>: names in <c>routes</c>.</summary>
    public IReadOnlyList<string> RouteRules { get; init; } = [];

    /// <summary><c>expression-filters</c>: names in <c>expression-filter</c>.</summary>
    public IReadOnlyList<string> ExpressionFilters { get; init; } = [];

    /// <summary><c>block-allow-list</c>: the name in <c>block-allow-list</c>; empty for none.</summary>
    public string BlockAllowList { get; init; } = "";

    /// <summary><c>mydumper-config-name</c>: the name in <c>mydumpers</c>; empty for <see cref="Mydumper"/>.</summary>
    public string MydumperConfigName { get; init; } = "";

    /// <summary><c>mydumper</c>: settings for this instance alone; null for defaults.</summary>
    public MydumperConfig? Mydumper { get; init; }

    /// <summary><c>mydumper-thread</c>, which goes before <see cref="MydumperConfig.Threads"/>; 0 for not given.</summary>
    public int MydumperThread { get; init; }

    /// <summary><c>loader-config-name</c>: the name in <c>loaders</c>; empty for <see cref="Loader"/>.</summary>
    public string LoaderConfigName { get; init; } = "";

    /// <summary><c>loader</c>: settings for this instance alone; null for defaults.</summary>
    public LoaderConfig? Loader { get; init; }

    /// <summary><c>loader-thread</c>, which goes before <see cref="LoaderConfig.PoolSize"/>; 0 for not given.</summary>
    public int LoaderThread { get; init; }

    /// <summary><c>syncer-config-name</c>: the name in <c>syncers</c>; empty for <see cref="Syncer"/>.</summary>
    public string SyncerConfigName { get; init; } = "";

    /// <summary><c>syncer</c>: settings for this instance alone; null for defaults.</summary>
    public SyncerSettings? Syncer { get; init; }

    /// <summary><c>syncer-thread</c>, which goes before <see cref="SyncerSettings.WorkerCount"/>; 0 for not given.</summary>
    public int SyncerThread { get; init; }

    /// <summary><c>validator-config-name</c>: the name in <c>validators</c>; empty for none.</summary>
    public string ValidatorConfigName { get; init; } = "";
}
