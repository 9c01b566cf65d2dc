using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Routes;

/// <summary>Where the source's objects go. Safe for several threads.</summary>
/// <param name="router">The task's routes.</param>
internal sealed class TargetNames(TableRouter router)
{
    /// <summary>Whether every object keeps its name.</summary>
    public bool AreSame => router.IsEmpty;

    /// <summary>The name on the target; of a database where <paramref name="source"/> has no table part.</summary>
    /// <exception cref="Core.Errors.TiFerryException">More than one route fits.</exception>
    public TableName Of(TableName source)
    {
        if (source.Name.Length == 0)
            return new TableName(router.RouteSchema(source.Schema), "");
        if (SystemSchemas.Contains(source.Schema))
            return source;
        var routed = router.Route(source.Schema, source.Name);
        return new TableName(routed.Schema, routed.Table);
    }

    /// <summary>The columns whose values come from a table's name; they are the same for each of its rows.</summary>
    public IReadOnlyList<ExtractedColumn> ExtractedFrom(TableName source) => router.Route(source.Schema, source.Name).Extracted;
}
