using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;

namespace TiFerry.Sync.Rules;

/// <summary>The rules of one source, as DM's task file has them; without a file, DM's defaults.</summary>
public sealed record SyncRules
{
    /// <summary><c>case-sensitive</c>: whether letter case counts where names are matched.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>The rule of <c>block-allow-list</c>; null where none is given.</summary>
    public BlockAllowListRules? BlockAllowList { get; init; }

    /// <summary><c>routes</c>.</summary>
    public IReadOnlyList<RouteRule> Routes { get; init; } = [];

    /// <summary><c>filters</c>.</summary>
    public IReadOnlyList<BinlogEventRule> Filters { get; init; } = [];

    /// <summary><c>expression-filter</c>.</summary>
    public IReadOnlyList<ExpressionRule> ExpressionFilters { get; init; } = [];

    /// <summary><c>timezone</c>: the time zone in which expressions of <see cref="ExpressionFilters"/> see TIMESTAMPs (<see cref="Core.Config.TimeZones"/>); empty for UTC.</summary>
    public string Timezone { get; init; } = "";

    /// <summary><c>online-ddl</c> and its rules.</summary>
    public OnlineDdlRules OnlineDdl { get; init; } = new();

    /// <summary>The entry of <c>syncers</c>; null where none is given, so that a program's own defaults apply.</summary>
    public SyncerSettings? Syncer { get; init; }

    /// <summary>What a reader of the log should know of the file: keys that it has and that do nothing any more.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Compiles the block-allow-list; null where none is given.</summary>
    /// <exception cref="TiFerryException">A rule can't be used.</exception>
    public BlockAllowList? CompileSelector() => BlockAllowList is { } rules ? new BlockAllowList(rules, CaseSensitive) : null;

    /// <summary>Compiles the routes.</summary>
    /// <param name="sourceId">The source's id, what <c>extract-source</c> looks at.</param>
    /// <exception cref="TiFerryException">A rule can't be used.</exception>
    public TableRouter CompileRouter(string sourceId = "") => new(Routes, sourceId, CaseSensitive);

    /// <summary>Compiles the binlog event filter.</summary>
    /// <exception cref="TiFerryException">A rule can't be used.</exception>
    public BinlogEventFilter CompileFilter() => new(Filters, CaseSensitive);
}
